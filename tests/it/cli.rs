//! The command line that scripts may rely on.

use std::path::Path;

use serde_json::Value;

use crate::harness::{Done, Folder, Server, open_round, submit};

/// A CSV of three rows, and what its columns mean.
const ROWS: &str =
    "id,said,who,waits,fares\n1,The last bus leaves at six.,a,1,0\n2,It costs too much.,b,0,1\n3,,c,0,0\n";
const MAP: &str = r#"
text = "said"
id = "id"
voice = "who"
[themes]
one_hot = ["waits", "fares"]
"#;

fn import(folder: &Folder) -> Vec<String> {
    let (rows, map) = (folder.file("rows.csv", ROWS), folder.file("map.toml", MAP));
    ["import", "csv", "buses", &rows, "--map", &map].map(str::to_owned).to_vec()
}

fn words(line: &[String]) -> Vec<&str> {
    line.iter().map(String::as_str).collect()
}

/// An assembly into which three rows were imported.
fn imported() -> Folder {
    let folder = Folder::new();
    folder.convene();
    let line = import(&folder);
    let report = folder.json(&words(&line));
    assert_eq!(report["recorded"], 3, "{report}");
    folder
}

/// It failed with one sentence on standard error and nothing on standard output.
#[track_caller]
fn is_refused(done: &Done, said: &str) {
    assert!(done.code.is_some_and(|code| code != 0), "it worked: {}", done.out);
    assert_eq!(done.out, "");
    assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    assert!(done.err.starts_with("plenary: ") && done.err.ends_with(".\n"), "{:?}", done.err);
    assert!(done.err.contains(said), "{:?} does not say {said:?}", done.err);
}

#[test]
fn help_names_every_command() {
    let done = Folder::new().run(&["--help"]);
    assert_eq!(done.code, Some(0));
    for command in [
        "demo", "new", "serve", "import", "tallies", "summary", "replay", "rehearse", "check", "export",
        "receipt", "verify", "erase", "backup", "restore", "link", "frame",
    ] {
        assert!(
            done.out.lines().any(|line| line.trim_start().starts_with(command)),
            "no {command}: {}",
            done.out
        );
        let own = Folder::new().run(&[command, "--help"]);
        assert!(own.code == Some(0) && own.out.contains("--data"), "{command}: {}", own.out);
    }
}

#[test]
fn what_cannot_be_done_is_one_sentence() {
    let folder = imported();
    let agenda = folder.file("agenda.toml", crate::harness::AGENDA);
    let unknown_key = folder.file("other.toml", "titel = \"x\"\n");
    let map_of_nothing = folder.file("wrong.toml", "text = \"nowhere\"\n");
    let rows = folder.file("rows.csv", ROWS);
    let missing = folder.path("missing.toml");
    let missing = missing.to_str().unwrap();
    for (line, said) in [
        (&["tally"][..], "tally"),
        (&["tallies", "nowhere"], "no assembly `nowhere`"),
        (&["check", "nowhere"], "no assembly `nowhere`"),
        (&["replay", "nowhere"], "no assembly `nowhere`"),
        (&["link", "nowhere", "observer"], "no assembly `nowhere`"),
        (&["summary", "nowhere", "--format", "json", "--out", "x"], "no assembly `nowhere`"),
        (&["summary", "buses", "--format", "docx", "--out", "x"], "docx"),
        (&["summary", "buses", "--format", "json", "--out", "no/such/folder/x"], "no/such/folder/x"),
        (&["tallies", "buses", "--round", "9"], "no round 9"),
        (&["tallies", "../buses"], "../buses"),
        (&["new", &agenda], "`buses`"),
        (&["new", missing], "missing.toml"),
        (&["new", &unknown_key], "titel"),
        (&["link", "buses", "king"], "king"),
        (&["link", "buses", "facilitator"], "table"),
        (&["link", "buses", "facilitator", "--table", "9"], "no table 9"),
        (&["import", "csv", "buses", missing, "--map", &map_of_nothing], "missing.toml"),
        (&["import", "csv", "buses", &rows, "--map", missing], "missing.toml"),
        (&["import", "csv", "buses", &rows, "--map", &map_of_nothing], "nowhere"),
        (&["demo", "--speed", "fast"], "--speed"),
    ] {
        is_refused(&folder.run(line), said);
    }
}

#[test]
fn a_key_of_the_configuration_that_nobody_knows_is_named() {
    let folder = Folder::new();
    folder.configure("colour = \"red\"");
    is_refused(&folder.run(&["serve"]), "colour");
}

