//! What is saved while people speak can be put back, and nothing that was erased comes back with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Assembly, Client, Done, Folder, PATIENCE, Server, Socket, id, open_round, submit,
};

const BACKUPS: usize = 6;
const PHONES: u128 = 3;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// An assembly in round 1 in which these were said.
fn said(numbers: std::ops::Range<u128>) -> (Folder, Assembly, Server) {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let mut phone = server.socket(&assembly, "participant");
    numbers.for_each(|n| is_ack(&phone.ask(&submit(n, &words(n)))));
    (folder, assembly, server)
}

fn words(n: u128) -> String {
    format!("This is contribution {n}, and it is worth keeping.")
}

#[track_caller]
fn is_ack(answer: &Value) {
    assert_eq!(answer["type"], "ack", "{answer}");
}

#[track_caller]
fn is_refused(done: &Done, said: &str) {
    assert_eq!((done.code, done.out.as_str()), (Some(1), ""), "{}", done.err);
    assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    assert!(done.err.starts_with("plenary: ") && done.err.ends_with(".\n"), "{:?}", done.err);
    assert!(done.err.contains(said), "{:?} does not say {said:?}", done.err);
}

/// What a monitor is told.
fn health(server: &Server, assembly: &Assembly) -> Answer {
    Client { base: String::new(), ..server.nobody(assembly) }.get("/health")
}

fn backup(folder: &Folder, name: &str) -> (PathBuf, Value) {
    let out = folder.path(name);
    let saved = folder.json(&["backup", "buses", "--out", text(&out)]);
    (out, saved)
}

fn speak(client: &Client, phone: u128, enough: &AtomicBool) {
    let mut socket = Socket::open(client).unwrap();
    let mut n = 1_000_000 * (phone + 1);
    while !enough.load(Ordering::Relaxed) {
        is_ack(&socket.ask(&submit(n, &words(n))));
        let erase = json!({ "type": "erase", "id": id(n + 500_000), "contribution": id(n) });
        if n.is_multiple_of(4) {
            is_ack(&socket.ask(&erase));
        }
        n += 1;
    }
}

#[test]
fn a_backup_that_is_made_while_people_speak_can_be_restored_and_is_sound() {
    let (folder, assembly, server) = said(2..50);
    let elsewhere = Folder::new();
    let enough = AtomicBool::new(false);
    let phones: Vec<_> = (0..PHONES).map(|_| server.join(&assembly, "participant")).collect();
    std::thread::scope(|scope| {
        for (number, phone) in (0..).zip(&phones) {
            let enough = &enough;
            scope.spawn(move || speak(phone, number, enough));
        }
        let mut before = 0;
        for number in 0..BACKUPS {
            let acked =
                phones[0].post_json("submit", &submit(100 + number as u128, "Before the backup.")).json();
            let (saved, report) = backup(&folder, &format!("saved-{number}"));
            assert!(report["position"].as_u64() >= acked["position"].as_u64(), "{report} after {acked}");
            assert!(report["position"].as_u64() > Some(before), "nobody was speaking: {report}");
            before = report["position"].as_u64().unwrap();
            let name = format!("again-{number}");
            let restored = elsewhere.json(&["restore", &name, "--from", text(&saved)]);
            let checked = elsewhere.json(&["check", &name]);
            assert_eq!(
                (&checked["position"], &checked["words_opened"]),
                (&report["position"], &report["keys"])
            );
            assert_eq!(
                (&restored["words_gone"], &json!([])),
                (&checked["words_gone"], &checked["erasures_unfinished"])
            );
        }
        enough.store(true, Ordering::Relaxed);
    });
    assert!(server.stop().0.success());
}

#[test]
fn a_restored_assembly_goes_on_where_the_backup_was_made() {
    let (folder, assembly, server) = said(2..20);
    let (saved, _) = backup(&folder, "saved");
    let first = server.socket(&assembly, "participant").ask(&submit(2, &words(2)));
    assert!(server.stop().0.success());
    fs::remove_dir_all(folder.data().join("buses")).unwrap();

    let done = folder.run(&["restore", "buses", "--from", text(&saved)]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.starts_with("`buses` is restored and sound: "), "{}", done.out);

    let server = folder.serve();
    let mut phone = server.socket(&assembly, "participant");
    assert_eq!(phone.ask(&submit(2, &words(2))), first);
    is_ack(&phone.ask(&submit(900, "After the restore.")));
    drop(server);
    folder.json(&["check", "buses"]);
}

#[test]
fn an_old_backup_of_the_keys_brings_no_erased_words_back() {
    let (folder, assembly, server) = said(2..6);
    let (before, _) = backup(&folder, "before");
    let database = Connection::open(folder.data().join("buses/record.db")).unwrap();
    let key: Vec<u8> =
        database.query_row("SELECT key FROM keys ORDER BY position LIMIT 1", [], |row| row.get(0)).unwrap();
    drop(database);
    let organiser = server.join(&assembly, "organiser");
    let erase =
        json!({ "type": "erase", "id": id(50), "contribution": id(2), "reason": "It names somebody" });
    is_ack(&organiser.post_json("submit", &erase).json());
    let (after, saved) = backup(&folder, "after");
    assert_eq!(saved["keys"], 3);
    assert!(server.stop().0.success());

    let elsewhere = Folder::new();
    let old_keys = before.join("keys.db");
    let restored = elsewhere.json(&["restore", "buses", "--from", text(&after), "--keys", text(&old_keys)]);
    assert_eq!(
        (&restored["words_opened"], restored["words_gone"].as_array().map(Vec::len)),
        (&json!(3), Some(1))
    );
    let server = elsewhere.serve();
    let page = server.nobody(&assembly).get("contributions").body;
    assert!(!page.contains(&words(2)), "{page}");
    drop(server);
    for entry in fs::read_dir(elsewhere.data().join("buses")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(32).any(|found| found == key), "the key came back in {}", path.display());
    }
    assert_eq!(elsewhere.json(&["check", "buses"])["words_gone"], restored["words_gone"]);
}

