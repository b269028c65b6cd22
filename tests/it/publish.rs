//! Publishing over plain forms: a version stays as it was, names its hash, and lets go of words that were erased since.

use event_log::{Position, Reader};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::harness::{AGENDA, Answer, Assembly, Client, Folder, Server, id, open_round, submit};
use crate::verify::verify;

const WAITED: &str = "We waited for an hour in the rain";
const FARES: &str = "The fares are too high for students";

struct Day {
    folder: Folder,
    assembly: Assembly,
    server: Server,
}

impl Day {
    /// Two people have said one thing each; both are in the theme.
    fn coded() -> Self {
        Self::coded_by(AGENDA)
    }

    fn coded_by(agenda: &str) -> Self {
        let folder = Folder::new();
        let assembly = folder.convene_from(agenda);
        let server = folder.serve();
        open_round(&server, &assembly);
        let day = Day { folder, assembly, server };
        for (n, words) in [(100, WAITED), (101, FARES)] {
            let person = day.join("participant");
            assert_eq!(person.post_json("submit", &submit(n, words)).json()["type"], "ack");
        }
        let team = day.join("theme-team");
        let theme = id(201);
        let named = json!({"type": "name-theme", "id": theme, "name": "Evenings"});
        assert_eq!(team.post_json("submit", &named).json()["type"], "ack");
        for n in [100, 101] {
            let assign =
                json!({"type": "assign", "id": Uuid::now_v7(), "contribution": id(n), "theme": theme});
            let done = team.post_json("submit", &assign).json();
            assert_eq!(done["type"], "ack", "{done}");
            team.waits_for(done["position"].as_u64().unwrap());
        }
        day
    }

    fn join(&self, role: &str) -> Client {
        self.server.join(&self.assembly, role)
    }

    /// Waits until the pages know all that is in the record.
    fn settles(&self) {
        let record = Reader::open(&self.folder.data().join(self.assembly.slug())).unwrap();
        let head = record.head().unwrap().map_or(0, Position::get);
        self.server.nobody(&self.assembly).waits_for(head);
    }

    fn publish(&self, edition: &str) -> Answer {
        self.settles();
        let form = [("id", &*Uuid::now_v7().to_string()), ("edition", edition), ("back", "publish")];
        self.join("organiser").post_form("publish", &form)
    }

    fn anybody(&self, page: &str) -> Answer {
        self.settles();
        self.server.nobody(&self.assembly).get(page)
    }
}

fn hash_of(bytes: &str) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_version_stays_as_it_was_and_its_bytes_are_those_that_the_record_names() {
    let day = Day::coded();
    assert_eq!(day.publish("interim").status, 303);

    let page = day.anybody("published/1").body;
    assert!(page.contains(WAITED) && page.contains(FARES), "{page}");
    let data = day.anybody("published/1/paper.json").body;
    assert!(!data.contains(WAITED) && !data.contains(FARES), "nobody's words stand in what is frozen");
    let versions = day.anybody("published").body;
    assert!(versions.contains(&hash_of(&data)), "the record names the hash of these bytes: {versions}");

    let papers = || day.folder.data().join(day.assembly.slug()).join("papers").read_dir().unwrap().count();
    assert_eq!(day.publish("final").status, 422, "the assembly is still open");
    assert_eq!(papers(), 1, "a paper that was refused leaves no file");
    let pressed = Uuid::now_v7().to_string();
    let press = |edition: &str| {
        let form = [("id", pressed.as_str()), ("edition", edition), ("back", "publish")];
        day.join("organiser").post_form("publish", &form)
    };
    let first = press("interim");
    assert_eq!((first.status, papers()), (303, 2), "{}", first.body);
    assert_eq!(
        press("interim").header("location"),
        first.header("location"),
        "pressed twice, it is published once"
    );
    let other = press("final");
    assert_eq!((other.status, papers()), (422, 2), "the same press for something else: {}", other.body);

    let again = day.publish("interim");
    assert_eq!(again.status, 303, "the record has grown by the publication itself: {}", again.body);
    let more = day.join("participant").post_json("submit", &submit(102, "One more"));
    assert_eq!(more.json()["type"], "ack");
    assert_eq!(day.anybody("published/1").body, page, "what is said later changes nothing in it");
    assert_eq!(day.anybody("published/1/paper.json").body, data);
    for missing in ["published/0", "published/4", "published/first", "published/9/paper.json"] {
        assert_eq!(day.anybody(missing).status, 404, "{missing}");
    }
}