#[test]
fn with_json_there_is_one_document_on_standard_output() {
    let folder = imported();
    let out = folder.path("paper.json");
    let again = import(&folder);
    let convened = folder.file("second.toml", &crate::harness::AGENDA.replace("\"buses\"", "\"trams\""));
    for line in [
        &["new", &convened][..],
        &["tallies", "buses"],
        &["check", "buses"],
        &["replay", "buses"],
        &["link", "buses", "observer"],
        &["summary", "buses", "--format", "json", "--out", out.to_str().unwrap()],
        &words(&again),
    ] {
        let done = folder.run(&[line, &["--json"]].concat());
        assert!(done.json().is_object(), "{line:?}");
        assert!(done.out.ends_with("}\n") && done.err.is_empty(), "{line:?}: {} {}", done.out, done.err);
    }
}

#[test]
fn without_json_the_result_is_text_and_links_are_not_part_of_it() {
    let folder = Folder::new();
    let agenda = folder.file("agenda.toml", crate::harness::AGENDA);
    let done = folder.run(&["new", &agenda]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), "buses\n"));
    assert!(done.err.contains("/a/buses/join#"), "{}", done.err);
}

#[test]
fn every_role_and_every_table_has_a_link() {
    let folder = Folder::new();
    let agenda = folder.file("agenda.toml", crate::harness::AGENDA);
    let convened = folder.json(&["new", &agenda]);
    let links = convened["links"].as_array().unwrap();
    let name = |link: &Value| format!("{} {}", link["role"].as_str().unwrap(), link["table"]);
    let mut names: Vec<_> = links.iter().map(name).collect();
    names.sort();
    let expected = [
        "board-member null",
        "facilitator 1",
        "facilitator 2",
        "facilitator 3",
        "moderator null",
        "observer null",
        "organiser null",
        "participant null",
        "representative null",
        "screen null",
        "theme-team null",
    ];
    assert_eq!(names, expected);
    let secrets: std::collections::BTreeSet<_> =
        links.iter().map(|link| link["url"].as_str().unwrap()).collect();
    assert_eq!(secrets.len(), links.len());
    // 256 bits are 43 characters of base64.
    assert!(secrets.iter().all(|url| url.split_once('#').is_some_and(|(_, secret)| secret.len() >= 43)));
}

