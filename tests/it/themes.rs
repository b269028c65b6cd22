//! The theme engines beside the running server: what they find stands in the record as theirs, once, and no tally counts
//! it.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use event_log::Reader;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Assembly, Client, Folder, Server, open_round, submit};

/// How soon what was said has its suggestion, with room for a busy machine.
const SOON: Duration = Duration::from_secs(20);

const BUSES: [&str; 4] = [
    "The last bus leaves at six and nobody gets home from work",
    "On Sundays the bus comes once an hour, if it comes",
    "My evening bus is late every single day",
    "There is no night bus to the hospital any more",
];
const FARES: [&str; 4] = [
    "A single ticket costs more than driving into town",
    "Fares went up twice this year and wages did not",
    "Four tickets for a short trip are too expensive",
    "Why does a return fare cost more than a day pass?",
];

fn words(n: usize) -> String {
    let texts = if n.is_multiple_of(2) { BUSES } else { FARES };
    format!("{} ({n})", texts[n / 2 % texts.len()])
}

fn code(server: &Server, assembly: &Assembly, frame: &Value) {
    let mut frame = frame.clone();
    frame["id"] = json!(Uuid::now_v7());
    let answer = server.socket(assembly, "theme-team").ask(&frame);
    assert_eq!(answer["type"], "ack", "{frame}: {answer}");
}

/// The kinds and ids of what the engines have recorded.
fn found(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let ours = ["suggested", "alike-found", "theme-proposed"];
    Reader::open(folder)
        .unwrap()
        .each(None, usize::MAX, |public| -> Result<_, event_log::Error> {
            if ours.contains(&public.kind.as_ref()) {
                assert!(public.device.is_none(), "an engine holds no link");
                found.push((public.kind.to_string(), public.payload.to_owned()));
            }
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    found
}

fn quality(client: &Client) -> Value {
    client.get("quality.json").json()
}

/// Waits until the figures beside the tally are as they should be.
fn wait_for(client: &Client, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let now = quality(client);
        if wanted(&now) {
            return now;
        }
        assert!(begun.elapsed() < SOON, "still {now}");
        std::thread::yield_now();
    }
}

fn of_theme<'a>(quality: &'a Value, name: &str) -> &'a Value {
    quality["themes"].as_array().unwrap().iter().find(|theme| theme["name"] == name).unwrap()
}

#[test]
fn suggestions_come_by_themselves_survive_kills_and_are_never_counted() {
    let folder = Folder::new();
    folder.configure("[themes]\nsuggest = true\n");
    let assembly = folder.convene();
    let mut server = folder.serve();
    open_round(&server, &assembly);
    let themes: Vec<_> = ["Night buses", "Fares"]
        .into_iter()
        .map(|name| {
            let id = Uuid::now_v7();
            let mut socket = server.socket(&assembly, "theme-team");
            let answer = socket.ask(&json!({"type": "name-theme", "id": id, "name": name}));
            assert_eq!(answer["type"], "ack", "{answer}");
            id
        })
        .collect();
    let mut person = server.socket(&assembly, "participant");
    for n in 0..24 {
        let answer = person.ask(&submit(n as u128 + 10, &words(n)));
        assert_eq!(answer["type"], "ack", "{answer}");
    }
    for n in 0..8 {
        let contribution = crate::harness::id(n as u128 + 10);
        let frame = json!({"type": "code", "contribution": contribution, "themes": themes[n % 2]});
        code(&server, &assembly, &frame);
        // Killed in the middle of it, twice.
        if n % 4 == 3 {
            server.kill();
            server = folder.serve();
        }
    }
    let team = server.join(&assembly, "theme-team");
    // Those who were suggested anything have two themes to choose from, and every unread one has been looked at.
    let now = wait_for(&team, |now| {
        let suggested: u64 = ["Night buses", "Fares"]
            .iter()
            .map(|name| of_theme(now, name)["suggested"]["value"].as_u64().unwrap())
            .sum();
        suggested >= 12
    });
    assert_eq!(of_theme(&now, "Night buses")["contributions"]["value"], 4);
    assert_eq!(of_theme(&now, "Fares")["contributions"]["value"], 4);
    assert_eq!((&now["coverage"]["unread"], &now["coverage"]["themed"]), (&json!(16), &json!(8)));
    let list = team
        .get(&format!("contributions?{}", of_theme(&now, "Fares")["suggested"]["query"].as_str().unwrap()));
    assert!(list.body.contains("suggested for “Fares”"), "the figure leads to what it counts");
    let found = found(&folder.data().join(assembly.slug()));
    let mut once = found.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), found.len(), "nothing was recorded twice");
    server.stop();
    let checked = folder.run(&["check", assembly.slug()]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
}

