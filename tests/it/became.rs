//! What becomes of what was said, after the day: what is still open of an earlier assembly stands on the next one's pages,
//! all of it is counted over the years, and a receipt follows one contribution from the first day to a promise that was
//! kept.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{AGENDA, Answer, Assembly, Client, Folder, Server, id};

/// A theme that one voice speaks of is owed an answer on the day of publication; the paper as a whole was, long ago.
const RULE: &str = r#"
[duty_rule]
tables_at_least = 1
voices_at_least = 1
working_days = 0
owner = "Director of buses"

[duty_clock]
statutory = "2020-10-01"
progress = { first_months = 3, then_months = 6 }

[[rounds]]
"#;
/// A day on which nothing is overdue yet.
const LONG_AFTER: &str = "2090-01-31";
const THEME: u128 = 201;

fn agenda(slug: &str, title: &str, board: &str) -> String {
    AGENDA
        .replacen("\n[[rounds]]\n", RULE, 1)
        .replace("slug = \"buses\"", &format!("slug = \"{slug}\""))
        .replace("Buses after six", title)
        .replace("County transport board", board)
}

/// One assembly while it is served.
#[derive(Clone, Copy)]
struct Held<'a> {
    server: &'a Server,
    assembly: &'a Assembly,
}

impl Held<'_> {
    /// Sends a command, waits until pages know of it, and gives the answer.
    #[track_caller]
    fn sends(self, role: &str, command: Value) -> Value {
        self.sends_as(&self.server.join(self.assembly, role), command)
    }

    #[track_caller]
    fn sends_as(self, who: &Client, mut command: Value) -> Value {
        if command["id"].is_null() {
            command["id"] = json!(Uuid::now_v7());
        }
        let answer = who.post_json("submit", &command).json();
        assert_eq!(answer["type"], "ack", "{command}: {answer}");
        self.server.nobody(self.assembly).waits_for(answer["position"].as_u64().unwrap());
        answer
    }

    fn publishes(self) {
        let form = [("id", &*Uuid::now_v7().to_string()), ("edition", "interim"), ("back", "publish")];
        let published = self.server.join(self.assembly, "organiser").post_form("publish", &form);
        assert_eq!(published.status, 303, "{}", published.body);
    }

    /// Somebody at home is heard, and it is in a theme; gives what the person was answered.
    fn hears(self) -> Value {
        self.sends("organiser", json!({"type": "open-round", "round": 1}));
        let said =
            self.sends("participant", json!({"type": "submit", "id": id(100), "text": "No bus after nine."}));
        self.sends("theme-team", json!({"type": "name-theme", "id": id(THEME), "name": "Night buses"}));
        self.sends("theme-team", json!({"type": "assign", "contribution": id(100), "theme": id(THEME)}));
        said
    }

    fn page(self, page: &str) -> String {
        let answer = self.server.nobody(self.assembly).get(page);
        assert_eq!(answer.status, 200, "{page}");
        read(&answer)
    }

    /// The page of an assembly itself, whose address ends without a slash.
    fn home(self) -> String {
        let mut anybody = self.server.nobody(self.assembly);
        anybody.base.pop();
        read(&anybody.get(""))
    }

    fn run_of_show(self) -> String {
        read(&self.server.join(self.assembly, "organiser").get("run"))
    }
}

/// What a person reads on a page: no tags, and spaces as they are seen.
fn read(answer: &Answer) -> String {
    let parts = answer.body.split('<').map(|part| part.split_once('>').map_or(part, |(_, seen)| seen));
    parts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part:?} is not in: {page}");
    }
}

fn duties_of_all(server: &Server, assembly: &Assembly) -> String {
    let mut anybody = server.nobody(assembly);
    anybody.base = "/".to_owned();
    read(&anybody.get("duties"))
}