#[test]
fn no_secret_lies_in_the_data_folder() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let secret = assembly.secret("organiser").as_bytes();
    for file in files(&folder.data()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", file.display());
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn tallies_have_the_shape_that_scripts_read() {
    let tallies = imported().json(&["tallies", "buses"]);
    assert!(tallies["position"].as_u64().is_some_and(|position| position > 10));
    let waits = tallies["themes"].as_array().unwrap().iter().find(|theme| theme["name"] == "waits").unwrap();
    assert_eq!((&waits["contributions"], &waits["voices"]), (&1.into(), &1.into()));
    assert_eq!(waits["by_channel"]["import"], 1);
    let coverage = &tallies["coverage"];
    assert_eq!(
        (&coverage["contributions"], &coverage["themed"], &coverage["set_aside"]),
        (&3.into(), &2.into(), &1.into())
    );
}

#[test]
fn an_import_done_again_changes_nothing() {
    let folder = imported();
    let before = folder.json(&["tallies", "buses"]);
    let line = import(&folder);
    let report = folder.json(&words(&line));
    assert_eq!((&report["recorded"], &report["already_there"]), (&0.into(), &3.into()), "{report}");
    assert_eq!(folder.json(&["tallies", "buses"]), before);
}

#[test]
fn a_summary_is_the_same_bytes_every_time_in_every_format() {
    let folder = imported();
    for (format, begins) in [("html", "<!doctype html"), ("json", "{"), ("csv", "part,figure,")] {
        let write = |name: &str| {
            let out = folder.path(name);
            let done = folder.run(&["summary", "buses", "--format", format, "--out", out.to_str().unwrap()]);
            assert_eq!(done.code, Some(0), "{}", done.err);
            assert_eq!(done.out.trim(), out.to_str().unwrap());
            std::fs::read_to_string(out).unwrap()
        };
        let first = write("first");
        assert!(first.to_lowercase().starts_with(begins), "{format}: {}", &first[..80]);
        assert_eq!(first, write("second"), "{format}");
    }
}

#[test]
fn a_replay_gives_the_same_views_with_and_without_stored_ones() {
    let folder = imported();
    let first = folder.json(&["replay", "buses"]);
    let second = folder.json(&["replay", "buses"]);
    assert_eq!(second["compared"], true, "{second}");
    assert_eq!(first["views_sha256"], second["views_sha256"]);
    let before = folder.json(&["tallies", "buses"]);
    for name in ["views.db", "views.db-wal", "views.db-shm"] {
        drop(std::fs::remove_file(folder.data().join("buses").join(name)));
    }
    assert_eq!(folder.json(&["replay", "buses"])["views_sha256"], first["views_sha256"]);
    assert_eq!(folder.json(&["tallies", "buses"]), before);
}

#[test]
fn a_changed_record_is_found_and_the_event_is_named() {
    let folder = imported();
    assert_eq!(folder.json(&["check", "buses"])["words_opened"], 2);
    let record = rusqlite::Connection::open(folder.data().join("buses/record.db")).unwrap();
    let change = "DROP TRIGGER events_stay;
        UPDATE events SET public = CAST(replace(CAST(public AS TEXT), 'seats', 'Seats') AS BLOB)
        WHERE position = 5;";
    record.execute_batch(change).unwrap();
    is_refused(&folder.run(&["check", "buses"]), "event 5");
}

/// A server that holds the folder of an assembly.
fn held() -> (Folder, Server) {
    let folder = imported();
    let server = folder.serve();
    (folder, server)
}

#[test]
fn a_folder_that_a_server_holds_can_be_read() {
    let (folder, server) = held();
    assert_eq!(folder.json(&["tallies", "buses"])["coverage"]["contributions"], 3);
    assert_eq!(folder.json(&["check", "buses"])["words_opened"], 2);
    let out = folder.path("paper.csv");
    let done = folder.run(&["summary", "buses", "--format", "csv", "--out", out.to_str().unwrap()]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    drop(server);
}

#[test]
fn a_write_to_a_folder_that_a_server_holds_says_which_process_holds_it() {
    let (folder, server) = held();
    let holder = format!("process {}", server.pid());
    let trams = folder.file("second.toml", &crate::harness::AGENDA.replace("\"buses\"", "\"trams\""));
    let again = import(&folder);
    for line in [
        &["new", &trams][..],
        &["link", "buses", "observer"],
        &["replay", "buses"],
        &["serve"],
        &words(&again),
    ] {
        is_refused(&folder.run(line), &holder);
    }
    let (status, _) = server.stop();
    assert!(status.success(), "{status}");
    assert_eq!(folder.run(&["replay", "buses"]).code, Some(0), "the folder is free again");
}

#[test]
fn a_server_told_to_stop_ends_well_and_keeps_what_it_took() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let mut phone = server.socket(&assembly, "participant");
    assert_eq!(phone.ask(&submit(2, "The last bus leaves at six."))["type"], "ack");
    let (status, said) = server.stop();
    assert!(status.success(), "{status}: {said:?}");
    assert_eq!(folder.json(&["tallies", "buses"])["coverage"]["contributions"], 1);
}

#[test]
fn a_record_that_nobody_is_writing_is_one_file() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let mut phone = server.socket(&assembly, "participant");
    let position = phone.ask(&submit(2, "The last bus leaves at six."))["position"].clone();
    assert!(server.stop().0.success());

    let archive = folder.data().join("archive");
    std::fs::create_dir(&archive).unwrap();
    std::fs::copy(folder.data().join("buses/record.db"), archive.join("record.db")).unwrap();
    assert_eq!(folder.json(&["check", "archive"])["position"], position);
}

#[test]
fn the_demo_holds_its_day_and_leaves_a_sound_record_and_a_paper() {
    let folder = Folder::new();
    let done = folder.run(&["demo", "--headless", "--speed", "0", "--seed", "7"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let slug = folder
        .data()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.join("record.db").exists());
    let slug = slug.unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    let tallies = folder.json(&["tallies", &slug]);
    let coverage = &tallies["coverage"];
    assert!(
        coverage["contributions"].as_u64().is_some_and(|count| (200..=320).contains(&count)),
        "{coverage}"
    );
    assert!(coverage["withdrawn"].as_u64().is_some_and(|count| count >= 1), "{coverage}");
    assert_eq!(tallies["of"]["tables"], 12);
    assert_eq!(folder.json(&["check", &slug])["words_gone"], serde_json::json!([]));
    assert!(folder.json(&["replay", &slug])["compared"].as_bool().is_some());
}