#[test]
fn an_operator_can_do_without_them() {
    let folder = Folder::new();
    folder.configure("[themes]\nsuggest = false\n");
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    code(&server, &assembly, &json!({"type": "name-theme", "name": "Night buses"}));
    let mut person = server.socket(&assembly, "participant");
    for n in 0..4 {
        let answer = person.ask(&submit(n as u128 + 10, &words(n)));
        assert_eq!(answer["type"], "ack", "{answer}");
    }
    server.stop();
    assert_eq!(found(&folder.data().join(assembly.slug())), []);
}

#[test]
fn a_piece_that_somebody_pins_is_quoted_as_it_was_said_until_it_is_unpinned() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let theme = Uuid::now_v7();
    let team = server.join(&assembly, "theme-team");
    let mut socket = server.socket(&assembly, "theme-team");
    socket.ask(&json!({"type": "name-theme", "id": theme, "name": "Night buses"}));
    let mut person = server.socket(&assembly, "participant");
    for n in [0, 2] {
        person.ask(&submit(n as u128 + 10, &words(n)));
        let contribution = crate::harness::id(n as u128 + 10);
        socket.ask(
            &json!({"type": "code", "id": Uuid::now_v7(), "contribution": contribution, "themes": theme}),
        );
    }
    let contribution = crate::harness::id(12).to_string();
    let (id, theme) = (Uuid::now_v7().to_string(), theme.to_string());
    let pin = |piece: &str| {
        let back = format!("contributions?theme={theme}");
        let fields = [
            ("id", &*id),
            ("contribution", &*contribution),
            ("theme", &*theme),
            ("piece", piece),
            ("back", &*back),
        ];
        team.post_form("pin", &fields)
    };
    let refused = pin("words that nobody said");
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("do not stand there like that"), "{}", refused.body);
    let piece = "the bus comes once an hour";
    assert_eq!(pin(piece).status, 303);
    let quoted = || {
        let paper = server.join(&assembly, "organiser").get("summary.json").json();
        paper["findings"][0]["quotes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|quote| quote["words"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(quoted()[0], piece);
    let unpin =
        json!({"type": "unpin-quote", "id": Uuid::now_v7(), "contribution": contribution, "theme": theme});
    assert_eq!(socket.ask(&unpin)["type"], "ack");
    assert!(!quoted().contains(&json!(piece)));
}

#[test]
fn the_theme_team_settles_the_other_side_of_a_finding_by_plain_forms() {
    let folder = Folder::new();
    folder.configure("[themes]\nsuggest = false\n");
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let theme = Uuid::now_v7().to_string();
    let team = server.join(&assembly, "theme-team");
    let mut socket = server.socket(&assembly, "theme-team");
    socket.ask(&json!({"type": "name-theme", "id": theme, "name": "Night buses"}));
    let mut person = server.socket(&assembly, "participant");
    for n in [10, 12] {
        person.ask(&submit(n, &words(n as usize - 10)));
        let contribution = crate::harness::id(n);
        socket.ask(
            &json!({"type": "code", "id": Uuid::now_v7(), "contribution": contribution, "themes": theme}),
        );
    }
    let contrary = || {
        let paper = server.join(&assembly, "organiser").get("summary.json").json();
        paper["findings"][0]["contrary"].clone()
    };
    assert_eq!(contrary()["how"], "none-found");
    let post = |kind: &str, field: &str, value: &str, back: &str| {
        let id = Uuid::now_v7().to_string();
        let fields = [("type", kind), ("id", &*id), ("theme", &*theme), (field, value), ("back", back)];
        team.post_form("submit", &fields)
    };
    let chosen = crate::harness::id(12).to_string();
    let list = format!("contributions?theme={theme}");
    assert_eq!(post("choose-contrary", "contribution", &chosen, &list).status, 303);
    assert_eq!(contrary()["how"], "chosen");
    let page = format!("frame/{theme}");
    assert!(team.get(&page).body.contains("The view against it"));
    assert_eq!(post("no-contrary", "reason", "Everybody was asked twice", &page).status, 303);
    assert_eq!((&contrary()["how"], &contrary()["quote"]), (&json!("none-for-a-reason"), &json!(null)));
    let paper = server.join(&assembly, "organiser").get("summary").body;
    assert!(paper.contains("Everybody was asked twice"), "{paper}");
}