#[test]
fn what_is_open_stands_first_on_the_next_assembly_and_is_counted_over_all_of_them() {
    let folder = Folder::new();
    let board = "County transport board";
    let [first, next, other] = [
        ("buses", "Buses after six", board),
        ("trams", "Trams on Sundays", board),
        ("parks", "Parks at night", "City parks board"),
    ]
    .map(|(slug, title, board)| folder.convene_from(&agenda(slug, title, board)));
    let server = folder.serve();
    let held = |assembly| Held { server: &server, assembly };
    let [early, late, elsewhere] = [&first, &next, &other].map(held);
    let open = "First: what is still open from before";
    assert!(!late.home().contains(open), "nothing is owed yet");

    early.hears();
    early.publishes();
    early.sends("board-member", json!({"type": "reply", "duty": 2, "text": "They will run."}));
    for pledge in ["Buses until midnight", "A map at each stop"] {
        let made =
            json!({"type": "commit", "duty": 2, "text": pledge, "owner": "Head of buses", "due": LONG_AFTER});
        early.sends("board-member", made);
    }
    early.sends("board-member", json!({"type": "deliver", "commitment": 1, "text": "They run."}));
    late.publishes();
    late.sends("board-member", json!({"type": "reply", "duty": 1, "text": "Late, and yes."}));

    for page in [late.home(), late.run_of_show()] {
        says(
            &page,
            &[
                open,
                "Buses after six, 20",
                "The paper as a whole",
                "Overdue by",
                "Promise: A map at each stop",
            ],
        );
        for kept in ["Night buses", "Buses until midnight"] {
            assert!(!page.contains(kept), "{kept} is done: {page}");
        }
    }
    for page in [early.home(), early.run_of_show(), elsewhere.home()] {
        assert!(!page.contains(open), "neither a later assembly's nor another board's: {page}");
    }

    let all = duties_of_all(&server, &first);
    says(&all, &["3 owed · 2 answered · 1 of them late · 0 due", "1 overdue by", "2 made · 1 kept · 1 open"]);
    // Owed, answered, late, due, overdue; promises made, kept, kept late, open, overdue.
    says(
        &all,
        &[
            "Buses after six 2 1 0 0 1 2 1 0 1 0",
            "Trams on Sundays 1 1 1 0 0 0 0 0 0 0",
            "3 2 1 0 1 2 1 0 1 0",
        ],
    );

    early.sends("board-member", json!({"type": "reply", "duty": 1, "text": "Yes."}));
    early.sends("board-member", json!({"type": "deliver", "commitment": 2, "text": "They hang."}));
    assert!(!late.home().contains(open) && !late.run_of_show().contains(open));
    let all = duties_of_all(&server, &first);
    says(&all, &["3 owed · 3 answered · 2 of them late · 0 due", "2 made · 2 kept · 0 open"]);
    says(&all, &["Every answer that was owed has been given."]);
}

#[test]
fn a_receipt_follows_what_was_said_until_a_promise_is_kept() {
    let folder = Folder::new();
    let assembly = folder.convene_from(&agenda("buses", "Buses after six", "County transport board"));
    let server = folder.serve();
    let held = Held { server: &server, assembly: &assembly };
    let said = held.hears();
    let receipt = |said: &Value| held.page(&format!("receipt/{}", said["receipt"].as_str().unwrap()));
    says(&receipt(&said), &["Night buses"]);
    assert!(!receipt(&said).contains("Duty 2"), "nothing is published");

    held.publishes();
    says(
        &receipt(&said),
        &[
            "It had been said when version 1 of the paper was counted.",
            "Duty 2: Director of buses owes this theme an answer by",
            "No answer yet.",
        ],
    );
    let person = server.join(&assembly, "participant");
    let late = held.sends_as(&person, json!({"type": "submit", "text": "None on Sundays either."}));
    let late_id = late["id"].clone();
    says(&receipt(&late), &["Themes None so far", "Replies due None of its themes"]);
    held.sends("theme-team", json!({"type": "assign", "contribution": late_id, "theme": id(THEME)}));
    says(&receipt(&late), &["It was said after version 1 of the paper was counted.", "Duty 2"]);

    held.sends("board-member", json!({"type": "reply", "duty": 2, "text": "They will run."}));
    says(&receipt(&said), &["Answered on", "in time", "the assembly’s representatives have not spoken yet."]);
    held.sends(
        "representative",
        json!({"type": "rejoin", "duty": 2, "verdict": "partly", "reason": "Not on Sundays"}),
    );
    says(&receipt(&said), &["The representatives say: this answers it partly."]);
    let made = json!({"type": "commit", "duty": 2, "text": "Buses until midnight", "owner": "Head of buses", "due": LONG_AFTER});
    held.sends("board-member", made);
    says(
        &receipt(&said),
        &["Answered, with a promise that is still open.", "Promised: Buses until midnight", "days left"],
    );
    held.sends("board-member", json!({"type": "deliver", "commitment": 1, "text": "They run."}));
    says(&receipt(&said), &["Answered, and every promise kept.", "Kept on", "in time"]);

    // Another name for the theme, and another theme that takes it in, leave the answer where it is.
    held.sends("theme-team", json!({"type": "name-theme", "id": id(202), "name": "Evenings"}));
    held.sends(
        "theme-team",
        json!({"type": "merge-theme", "theme": id(THEME), "into": id(202), "reason": "The same"}),
    );
    says(&receipt(&said), &["Evenings", "Night buses", "Answered, and every promise kept."]);

    held.sends_as(&person, json!({"type": "withdraw", "contribution": late_id}));
    says(&receipt(&late), &["It was said after version 1", "Answered, and every promise kept."]);
    let erased = json!({"type": "erase", "contribution": id(100), "reason": "Names a neighbour"});
    held.sends("organiser", erased);
    let after = receipt(&said);
    says(&after, &["It had been said when version 1", "Answered, and every promise kept."]);
    assert!(!after.contains("No bus after nine"), "{after}");
}
