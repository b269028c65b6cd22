//! Words that were erased are nowhere: not in a file, not on a page, not in what the server says.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use event_log::Reader;
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, Folder, Server, Socket, id, open_round, submit};
use crate::ingest::{Open, WAYS};

const PROMISE: Duration = Duration::from_secs(5);
const KILLS: usize = 20;
const THEME: u128 = 900;

/// Words that stand nowhere else in the world, for contribution `n`.
fn canary(n: u128) -> String {
    format!("canary-{n:04}-zuzelvra")
}

fn words(n: u128) -> String {
    format!("The bus to {} has not come for three evenings in a row.", canary(n))
}

/// Every file under a folder, with what is in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            // A file that went between listing and reading holds nothing any more.
            false => found.extend(fs::read(&path).map(|bytes| (path.display().to_string(), bytes))),
        }
    }
    found
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|found| found == wanted)
}

/// Enough of what is looked for to be sure of it.
const SURE: usize = 16;

/// The files that hold the beginning of one of these.
fn found_in(folder: &Path, wanted: &[Vec<u8>]) -> Vec<String> {
    let wanted: HashSet<&[u8]> = wanted.iter().map(|one| &one[..SURE]).collect();
    let holding = files(folder)
        .into_iter()
        .filter(|(_, bytes)| bytes.windows(SURE).any(|place| wanted.contains(place)));
    holding.map(|(name, _)| name).collect()
}

/// What lies sealed in the record for the words of a contribution and its corrections: keys, and pieces of seals.
fn sealed(data: &Path, contribution: Uuid) -> Vec<Vec<u8>> {
    let record = Reader::open(&data.join("buses")).unwrap();
    let about = |event: &event_log::Recorded| [event.id, event.reference].contains(&Some(contribution));
    let events = record.page(None, usize::MAX).unwrap().into_iter().filter(about);
    let positions: Vec<_> = events.filter(|event| event.commitment.is_some()).collect();
    let database = Connection::open(data.join("buses/record.db")).unwrap();
    let query =
        "SELECT key, substr(sealed, 1, 48) FROM events JOIN keys USING (position) WHERE position = ?1";
    let both = positions.iter().flat_map(|event| {
        let row = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?]);
        database.query_row(query, [event.position.get()], row).unwrap()
    });
    both.collect()
}

fn ack(answer: &Value) -> &Value {
    assert_eq!(answer["type"], "ack", "{answer}");
    answer
}

/// An assembly into which words came by every way: imported (1), by socket, JSON, form and NATS (2 to 5), from a table
/// (6), from one person's phone three times (7 to 9), the first of which was corrected.
struct Day {
    open: Open,
    phone: Client,
    receipts: Vec<(u128, Value)>,
}

const IMPORTED: u128 = 1;
const CORRECTED: u128 = 71;
const IN_ROUND_2: u128 = 72;

impl Day {
    fn new() -> Self {
        let folder = Folder::new();
        let assembly = folder.convene();
        let rows = folder.file("rows.csv", &format!("id,said\n1,{}\n", words(IMPORTED)));
        let map = folder.file("map.toml", "text = \"said\"\nid = \"id\"\n");
        assert_eq!(folder.json(&["import", "csv", "buses", &rows, "--map", &map])["recorded"], 1);
        let open = Open::over(folder, assembly);
        let mut receipts = Vec::new();
        for (n, way) in (2..).zip(WAYS) {
            receipts.push((n, ack(&way.submit(&open, n, &words(n))).clone()));
        }
        let table = open.server.join(&open.assembly, "facilitator");
        receipts.push((6, ack(&table.post_json("submit", &submit(6, &words(6))).json()).clone()));
        let phone = open.server.join(&open.assembly, "participant");
        for n in 7..=9 {
            receipts.push((n, ack(&phone.post_json("submit", &submit(n, &words(n))).json()).clone()));
        }
        let day = Day { open, phone, receipts };
        let correction = json!({ "type": "correct", "id": id(CORRECTED), "contribution": id(7), "text": words(CORRECTED) });
        ack(&day.phone.post_json("submit", &correction).json());
        day.code();
        day
    }

    fn server(&self) -> &Server {
        &self.open.server
    }

    fn data(&self) -> std::path::PathBuf {
        self.open.folder.data()
    }