#[test]
fn what_cannot_be_saved_or_restored_is_one_sentence() {
    let (folder, _, server) = said(2..6);
    let (saved, _) = backup(&folder, "saved");
    let (from, nowhere) = (text(&saved), folder.path("nowhere"));
    is_refused(&folder.run(&["backup", "buses", "--out", from]), "record.db");
    is_refused(&folder.run(&["backup", "trams", "--out", from]), "no assembly `trams`");
    is_refused(&folder.run(&["restore", "buses", "--from", from]), &format!("process {}", server.pid()));
    let (newer, _) = backup(&folder, "newer");
    assert!(server.stop().0.success());
    is_refused(&folder.run(&["restore", "buses", "--from", from]), "record.db");
    is_refused(&folder.run(&["restore", "again", "--from", text(&nowhere)]), "nowhere");
    fs::remove_file(newer.join("keys.db")).unwrap();
    is_refused(&folder.run(&["restore", "again", "--from", text(&newer)]), "keys.db");
    let record = newer.join("record.db");
    let not_keys = ["restore", "again", "--from", from, "--keys", text(&record)];
    is_refused(&folder.run(&not_keys), "it holds no keys");
    assert!(!folder.data().join("again/record.db").exists());
}

#[test]
fn a_backup_from_before_the_last_checkpoint_is_refused_where_that_is_still_there() {
    let (folder, assembly, server) = said(2..6);
    let (saved, _) = backup(&folder, "saved");
    is_ack(&server.socket(&assembly, "participant").ask(&submit(7, "Said after the backup.")));
    // A server that stops signs what it has.
    assert!(server.stop().0.success());
    let home = folder.data().join("buses");
    assert!(home.join("record.checkpoint").exists());
    fs::remove_file(home.join("record.db")).unwrap();

    let done = folder.run(&["restore", "buses", "--from", text(&saved)]);

    is_refused(&done, "was signed");
    assert!(!home.join("record.db").exists());
}

#[test]
fn views_that_are_ahead_of_the_record_or_unlike_it_are_named_by_check() {
    let (folder, _, server) = said(2..6);
    assert!(server.stop().0.success());
    assert!(folder.json(&["check", "buses"])["views_position"].is_u64());
    for (sql, said) in [
        (
            r#"UPDATE entry SET body = replace(body, '"kind":"point"', '"kind":"story"')"#,
            "not what the record says",
        ),
        ("UPDATE frame SET leaf = zeroblob(32)", "not what the record says"),
        ("UPDATE frame SET position = 9999", "they stand at position 9999, and the record ends at"),
    ] {
        let views = Connection::open(folder.data().join("buses/views.db")).unwrap();
        views.execute(sql, []).unwrap();
        drop(views);
        is_refused(&folder.run(&["check", "buses"]), said);
    }
}

#[test]
fn a_record_that_is_found_wrong_behind_the_serving_takes_no_more_events() {
    let (folder, assembly, server) = said(2..6);
    assert_eq!(health(&server, &assembly).status, 200);
    assert!(server.stop().0.success());
    let record = Connection::open(folder.data().join("buses/record.db")).unwrap();
    record.execute("DELETE FROM keys WHERE position = (SELECT min(position) FROM keys)", []).unwrap();
    drop(record);

    let server = folder.serve();
    let told = ill(&server, &assembly);

    let why = told.json()["why"]["buses"].as_str().unwrap().to_owned();
    assert!(why.contains("its key is missing"), "{why}");
    let phone = server.join(&assembly, "participant");
    assert_eq!(phone.post_json("submit", &submit(90, "Too late.")).json()["code"], "unavailable");
    assert_eq!(phone.get("contributions").status, 200);
    let (_, said) = server.stop();
    assert!(
        said.iter().any(|line| line.contains("does not verify") && line.contains("key is missing")),
        "{said:?}"
    );
}

#[test]
fn a_record_that_goes_wrong_while_it_is_served_is_found_by_a_later_check() {
    let folder = Folder::new();
    folder.configure("[check]\nevery_s = 1");
    let assembly = folder.convene();
    let mut server = folder.serve();
    open_round(&server, &assembly);
    let phone = server.join(&assembly, "participant");
    assert_eq!(phone.post_json("submit", &submit(2, "Before.")).json()["type"], "ack");
    server.wait_for("is sound");
    let record = Connection::open(folder.data().join("buses/record.db")).unwrap();
    record.busy_timeout(PATIENCE).unwrap();
    record.execute("DELETE FROM keys WHERE position = (SELECT min(position) FROM keys)", []).unwrap();
    drop(record);

    let told = ill(&server, &assembly);

    assert!(told.json()["why"]["buses"].as_str().unwrap().contains("its key is missing"), "{}", told.body);
    assert_eq!(phone.post_json("submit", &submit(3, "Too late.")).json()["code"], "unavailable");
}

/// What the server says of itself once it says that something is wrong.
fn ill(server: &Server, assembly: &Assembly) -> Answer {
    let begun = Instant::now();
    loop {
        let told = health(server, assembly);
        if told.status == 503 {
            return told;
        }
        assert!(begun.elapsed() < PATIENCE, "it goes on saying {}", told.body);
    }
}
