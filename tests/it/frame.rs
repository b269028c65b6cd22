//! The code frame: its pages and forms over plain HTTP, how things stood earlier, and the files that carry it from one
//! assembly to the next.

use std::path::Path;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{AGENDA, Answer, Assembly, Client, Done, Folder, Server, id, open_round, submit};

/// A day on which two themes were named and five contributions coded.
struct Day {
    folder: Folder,
    assembly: Assembly,
    server: Server,
    waits: Uuid,
    access: Uuid,
}

const SAID: u128 = 5;

impl Day {
    fn coded() -> Self {
        let folder = Folder::new();
        let assembly = folder.convene();
        let server = folder.serve();
        open_round(&server, &assembly);
        let person = server.join(&assembly, "participant");
        for n in 0..SAID {
            is_ack(&person.post_json("submit", &submit(100 + n, &format!("Said as number {n}"))));
        }
        let (waits, access) = (id(201), id(202));
        let day = Day { folder, assembly, server, waits, access };
        day.does(json!({"type": "name-theme", "id": waits, "name": "Long waits"}));
        day.does(json!({"type": "name-theme", "id": access, "name": "Access", "definition": "Getting in"}));
        for n in 0..SAID - 1 {
            let theme = if n < 3 { waits } else { access };
            day.does(json!({"type": "assign", "contribution": id(100 + n), "theme": theme}));
        }
        // In both, so that a merge must not count it twice.
        day.does(json!({"type": "assign", "contribution": id(100), "theme": access}));
        day
    }

    fn team(&self) -> Client {
        self.server.join(&self.assembly, "theme-team")
    }

    fn does(&self, mut command: Value) -> u64 {
        command["id"] = command.get("id").cloned().unwrap_or_else(|| json!(Uuid::now_v7()));
        let position = is_ack(&self.team().post_json("submit", &command));
        self.team().waits_for(position);
        position
    }

    fn page(&self, path: &str) -> Answer {
        self.server.nobody(&self.assembly).get(path)
    }

    /// Contributions by theme, as open data say it now.
    fn counts(&self) -> Vec<(String, u64)> {
        counts(&self.page("tallies.json").json())
    }
}

#[track_caller]
fn is_ack(answer: &Answer) -> u64 {
    let answer = answer.json();
    assert_eq!(answer["type"], "ack", "{answer}");
    answer["position"].as_u64().unwrap()
}

fn counts(tallies: &Value) -> Vec<(String, u64)> {
    let themes = tallies["themes"].as_array().unwrap().iter();
    let mut counts: Vec<_> = themes
        .map(|theme| (theme["name"].as_str().unwrap().to_owned(), theme["contributions"].as_u64().unwrap()))
        .collect();
    counts.sort();
    counts
}

fn named(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// Fills in the form of this type that stands on a page, as a browser without script does.
fn send(client: &Client, page: &str, kind: &str, fields: &[(&str, &str)]) -> Answer {
    let html = client.get(page).body;
    let mark = format!("name=\"type\" value=\"{kind}\"");
    let form = html.split("<form ").find(|form| form.contains(&mark));
    let form = form.unwrap_or_else(|| panic!("{page} has no form of type {kind}"));
    let form = form.split("</form>").next().unwrap();
    let action = attribute(form, "action");
    let hidden = form.split("<input type=\"hidden\" ").skip(1);
    let hidden: Vec<_> = hidden
        .map(|input| (attribute(input, "name").to_owned(), attribute(input, "value").to_owned()))
        .collect();
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let all: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    client.post_form(action.rsplit_once(&client.base).map_or(action, |(_, path)| path), &all)
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let found = tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    found.unwrap_or_else(|| panic!("no {name} in {tag}"))
}

#[track_caller]
fn moved_on(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let to = answer.header("location").unwrap();
    to.rsplit_once("/buses/").unwrap().1.to_owned()
}

/// What a person reads on it: no tags, and spaces as they are seen.
fn read(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => {
                inside = true;
                text.push(' ');
            }
            '>' => inside = false,
            character if !inside => text.push(character),
            _ => {}
        }
    }
    text.replace("&#38;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(page: &Answer, said: &str) {
    let text = read(&page.body);
    assert!(text.contains(said), "{said:?} is not said in: {text}");
}