    /// The theme team reads everything and puts it into one theme, so that it may be shown and quoted.
    fn code(&self) {
        let team = self.server().join(&self.open.assembly, "theme-team");
        let named = json!({ "type": "name-theme", "id": id(THEME), "name": "Evenings" });
        ack(&team.post_json("submit", &named).json());
        for (number, contribution) in (THEME + 1..).zip(self.contributions()) {
            let assign = json!({ "type": "assign", "id": id(number), "contribution": contribution, "theme": id(THEME) });
            ack(&team.post_json("submit", &assign).json());
        }
    }

    /// The ids of everything that was said, the imported row first.
    fn contributions(&self) -> Vec<Uuid> {
        let record = Reader::open(&self.data().join("buses")).unwrap();
        let said =
            record.page(None, usize::MAX).unwrap().into_iter().filter(|event| event.kind == "contributed");
        said.filter_map(|event| event.id).collect()
    }

    fn receipt(&self, n: u128) -> &str {
        let (_, answer) = self.receipts.iter().find(|(said, _)| *said == n).unwrap();
        answer["receipt"].as_str().unwrap()
    }

    /// Writes the draft that the demo leaves in the assembly's folder.
    fn draft(&self) -> std::path::PathBuf {
        let draft = self.data().join("buses/evidence-summary.html");
        let line = ["summary", "buses", "--format", "html", "--out", draft.to_str().unwrap()];
        assert_eq!(self.open.folder.run(&line).code, Some(0));
        draft
    }

    /// Every page that shows words, each as somebody who sees most on it.
    fn pages(&self) -> String {
        let mut all = String::new();
        let shown = [
            (
                "theme-team",
                &["", "hearing", "contributions", "desk", "summary", "summary.json", "summary.csv"][..],
            ),
            ("facilitator", &["table"]),
            ("moderator", &["queue"]),
            ("organiser", &["run", "screen", "contributions"]),
        ];
        for (role, paths) in shown {
            let visitor = self.server().join(&self.open.assembly, role);
            paths.iter().for_each(|path| all.push_str(&visitor.get(path).body));
        }
        all.push_str(&self.phone.get("take-part").body);
        for (_, answer) in &self.receipts {
            all.push_str(&self.phone.get(&format!("receipt/{}", answer["receipt"].as_str().unwrap())).body);
        }
        let mut listener = Socket::open(&self.phone).unwrap();
        while let Ok(frame) = listener.frame() {
            all.push_str(&frame.to_string());
            if frame["type"] == "snapshot" {
                break;
            }
        }
        all
    }

    /// The figures without what is said of erasures, which are all that an erasure may change.
    fn tallies(&self) -> Value {
        let mut tallies = self.open.folder.json(&["tallies", "buses"]);
        tallies["position"] = Value::Null;
        tallies["coverage"]["erased"] = Value::Null;
        for theme in tallies["themes"].as_array_mut().unwrap() {
            theme["erased"] = Value::Null;
        }
        tallies
    }

    fn erased(&self) -> u64 {
        self.open.folder.json(&["tallies", "buses"])["coverage"]["erased"].as_u64().unwrap()
    }

    /// None of these contributions can be found any more, by their words or by what they were sealed with.
    fn is_gone(&self, numbers: &[u128], sealed: &[Vec<u8>], since: Instant) {
        let mut wanted: Vec<_> = numbers.iter().map(|n| canary(*n).into_bytes()).collect();
        wanted.extend_from_slice(sealed);
        assert_eq!(found_in(&self.data(), &wanted), Vec::<String>::new());
        let pages = self.pages();
        for n in numbers {
            assert!(!pages.contains(&canary(*n)), "{n} stands on a page");
        }
        assert!(since.elapsed() < PROMISE, "it took {:?}", since.elapsed());
    }

    fn is_still_there(&self, numbers: &[u128]) {
        let pages = self.pages();
        for n in numbers {
            assert!(pages.contains(&canary(*n)), "{n} stands on no page");
        }
    }
}