#[test]
fn a_backup_holds_the_versions_too() {
    let day = Day::coded();
    assert_eq!(day.publish("interim").status, 303);
    let page = day.anybody("published/1/paper.json").body;
    let saved = day.folder.path("saved");
    let saved = saved.to_str().unwrap();
    day.folder.json(&["backup", day.assembly.slug(), "--out", saved]);
    let elsewhere = Folder::new();
    elsewhere.json(&["restore", day.assembly.slug(), "--from", saved]);
    let server = elsewhere.serve();
    assert_eq!(server.nobody(&day.assembly).get("published/1/paper.json").body, page);
}

#[test]
fn erased_words_are_gone_from_it_and_it_says_so_and_the_hash_holds() {
    let day = Day::coded();
    assert_eq!(day.publish("interim").status, 303);
    let data = day.anybody("published/1/paper.json").body;

    let erase =
        json!({"type": "erase", "id": Uuid::now_v7(), "contribution": id(100), "reason": "Named somebody"});
    assert_eq!(day.join("organiser").post_json("submit", &erase).json()["type"], "ack");

    let page = day.anybody("published/1").body;
    assert!(!page.contains(WAITED) && page.contains(FARES), "{page}");
    let read = read(&page);
    assert!(read.contains("as published 2 ; now 1 can be read, 1 erased"), "{read}");
    assert!(!read.contains("withdrawn,"), "{read}");
    assert_eq!(day.anybody("published/1/paper.json").body, data);
}

#[test]
fn what_is_unread_keeps_a_paper_from_being_final_and_a_changed_file_is_not_shown() {
    let day = Day::coded();
    let more = day.join("participant").post_json("submit", &submit(102, "One more"));
    assert_eq!(more.json()["type"], "ack");
    let refused = day.publish("final");
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("1 contributions are unread"), "{}", refused.body);

    assert_eq!(day.publish("interim").status, 303);
    let hash = hash_of(&day.anybody("published/1/paper.json").body);
    let file = day.folder.data().join(day.assembly.slug()).join("papers").join(format!("{hash}.json"));
    let frozen = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, frozen.replace("Evenings", "Mornings")).unwrap();
    let altered = day.anybody("published/1");
    assert_eq!(altered.status, 500);
    assert!(!altered.body.contains("Mornings"), "{}", altered.body);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(day.anybody("published/1").status, 500);
}

#[test]
fn an_editor_places_figures_and_cannot_type_numbers() {
    let day = Day::coded();
    let write = |part: &str, prose: &str| {
        let form = [("id", &*Uuid::now_v7().to_string()), ("part", part), ("prose", prose), ("back", "edit")];
        day.join("theme-team").post_form("prose", &form)
    };
    let theme = id(201).to_string();
    for (prose, why) in [("Heard from 2 people.", "[[tables]]"), ("Heard at [[chairs]].", "[[chairs]]")] {
        let refused = write(&theme, prose);
        assert_eq!(refused.status, 422, "{prose}");
        assert!(refused.body.contains(why) && refused.body.contains(prose), "{}", refused.body);
    }
    assert_eq!(write(&theme, "It came from [[voices]], and from nobody else.").status, 303);
    assert_eq!(write("opening", "This is what you told us.").status, 303);
    assert_eq!(day.publish("interim").status, 303);
    let read = read(&day.anybody("published/1").body);
    assert!(read.contains("This is what you told us."), "{read}");
    assert!(read.contains("It came from 2 of 2 voices , and from nobody else."), "{read}");
}