#[test]
fn a_theme_is_renamed_defined_merged_and_undone_by_plain_forms() {
    let day = Day::coded();
    let (team, page) = (day.team(), format!("frame/{}", day.waits));
    let renamed = send(&team, &page, "rename-theme", &[("name", "Waiting"), ("reason", "Shorter")]);
    says(&team.get(&moved_on(&renamed)), "“Long waits” is now “Waiting”. Reason: Shorter");
    let defined = send(&team, &page, "define-theme", &[("definition", "Days\nand weeks"), ("reason", "So")]);
    says(&team.get(&moved_on(&defined)), "Days and weeks");
    let access = day.access.to_string();
    let merged = send(&team, &page, "merge-theme", &[("into", &access), ("reason", "They say the same")]);
    says(&team.get(&moved_on(&merged)), "Merged into “Access”.");
    assert_eq!(day.counts(), named(&[("Access", 4)]));
    let jump = "“Waiting” was merged into “Access”. Reason: They say the same";
    for page in ["hearing", "frame", &format!("frame/{access}"), &format!("contributions?theme={access}")] {
        says(&day.page(page), &format!("+2 at {}", time_of(&day, 5)));
        says(&day.page(page), jump);
    }
    let home = Client { base: "/a/buses".to_owned(), ..day.server.nobody(&day.assembly) };
    says(&home.get(""), jump);
    says(
        &day.server.join(&day.assembly, "screen").get("screen"),
        &format!("+2 at {}: “Waiting” merged in. Reason: They say", time_of(&day, 5)),
    );
    let paper = day.server.join(&day.assembly, "board-member").get("summary");
    // There each name is an element of its own.
    says(&paper, &jump.replace('“', "“ ").replace('”', " ”"));
    let undone = send(&team, "frame", "undo-change", &[("reason", "Two things after all")]);
    let frame = team.get(&moved_on(&undone));
    says(&frame, "Change 5 (“Access”) was undone: 3 contributions moved back. Reason: Two things after all");
    says(&frame, "Undone by change 6.");
    assert_eq!(day.counts(), named(&[("Access", 2), ("Waiting", 3)]));
    says(
        &day.page(&page),
        &format!("+3 at {}: the merge of “Waiting” into “Access” was undone.", time_of(&day, 6)),
    );
}

/// The time of a change as the assembly's clock shows it in the history.
fn time_of(day: &Day, change: usize) -> String {
    let text = read(&day.page("frame").body);
    let (_, after) = text.split_once(&format!("Change {change} ")).unwrap();
    let (_, time) = after.split_once(", ").unwrap();
    time[..5].to_owned()
}

#[test]
fn a_part_is_split_off_by_ticking_it() {
    let day = Day::coded();
    let (team, page) = (day.team(), format!("frame/{}", day.waits));
    let (one, two) = (id(100).to_string(), id(101).to_string());
    let ticked =
        [("name", "Phones"), ("reason", "Another thing"), ("contribution", &one), ("contribution", &two)];
    let split = send(&team, &page, "split-theme", &ticked);
    says(&team.get(&moved_on(&split)), "“Phones” was split from “Long waits”: 2 contributions moved.");
    assert_eq!(day.counts(), named(&[("Access", 2), ("Long waits", 1), ("Phones", 2)]));
    says(&day.page(&page), "−2 at");
    let undone = send(&team, &page, "undo-change", &[("reason", "No")]);
    moved_on(&undone);
    assert_eq!(day.counts(), named(&[("Access", 2), ("Long waits", 3)]));
}