#[test]
fn erased_words_are_in_no_file_and_on_no_page_within_five_seconds() {
    let day = Day::new();
    let (data, tallies) = (day.data(), day.tallies());
    let draft = day.draft();
    assert!(
        (2..10).any(|n| holds(&fs::read(&draft).unwrap(), canary(n).as_bytes())),
        "the draft quotes nobody"
    );
    day.is_still_there(&[IMPORTED, 2, 3, 4, 5, 6, CORRECTED, 8, 9]);

    // The table erases its own.
    let old = sealed(&data, id(6));
    assert!(!found_in(&data, &old).is_empty(), "the scan does not see what is there");
    let begun = Instant::now();
    let table = day.server().join(&day.open.assembly, "facilitator");
    let erase = json!({ "type": "erase", "id": id(100), "contribution": id(6) });
    ack(&table.post_json("submit", &erase).json());
    day.is_gone(&[6], &old, begun);
    assert!(!draft.exists(), "the draft still lies there");
    day.is_still_there(&[IMPORTED, 2, 3, 4, 5, CORRECTED, 8, 9]);

    // Whoever has the receipt, without a link.
    let old = sealed(&data, id(4));
    let begun = Instant::now();
    let nobody = day.server().nobody(&day.open.assembly);
    let answer = nobody.post_form("erase", &[("receipt", day.receipt(4))]);
    assert!((300..400).contains(&answer.status), "{} {}", answer.status, answer.body);
    let page = nobody.get(&format!("receipt/{}", day.receipt(4)));
    assert!(page.status == 200 && page.body.contains("Erased for good"), "{}", page.body);
    day.is_gone(&[4], &old, begun);

    // The organiser with a reason, and the imported row.
    let organiser = day.server().join(&day.open.assembly, "organiser");
    for (number, contribution, n) in [(101, id(2), 2), (102, day.contributions()[0], IMPORTED)] {
        let old = sealed(&data, contribution);
        let begun = Instant::now();
        let mut erase = json!({ "type": "erase", "id": id(number), "contribution": contribution });
        assert_eq!(organiser.post_json("submit", &erase).json()["code"], "reason-needed");
        erase["reason"] = json!("It says who somebody is.");
        ack(&organiser.post_json("submit", &erase).json());
        day.is_gone(&[n], &old, begun);
    }

    // Everything of one person, with the correction.
    let old: Vec<_> = [7, 8, 9].into_iter().flat_map(|n| sealed(&data, id(n))).collect();
    assert_eq!(old.len(), 8, "four times words, and a key and a seal for each");
    let begun = Instant::now();
    ack(&day.phone.post_json("submit", &json!({ "type": "erase-voice", "id": id(103) })).json());
    day.is_gone(&[7, CORRECTED, 8, 9], &old, begun);
    day.is_still_there(&[3, 5]);

    let again = day.phone.post_json("submit", &submit(8, &words(8)));
    assert_eq!((again.status, &again.json()["code"]), (410, &json!("contribution-erased")));
    assert_eq!((day.tallies(), day.erased()), (tallies, 7));
    others_still_verify(&day);
    let Day { open, .. } = day;
    let (status, said) = open.server.stop();
    assert!(status.success(), "{said:?}");
    assert!(!said.join("\n").contains("zuzelvra"), "{said:?}");
    let checked = open.folder.json(&["check", "buses"]);
    let (gone, left) = (&checked["words_gone"], &checked["erasures_unfinished"]);
    assert_eq!((gone.as_array().map(Vec::len), left), (Some(8), &json!([])), "{checked}");
    assert_eq!(open.folder.run(&["replay", "buses"]).code, Some(0));
}

/// Somebody who has said something in both rounds and put it right once.
struct Somebody {
    day: Day,
    /// Of the correction.
    receipt: String,
}

impl Somebody {
    const SAID: [u128; 4] = [CORRECTED, 8, 9, IN_ROUND_2];

    fn new() -> Self {
        let day = Day::new();
        let organiser = day.server().join(&day.open.assembly, "organiser");
        for (number, kind, round) in [(200, "close-round", 1), (201, "open-round", 2)] {
            ack(&organiser
                .post_json("submit", &json!({ "type": kind, "id": id(number), "round": round }))
                .json());
        }
        let mut later = submit(IN_ROUND_2, &words(IN_ROUND_2));
        later["round"] = json!(2);
        ack(&day.phone.post_json("submit", &later).json());
        let team = day.server().join(&day.open.assembly, "theme-team");
        let read =
            json!({ "type": "assign", "id": id(202), "contribution": id(IN_ROUND_2), "theme": id(THEME) });
        ack(&team.post_json("submit", &read).json());
        let again = json!({ "type": "correct", "id": id(CORRECTED), "contribution": id(7), "text": words(CORRECTED) });
        let again = day.phone.post_json("submit", &again).json();
        let receipt = ack(&again)["receipt"].as_str().unwrap().to_owned();
        Self { day, receipt }
    }
}