#[test]
fn a_version_says_what_is_owed_for_it_and_by_when() {
    let rule = "\n[duty_rule]\nvoices_at_least = 2\nworking_days = 30\nowner = \"Director of buses\"\n\n[[rounds]]\n";
    let day = Day::coded_by(&AGENDA.replacen("\n[[rounds]]\n", rule, 1));
    assert_eq!(day.publish("interim").status, 303);
    let duties = day.anybody("duties.json").json();
    let due = duties["duties"][0]["due"].as_str().unwrap_or_else(|| panic!("{duties}"));
    let page = day.anybody("published/1").body;
    assert!(page.contains(&format!("datetime=\"{due}\"")), "{due}: {page}");
    let seen = read(&page);
    assert!(seen.contains("the Director of buses owes a written reply: Duty 1 ."), "{seen}");

    let reply =
        json!({"type": "reply", "id": Uuid::now_v7(), "duty": 1, "text": "There will be more buses."});
    assert_eq!(day.join("board-member").post_json("submit", &reply).json()["type"], "ack");
    day.settles();
    let draft = day.join("board-member").get("summary").body;
    assert!(read(&draft).contains("Duty 1 , due on") && read(&draft).contains(", answered on"), "{draft}");
    let data = day.join("board-member").get("summary.json").json();
    let owed = &data["duties"]["themes"][0]["owed"];
    assert_eq!((&owed["duty"], &owed["due"]), (&json!(1), &json!(due)), "{owed}");
    let archive = day.folder.path("day.tar");
    day.folder.json(&["export", day.assembly.slug(), "--out", archive.to_str().unwrap()]);
    let verified = verify(&[archive.to_str().unwrap()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn a_later_version_shows_what_it_says_otherwise() {
    let day = Day::coded();
    let prose = |words: &str| {
        let id = Uuid::now_v7().to_string();
        let form = [("id", &*id), ("part", "opening"), ("prose", words), ("back", "edit")];
        assert_eq!(day.join("theme-team").post_form("prose", &form).status, 303);
    };
    prose("Buses matter in the evening.");
    assert_eq!(day.publish("interim").status, 303);
    prose("Buses matter at night.");
    for (n, words) in
        [(102, "Nobody feels safe at the stop"), (103, "The driver cannot see us waiting there")]
    {
        assert_eq!(day.join("participant").post_json("submit", &submit(n, words)).json()["type"], "ack");
        let assign = json!({"type": "assign", "id": Uuid::now_v7(), "contribution": id(n), "theme": id(201)});
        assert_eq!(day.join("theme-team").post_json("submit", &assign).json()["type"], "ack");
    }
    let pin = json!({"type": "pin-quote", "id": Uuid::now_v7(), "contribution": id(102), "theme": id(201)});
    assert_eq!(day.join("theme-team").post_json("submit", &pin).json()["type"], "ack");
    assert_eq!(day.publish("interim").status, 303);

    let page = day.anybody("published/2/since").body;
    let seen = read(&page);
    assert!(seen.contains("Removed: in the evening. (end of change)"), "{seen}");
    assert!(seen.contains("Added: at night. (end of change)"), "{seen}");
    assert!(seen.contains("“Nobody feels safe at the stop”"), "a quote that came: {seen}");
    assert!(page.contains("<ins>") && page.contains("<del>"));
    assert!(!seen.contains("Nothing that is said in it has changed"), "{seen}");
    assert!(day.anybody("published").body.contains("published/2/since"));
    for missing in ["published/1/since", "published/3/since", "published/0/since", "published/x/since"] {
        assert_eq!(day.anybody(missing).status, 404, "{missing}");
    }
    let erase =
        json!({"type": "erase", "id": Uuid::now_v7(), "contribution": id(102), "reason": "Named somebody"});
    assert_eq!(day.join("organiser").post_json("submit", &erase).json()["type"], "ack");
    let later = day.anybody("published/2/since").body;
    assert!(!later.contains("Nobody feels safe"), "{later}");
}

/// What a person reads on it: no tags, and spaces as they are seen.
fn read(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let seen = part.split_once('>').map_or(part, |(_, seen)| seen);
        text.push(' ');
        text.push_str(seen);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