#[test]
fn what_cannot_be_done_is_said_where_the_form_stands() {
    let day = Day::coded();
    let (team, page) = (day.team(), format!("frame/{}", day.waits));
    let other = day.access.to_string();
    for (kind, fields, said) in [
        (
            "rename-theme",
            &[("name", "ACCESS"), ("reason", "Because I typed this")][..],
            "A theme of that name exists already.",
        ),
        ("retire-theme", &[("reason", "")], "Something is missing in this form."),
        ("merge-theme", &[("into", "no id"), ("reason", "x")], "UUID"),
        ("split-theme", &[("name", "Half"), ("reason", "Nothing is ticked")], "at least one contribution"),
        (
            "split-theme",
            &[("name", "Half"), ("reason", "x"), ("contribution", &other)],
            "This contribution is not in that theme.",
        ),
    ] {
        let refused = send(&team, &page, kind, fields);
        assert_eq!(refused.status, 422, "{kind}: {}", refused.body);
        says(&refused, said);
        let kept = fields.iter().find(|(name, _)| *name == "name");
        assert!(kept.is_none_or(|(_, typed)| refused.body.contains(&format!("value=\"{typed}\""))), "{kind}");
    }
    // Both forms are drawn before the first is sent.
    let stale = team.get("frame").body;
    assert!(!stale.contains("undo-change"), "names cannot be undone");
    let merge = json!({"type": "merge-theme", "theme": day.waits, "into": day.access, "reason": "x"});
    day.does(merge);
    day.does(json!({"type": "undo-change", "change": 3, "reason": "x"}));
    let form = [
        ("type", "undo-change"),
        ("id", &Uuid::now_v7().to_string()),
        ("change", "3"),
        ("reason", "Again"),
        ("back", "frame"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = team.post_form("submit", &form);
    assert_eq!(refused.status, 422);
    says(&refused, "This change has been undone already.");
}

#[test]
fn everybody_reads_the_frame_and_only_coders_see_its_forms() {
    let day = Day::coded();
    for page in ["frame".to_owned(), format!("frame/{}", day.waits)] {
        let public = day.page(&page);
        assert_eq!(public.status, 200);
        assert!(!public.body.contains("method=\"post\""), "{page}");
        assert!(!public.body.contains("Said as number"), "{page} shows words");
        assert!(day.team().get(&page).body.contains("method=\"post\""), "{page}");
    }
    let observer = day.server.join(&day.assembly, "observer");
    let refused = observer.post_form("frame/split", &[("theme", &day.waits.to_string())]);
    assert_eq!(refused.status, 403);
    for nowhere in ["frame/none", &format!("frame/{}", id(999))] {
        assert_eq!(day.page(nowhere).status, 404, "{nowhere}");
    }
}

#[test]
fn an_earlier_moment_is_counted_as_it_was_and_anew() {
    let day = Day::coded();
    let before = day.page("tallies.json").json();
    let position = before["position"].as_u64().unwrap();
    day.does(json!({"type": "merge-theme", "theme": day.waits, "into": day.access, "reason": "The same"}));
    day.does(json!({"type": "rename-theme", "theme": day.access, "name": "Getting in", "reason": "Plainer"}));
    day.does(json!({"type": "assign", "contribution": id(104), "theme": day.access}));
    let page = day.page(&format!("hearing?at={position}"));
    assert_eq!(page.status, 200);
    // Tables, voices and contributions of one voice: then, and anew.
    says(&page, "Access now “Getting in” 0 1 2 0 1 5");
    says(&page, "Long waits 0 1 3 –");
    says(&page, "5 contributions: 4 read, 1 waiting to be read.");
    let at = position.to_string();
    let loaded = day.folder.json(&["tallies", "buses", "--at", &at]);
    assert_eq!(loaded, before, "the command line counts as it was counted then");
    let time = time_of(&day, 4);
    let moment = day.page(&format!("hearing?time={time}"));
    assert_eq!(moment.status, 303);
    let head = day.page("tallies.json").json()["position"].as_u64().unwrap();
    let to: u64 = moment.header("location").unwrap().rsplit_once("at=").unwrap().1.parse().unwrap();
    assert!(to <= head && to > position, "{to} of {head}");
    assert_eq!(day.page("hearing?at=0").status, 200);
    for (asked, said) in [
        ("at=99999", "The record has not come that far yet."),
        ("at=soon", "Please say which moment you mean"),
        ("time=25%3A00", "Please write the time like 15:10"),
    ] {
        let page = day.page(&format!("hearing?{asked}"));
        assert_eq!(page.status, 422, "{asked}");
        says(&page, said);
    }
    let past_end = day.folder.run(&["tallies", "buses", "--at", "99999"]);
    assert!(past_end.code != Some(0) && past_end.err.contains("ends at position"), "{}", past_end.err);
}

#[test]
fn versions_are_named_and_compared() {
    let day = Day::coded();
    let team = day.team();
    moved_on(&send(&team, "frame", "name-frame", &[("name", "Before lunch")]));
    let position = day.page("frame.json").json()["versions"][0]["position"].as_u64().unwrap();
    day.does(json!({"type": "merge-theme", "theme": day.waits, "into": day.access, "reason": "The same"}));
    day.does(json!({"type": "define-theme", "theme": day.access, "definition": "Getting in at all", "reason": "x"}));
    day.does(json!({"type": "name-theme", "name": "Fares"}));
    says(&day.page("frame"), "Before lunch");
    let compared = day.page(&format!("frame/compare?from={}", position));
    says(&compared, "Before: Before lunch");
    says(&compared, "Long waits 0 tables 1 remote voice 3 contributions Not there Merged into “Access”.");
    says(
        &compared,
        "Access 0 tables 1 remote voice 2 contributions Access 0 tables 1 remote voice 4 contributions Defined anew.",
    );
    says(&compared, "Before: Getting in After: Getting in at all");
    says(&compared, "Not there Fares 0 tables 0 remote voices 0 contributions New.");
    // Which of the two is named first does not matter.
    let turned = day.page(&format!("frame/compare?to={}", position));
    assert_eq!(read(&turned.body), read(&compared.body));
    assert_eq!(day.page("frame/compare?from=99999").status, 422);
}

/// The files of one assembly's frame, and another assembly that has none.
struct Two {
    folder: Folder,
    out: String,
}

const NAMES: [&str; 4] = ["Long waits", "=SUM(1)", "'=quoted", "Access, \"for all\""];

impl Two {
    fn assemblies() -> Self {
        let folder = Folder::new();
        let assembly = folder.convene();
        let second = AGENDA.replace("\"buses\"", "\"trams\"");
        folder.json(&["new", &folder.file("second.toml", &second)]);
        let server = folder.serve();
        open_round(&server, &assembly);
        let team = server.join(&assembly, "theme-team");
        let person = server.join(&assembly, "participant");
        for (name, n) in NAMES.iter().zip(300_u128..) {
            let definition = format!("What belongs to {name},\nand what does not");
            is_ack(&team.post_json(
                "submit",
                &json!({"type": "name-theme", "id": id(n), "name": name, "definition": definition}),
            ));
            is_ack(&person.post_json("submit", &submit(n + 100, "Words that nobody else gets")));
            is_ack(&team.post_json(
                "submit",
                &json!({"type": "assign", "id": id(n + 200), "contribution": id(n + 100), "theme": id(n)}),
            ));
        }
        is_ack(&team.post_json("submit", &json!({"type": "name-theme", "id": id(310), "name": "Gone"})));
        is_ack(&team.post_json(
            "submit",
            &json!({"type": "retire-theme", "id": id(311), "theme": id(310), "reason": "x"}),
        ));
        assert!(server.stop().0.success());
        let out = folder.path("out").to_str().unwrap().to_owned();
        Two { folder, out }
    }

    fn export(&self, slug: &str, format: &str) -> Vec<String> {
        let said = self.folder.json(&["frame", "export", slug, "--format", format, "--out", &self.out]);
        let files = said["files"].as_array().unwrap();
        files.iter().map(|file| file.as_str().unwrap().to_owned()).collect()
    }

    fn import(&self, words: &[&str]) -> Value {
        self.folder.json(&[&["frame", "import", "trams"], words].concat())
    }

    /// Names and definitions of the themes in use, in order.
    fn frame(&self, slug: &str) -> Vec<(String, String)> {
        let tallies = self.folder.json(&["tallies", slug]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let themes = tallies["themes"].as_array().unwrap().iter();
        let mut frame: Vec<_> =
            themes.map(|theme| (text(&theme["name"]), text(&theme["definition"]))).collect();
        frame.sort();
        frame
    }
}

#[test]
fn a_frame_that_leaves_in_any_form_arrives_as_it_was_and_twice_changes_nothing() {
    for format in ["json", "csv", "themefinder", "from"] {
        let two = Two::assemblies();
        let source = match format {
            "from" => vec!["--from".to_owned(), "buses".to_owned()],
            "themefinder" => {
                two.export("buses", format);
                vec![two.out.clone()]
            }
            format => two.export("buses", format),
        };
        let source: Vec<&str> = source.iter().map(String::as_str).collect();
        let report = two.import(&source);
        assert_eq!(report["named"].as_array().unwrap().len(), NAMES.len(), "{format}: {report}");
        assert_eq!(two.frame("trams"), two.frame("buses"), "{format}");
        let again = two.import(&source);
        assert_eq!(again["named"], json!([]), "{format}: {again}");
        assert_eq!(again["position"], report["position"], "{format}: the same again is nothing new");
        assert_eq!(again["left"].as_array().unwrap().len(), NAMES.len());
        for file in Path::new(&two.out).read_dir().into_iter().flatten() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains("Words that nobody"), "{format}: {text}");
        }
    }
}

#[test]
fn a_mapping_puts_known_contributions_into_themes_once() {
    let two = Two::assemblies();
    two.export("buses", "themefinder");
    let themes = std::fs::read_to_string(Path::new(&two.out).join("themes.json")).unwrap();
    let themes: Value = serde_json::from_str(&themes).unwrap();
    assert_eq!((&themes[0]["topic_id"], &themes[0]["topic_label"]), (&json!("A"), &json!("Long waits")));
    assert_eq!(themes[0]["topic"], "Long waits: What belongs to Long waits,\nand what does not");
    // Back into the assembly that it came from: everything is so already.
    let same = two.folder.json(&["frame", "import", "buses", &two.out]);
    assert_eq!(
        (&same["assigned"], &same["assigned_before"], &same["unknown"]),
        (&json!(0), &json!(4), &json!(0))
    );
    // Another record knows none of these contributions, although it has their positions.
    let other = two.import(&[&two.out]);
    assert_eq!((&other["assigned"], &other["unknown"]), (&json!(0), &json!(4)), "{other}");
    let rows = format!(
        "{{\"response_id\": \"{}\", \"labels\": [\"A\", \"B\"], \"stances\": [\"POSITIVE\", \"NEGATIVE\"]}}\n{{\"response_id\": 1, \"labels\": [\"C\"]}}\n",
        id(400)
    );
    let mapping = two.folder.file("more.jsonl", &rows);
    let words = ["frame", "import", "buses", &two.out, "--mapping", &mapping];
    let first = two.folder.json(&words);
    assert_eq!(
        (&first["assigned"], &first["assigned_before"], &first["unknown"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let again = two.folder.json(&words);
    assert_eq!((&again["assigned"], &again["position"]), (&json!(0), &first["position"]));
    let table = two.folder.file("more.csv", &format!("response_id,labels\n{},\"['A', 'D']\"\n", id(401)));
    let by_table = two.folder.json(&["frame", "import", "buses", &two.out, "--mapping", &table]);
    assert_eq!(by_table["assigned"], 2, "{by_table}");
    assert_eq!(two.folder.run(&["check", "buses"]).code, Some(0));
}

#[test]
fn what_people_changed_since_does_not_come_back() {
    let two = Two::assemblies();
    let files = two.export("buses", "json");
    two.import(&[&files[0]]);
    let again = two.folder.json(&["frame", "import", "buses", &files[0]]);
    assert_eq!(again["named"], json!([]), "{again}");
    let mine = two.folder.file("mine.csv", "name,definition\nGone,Back again\nNew one,\n");
    let report = two.folder.json(&["frame", "import", "buses", &mine]);
    assert_eq!(report["named"], json!(["New one"]));
    assert_eq!(report["left"], json!([{"name": "Gone", "why": "was retired here"}]));
}

#[track_caller]
fn is_refused(done: &Done, said: &str) {
    assert!(done.code.is_some_and(|code| code != 0) && done.out.is_empty(), "it worked: {}", done.out);
    assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    assert!(done.err.contains(said), "{:?} does not say {said:?}", done.err);
}

#[test]
fn rubbish_is_refused_with_a_sentence_and_nothing_is_half_done() {
    let two = Two::assemblies();
    let folder = &two.folder;
    let before = folder.json(&["tallies", "trams"]);
    let many: Vec<_> = (0..501).map(|n| json!({"name": format!("Theme {n}")})).collect();
    let (long, many) = (format!("name\nGood\n{}\n", "x".repeat(81)), json!({"themes": many}).to_string());
    for (name, text, said) in [
        ("a.json", "{", "no JSON document"),
        ("b.json", "7", "no list of themes"),
        ("c.json", "{\"format\": \"plenary-code-frame/v9\", \"themes\": []}", "plenary-code-frame/v9"),
        ("d.json", "{\"themes\": []}", "no theme in it"),
        ("e.json", "[{\"topic_id\": \"A\"}]", "theme 1: it has no name"),
        ("f.json", "[{\"topic_label\": \"Good\"}, {\"topic_label\": 7}]", "cannot be read"),
        (
            "g.json",
            "{\"themes\": [{\"topic_id\": \"A\", \"topic_label\": \"Good\"}], \"mapping\": [{\"response_id\": 9, \"labels\": [\"Z\"]}]}",
            "label `Z`",
        ),
        ("h.json", &many, "the most is 500"),
        ("i.csv", "title\nGood\n", "no column `name`"),
        ("j.csv", "name\nGood\nGOOD\n", "the same name"),
        ("k.csv", &long, "theme 2: its name"),
        ("l.csv", "name,definition\nGood\n", "a row cannot be read"),
        ("m.csv", "", "no column `name`"),
    ] {
        let file = folder.file(name, text);
        is_refused(&folder.run(&["frame", "import", "trams", &file]), said);
    }
    std::fs::write(folder.path("n.json"), [0xff, 0xfe, b'{']).unwrap();
    let bytes = folder.path("n.json");
    is_refused(&folder.run(&["frame", "import", "trams", bytes.to_str().unwrap()]), "not text in UTF-8");
    for (words, said) in [
        (&["nowhere.json"][..], "nowhere.json"),
        (&["--from", "trams"], "cannot take its own"),
        (&["--from", "nowhere"], "no assembly `nowhere`"),
        (&[], "required"),
    ] {
        is_refused(&folder.run(&[&["frame", "import", "trams"], words].concat()), said);
    }
    assert_eq!(folder.json(&["tallies", "trams"]), before, "nothing was written");
}

#[test]
fn thematic_data_of_others_are_taken_in() {
    let Some(data) = std::env::var_os("PLENARY_DATA") else {
        return eprintln!("PLENARY_DATA names no folder, so ThemeFinder's own example was not taken in");
    };
    let example = "themes/themefinder-gambling-xs/upstream/outputs/mapping/2025-07-22/question_part_1";
    let example = Path::new(&data).join(example);
    if !example.is_dir() {
        return eprintln!("{} is not there, so it was not taken in", example.display());
    }
    let folder = Folder::new();
    folder.convene();
    let report = folder.json(&["frame", "import", "buses", example.to_str().unwrap()]);
    let themes = std::fs::read_to_string(example.join("themes.json")).unwrap();
    let themes: Vec<Value> = serde_json::from_str(&themes).unwrap();
    assert_eq!(report["named"].as_array().unwrap().len(), themes.len());
    let rows = std::fs::read_to_string(example.join("mapping.jsonl")).unwrap();
    // Its people never spoke here.
    assert_eq!(
        (&report["rows"], &report["unknown"]),
        (&json!(rows.lines().count()), &json!(rows.lines().count()))
    );
}