#[test]
fn the_receipt_of_a_correction_is_enough_to_have_everything_of_that_voice_erased() {
    let Somebody { day, receipt } = Somebody::new();
    let nobody = day.server().nobody(&day.open.assembly);
    let page = nobody.get(&format!("receipt/{receipt}"));
    assert!(page.status == 200 && page.body.contains(&canary(CORRECTED)), "{}", page.body);
    day.is_still_there(&Somebody::SAID);

    let begun = Instant::now();
    let answer = nobody.post_form("erase", &[("receipt", &receipt), ("everything", "yes")]);

    assert!((300..400).contains(&answer.status), "{} {}", answer.status, answer.body);
    day.is_gone(&Somebody::SAID, &[], begun);
    day.is_still_there(&[IMPORTED, 2, 3, 4, 5, 6]);
    let again = nobody.post_json("erase", &json!({ "receipt": receipt, "everything": true }));
    assert_eq!(again.json()["code"], "nothing-to-erase");
    let of_table = nobody.post_json("erase", &json!({ "receipt": day.receipt(6), "everything": true }));
    assert_eq!(of_table.json()["code"], "nothing-to-erase", "a table is no voice");
}

#[test]
fn the_organiser_erases_a_whole_voice_with_a_reason() {
    let Somebody { day, .. } = Somebody::new();
    let organiser = day.server().join(&day.open.assembly, "organiser");
    let back = ("back", "contributions?position=1");
    let contribution = id(8).to_string();
    let form = |reason| [("contribution", contribution.as_str()), ("reason", reason), back];
    let refused = organiser.post_form("erase-voice", &form(""));
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(day.phone.post_form("erase-voice", &form("I am not the organiser")).status, 403);
    day.is_still_there(&Somebody::SAID);

    let begun = Instant::now();
    let done = organiser.post_form("erase-voice", &form("It says where somebody lives."));

    assert!((300..400).contains(&done.status), "{} {}", done.status, done.body);
    day.is_gone(&Somebody::SAID, &[], begun);
    day.is_still_there(&[IMPORTED, 2, 3, 4, 5, 6]);
}

#[test]
fn the_command_line_erases_a_whole_voice() {
    let Somebody { day, receipt } = Somebody::new();
    let Day { open, .. } = day;
    assert!(open.server.stop().0.success());
    let line = ["erase", "buses", "--receipt", &receipt, "--voice", "--reason", "They asked for it."];

    let before = open.folder.json(&["check", "buses"])["words_gone"].as_array().unwrap().len();
    open.folder.json(&line);

    let gone = open.folder.json(&["check", "buses"])["words_gone"].as_array().unwrap().len();
    assert_eq!((before, gone), (0, 5), "three contributions and a correction in round 1, one in round 2");
    let table = ["erase", "buses", "--position", "1", "--voice", "--reason", "They asked for it."];
    assert_eq!(open.folder.run(&table).code, Some(1));
}

/// A retry gets the ack of then, and the receipt leads to the words.
fn others_still_verify(day: &Day) {
    for n in [3, 5] {
        let (_, first) = day.receipts.iter().find(|(said, _)| *said == n).unwrap();
        assert_eq!(&day.phone.post_json("submit", &submit(n, &words(n))).json(), first);
        let page = day.phone.get(&format!("receipt/{}", day.receipt(n)));
        assert!(page.status == 200 && page.body.contains(&canary(n)), "{}", page.body);
    }
}

#[test]
fn when_everything_is_erased_every_count_stays() {
    let day = Day::new();
    let (data, tallies) = (day.data(), day.tallies());
    let all = day.contributions();
    let old: Vec<_> = all.iter().flat_map(|said| sealed(&data, *said)).collect();
    let organiser = day.server().join(&day.open.assembly, "organiser");
    let close = json!({ "type": "close-round", "id": id(98), "round": 1 });
    ack(&organiser.post_json("submit", &close).json());
    ack(&organiser.post_json("submit", &json!({ "type": "close", "id": id(99) })).json());
    let begun = Instant::now();
    for (number, said) in (200..).zip(&all) {
        let erase =
            json!({ "type": "erase", "id": id(number), "contribution": said, "reason": "All of it." });
        ack(&organiser.post_json("submit", &erase).json());
    }
    day.is_gone(&[IMPORTED, 2, 3, 4, 5, 6, 7, CORRECTED, 8, 9], &old, begun);
    assert_eq!((day.tallies(), day.erased()), (tallies, 9));
    assert_eq!(day.open.folder.json(&["check", "buses"])["words_opened"], 0);
}

#[test]
fn an_erasure_in_the_middle_of_which_the_server_is_killed_is_finished_by_the_next_one() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let mut server = folder.serve();
    open_round(&server, &assembly);
    let mut next = 10;
    let mut keys: Vec<(Uuid, Vec<Vec<u8>>)> = Vec::new();
    for kill in 0..KILLS {
        let mut phone = server.socket(&assembly, "participant");
        let numbers: Vec<u128> = (next..next + 8).collect();
        for n in &numbers {
            ack(&phone.ask(&submit(*n, &words(*n))));
            keys.push((id(*n), sealed(&folder.data(), id(*n))));
        }
        let erase = |n: &u128| json!({ "type": "erase", "id": id(n + 8), "contribution": id(*n) });
        numbers.iter().for_each(|n| phone.send(&erase(n)).unwrap());
        // After none, one, two … of eight answers, while the others are being done.
        for _ in 0..kill % 9 {
            ack(&phone.answer().unwrap());
        }
        server.kill();
        next += 16;

        server = folder.serve();
        let checked = folder.json(&["check", "buses"]);
        assert_eq!(checked["erasures_unfinished"], json!([]), "after kill {kill}");
        assert!(checked["words_gone"].as_array().unwrap().len() >= kill % 9, "after kill {kill}");
        let gone: Vec<_> = erased(&folder).iter().flat_map(|said| of(&keys, *said)).collect();
        assert_eq!(found_in(&folder.data(), &gone), Vec::<String>::new(), "after kill {kill}");
    }
}

fn of(keys: &[(Uuid, Vec<Vec<u8>>)], said: Uuid) -> Vec<Vec<u8>> {
    keys.iter().find(|(id, _)| *id == said).map(|(_, keys)| keys.clone()).unwrap_or_default()
}

/// What the record says was erased.
fn erased(folder: &Folder) -> Vec<Uuid> {
    let record = Reader::open(&folder.data().join("buses")).unwrap();
    let erased = record.page(None, usize::MAX).unwrap().into_iter().filter(|event| event.kind == "erased");
    erased.filter_map(|event| event.reference).collect()
}

#[test]
fn a_key_that_goes_without_an_erasure_is_named_by_its_position() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let answer = server.socket(&assembly, "participant").ask(&submit(2, &words(2)));
    assert!(server.stop().0.success());
    let record = Connection::open(folder.data().join("buses/record.db")).unwrap();
    assert_eq!(record.execute("DELETE FROM keys", []).unwrap(), 1);
    drop(record);

    let done = folder.run(&["check", "buses"]);

    assert_eq!(done.code, Some(1));
    assert!(
        done.err.contains(&format!("event {} is damaged: its key is missing", answer["position"])),
        "{}",
        done.err
    );
    assert_eq!(done.err.lines().count(), 1);
}

#[test]
fn the_command_line_erases_by_receipt_or_position_and_needs_a_reason() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let mut phone = server.socket(&assembly, "participant");
    let answers = [2, 3].map(|n| ack(&phone.ask(&submit(n, &words(n)))).clone());
    let receipt = answers[0]["receipt"].as_str().unwrap();
    let held = folder.run(&["erase", "buses", "--receipt", receipt, "--reason", "It names a neighbour"]);
    assert!(held.code == Some(1) && held.err.contains("process"), "{}", held.err);
    assert!(server.stop().0.success());

    let first = folder.json(&["erase", "buses", "--receipt", receipt, "--reason", "It names a neighbour"]);
    assert_eq!((&first["position"], &first["contribution"]), (&answers[0]["position"], &json!(id(2))));
    let position = answers[1]["position"].to_string();
    let second =
        folder.json(&["erase", "buses", "--position", &position, "--reason", "It names a neighbour"]);
    assert_eq!(second["contribution"], json!(id(3)));

    assert_eq!(
        folder.json(&["check", "buses"])["words_gone"],
        json!([first["position"], second["position"]])
    );
    for (line, said) in [
        (&["erase", "buses", "--position", &position, "--reason", "Again"][..], "were erased for good"),
        (&["erase", "buses", "--position", "1", "--reason", "x"], "no contribution at position 1"),
        (&["erase", "buses", "--receipt", "0000-0000-0000-0000", "--reason", "x"], "0000-0000-0000-0000"),
        (&["erase", "buses", "--position", &position], "--reason"),
        (&["erase", "buses", "--reason", "x"], "--receipt"),
        (&["erase", "buses", "--receipt", "7", "--reason", "x"], "four groups"),
    ] {
        let done = folder.run(line);
        assert!(done.code != Some(0) && done.err.contains(said), "{line:?}: {}", done.err);
        assert_eq!((done.err.lines().count(), done.out.as_str()), (1, ""), "{line:?}");
    }
}
