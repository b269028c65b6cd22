//! What is handed out so that nobody has to trust the program: archives, held against a verifier in another language,
//! and receipts.

use std::path::PathBuf;
use std::process::{Command, Output};

use event_log::{Origin, Reader, Signer};
use serde_json::json;

use crate::harness::{Done, Folder, id, open_round, root, submit};
use crate::represented;

const MUTATIONS: &str = "10000";
const SEED: &str = "1";

/// An assembly with one contribution in it, and the code of its receipt.
fn said() -> (Folder, String) {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let told = server.join(&assembly, "participant").post_json("submit", &submit(2, "Nobody asked us."));
    assert_eq!(told.json()["type"], "ack", "{}", told.body);
    drop(server);
    with_key(&folder, assembly.slug());
    (folder, told.json()["receipt"].as_str().unwrap().to_owned())
}

/// Sees to it that there is a key to sign with.
pub(crate) fn with_key(folder: &Folder, slug: &str) {
    let assembly = Reader::open(&folder.data().join(slug)).unwrap().assembly();
    let origin = Origin::new(&format!("plenary/a/{assembly}")).unwrap();
    Signer::open_or_create(&folder.data().join("signing.key"), origin).unwrap();
}

/// An archive of a whole day, over several checkpoints, and the key that verifies it.
struct Day {
    folder: Folder,
    archive: PathBuf,
    vkey: String,
}

impl Day {
    const SLUG: &str = "gp-appointments";

    fn hold() -> Self {
        let folder = Folder::new();
        let done = folder.run(&["demo", "--headless", "--speed", "0"]);
        assert_eq!(done.code, Some(0), "{}", done.err);
        represented::record(&folder, Self::SLUG);
        with_key(&folder, Self::SLUG);
        let mut day = Day { archive: folder.path("day.tar"), folder, vkey: String::new() };
        for _ in 0..3 {
            day.folder.json(&["link", Self::SLUG, "observer"]);
            day.export();
        }
        day
    }

    fn export(&mut self) {
        let archive = self.archive.to_str().unwrap();
        let exported = self.folder.json(&["export", Self::SLUG, "--out", archive]);
        assert!(exported["position"].as_u64().is_some_and(|position| position > 600), "{exported}");
        self.vkey = exported["vkey"][0].as_str().unwrap().to_owned();
    }
}

/// Python with the one package that the verifier needs, where `scripts/test` has put it or elsewhere.
fn python() -> Command {
    python_with("cryptography")
}

/// Python with a package, where `scripts/test` has put it or elsewhere.
pub(crate) fn python_with(package: &str) -> Command {
    let tools = root().join(".tools").read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let package = tools.filter(|path| path.join(package).is_dir()).max();
    let mut python = Command::new(std::env::var_os("PLENARY_PYTHON").unwrap_or_else(|| "python3".into()));
    python.env("PYTHONDONTWRITEBYTECODE", "1").envs(package.map(|path| ("PYTHONPATH", path)));
    python
}

pub(crate) fn verify(words: &[&str]) -> Output {
    python().arg(root().join("scripts/verify.py")).args(words).output().unwrap()
}

#[track_caller]
fn tamper(day: &Day, words: &[&str]) {
    let mut tamper = python();
    tamper.arg(root().join("tests/archive/tamper.py")).arg(root().join("scripts/verify.py"));
    let output = tamper.arg(&day.archive).args(words).output().unwrap();
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    assert!(output.status.success(), "{said}{failed}");
}

#[test]
fn an_archive_of_a_whole_day_is_verified_and_can_be_made_again_byte_by_byte() {
    let mut day = Day::hold();
    let archive = std::fs::read(&day.archive).unwrap();

    let verified = verify(&[day.archive.to_str().unwrap(), "--vkey", &day.vkey]);
    let (report, failed) =
        (String::from_utf8_lossy(&verified.stdout), String::from_utf8_lossy(&verified.stderr));
    assert!(verified.status.success(), "{failed}");
    assert!(report.contains("250 contributions"), "{report}");

    day.export();
    assert!(archive == std::fs::read(&day.archive).unwrap(), "another archive from the same position");
}

#[test]
fn no_byte_of_an_archive_can_be_changed_unnoticed() {
    let day = Day::hold();
    let count = std::env::var("PLENARY_MUTATIONS").unwrap_or_else(|_| MUTATIONS.to_owned());
    let seed = std::env::var("PLENARY_SEED").unwrap_or_else(|_| SEED.to_owned());
    tamper(&day, &["mutate", &count, &seed]);
}

#[test]
fn an_archive_that_somebody_changed_with_a_purpose_is_refused_for_the_right_reason() {
    tamper(&Day::hold(), &["attack"]);
}

#[test]
fn what_is_no_archive_is_one_line_and_an_exit_code() {
    let folder = Folder::new();
    for (archive, code) in [(folder.file("text", "no archive"), 1), (folder.file("none", ""), 1)] {
        let refused = verify(&[&archive]);
        assert_eq!(refused.status.code(), Some(code));
        let line = String::from_utf8(refused.stderr).unwrap();
        assert!(line.starts_with("verify.py: archive") && line.lines().count() == 1, "{line}");
    }
    assert_eq!(verify(&["nowhere.tar"]).status.code(), Some(2));
}

#[test]
fn words_that_are_not_public_are_not_in_an_archive() {
    let (folder, _) = said();
    let out = folder.path("buses.tar");
    folder.json(&["export", "buses", "--out", out.to_str().unwrap()]);
    let archive = String::from_utf8_lossy(&std::fs::read(&out).unwrap()).into_owned();
    assert!(archive.contains(r#""not_public":"unread""#) && !archive.contains("Nobody asked us."));
    let verified = verify(&[out.to_str().unwrap()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn erased_words_are_in_no_archive_and_it_is_verified_all_the_same() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let participant = server.join(&assembly, "participant");
    let ask = |frame| assert_eq!(participant.post_json("submit", &frame).json()["type"], "ack");
    ask(submit(2, "Nobody asked us."));
    ask(json!({ "type": "correct", "id": id(3), "contribution": id(2), "text": "Nobody asked them." }));
    ask(json!({ "type": "erase", "id": id(4), "contribution": id(2) }));
    drop(server);
    with_key(&folder, "buses");

    let out = folder.path("buses.tar");
    folder.json(&["export", "buses", "--out", out.to_str().unwrap()]);
    let archive = String::from_utf8_lossy(&std::fs::read(&out).unwrap()).into_owned();
    assert_eq!(archive.matches(r#""not_public":"erased""#).count(), 2);
    assert!(!archive.contains("Nobody asked"));
    let verified = verify(&[out.to_str().unwrap()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn an_archive_is_made_up_to_the_last_checkpoint_while_a_server_runs() {
    let (folder, _) = said();
    let out = folder.path("buses.tar");
    let export = || folder.json(&["export", "buses", "--out", out.to_str().unwrap()]);
    let before = export()["position"].as_u64().unwrap();
    let server = folder.serve();
    assert!(export()["position"].as_u64().unwrap() >= before);
    assert!(verify(&[out.to_str().unwrap()]).status.success());
    drop(server);
}

#[test]
fn without_the_key_an_archive_needs_to_be_told_what_verifies_it() {
    let (folder, _) = said();
    let out = folder.path("buses.tar").to_str().unwrap().to_owned();
    let exported = folder.json(&["export", "buses", "--out", &out]);
    let vkey = exported["vkey"][0].as_str().unwrap();
    std::fs::remove_file(folder.data().join("signing.key")).unwrap();

    let refused = folder.run(&["export", "buses", "--out", &out]);
    assert!(refused.code == Some(1) && refused.err.contains("--vkey"), "{}", refused.err);
    assert_eq!(folder.json(&["export", "buses", "--out", &out, "--vkey", vkey]), exported);
}

/// The receipt of the one contribution as a file, and what verifies it.
fn receipt(folder: &Folder, code: &str) -> (String, String) {
    let file = folder.path("receipt.txt").to_str().unwrap().to_owned();
    folder.json(&["receipt", "buses", code, "--out", &file]);
    let exported = folder.json(&["export", "buses", "--out", folder.path("a.tar").to_str().unwrap()]);
    (file, exported["vkey"][0].as_str().unwrap().to_owned())
}

#[test]
fn a_receipt_is_checked_without_the_record() {
    let (folder, code) = said();
    let (file, vkey) = receipt(&folder, &code);
    std::fs::remove_dir_all(folder.data()).unwrap();

    let checked = folder.json(&["verify", "receipt", &file]);
    assert_eq!((&checked["kind"], &checked["words"]), (&json!("contributed"), &json!("match")));
    assert!(checked["signature"].is_null());
    assert_eq!(folder.json(&["verify", "receipt", &file, "--vkey", &vkey])["signature"], "right");
    let named = folder.file("vkey", &format!("{vkey}\n"));
    let text = folder.run(&["verify", "receipt", &file, "--vkey", &named]);
    assert!(text.out.contains("the words in the file are the ones that were recorded"), "{}", text.out);
}

#[test]
fn a_receipt_that_does_not_hold_is_refused_in_one_sentence() {
    let (folder, code) = said();
    let (file, vkey) = receipt(&folder, &code);
    let right = std::fs::read_to_string(&file).unwrap();
    let index = right.lines().find(|line| line.starts_with("index ")).unwrap().to_owned();
    let root = right.lines().rev().nth(2).unwrap().to_owned();
    let (other, code) = said();
    let (_, stranger) = receipt(&other, &code);

    let refused = |text: &str, vkey: &str, says: &str| {
        let wrong = folder.file("wrong.txt", text);
        let Done { code, err, .. } = folder.run(&["verify", "receipt", &wrong, "--vkey", vkey]);
        assert!(code == Some(1) && err.lines().count() == 1 && err.contains(says), "{err}");
    };
    refused("", &vkey, "no checkpoint");
    refused(&right.replace(&index, "index 0"), &vkey, "is damaged");
    refused(&right.replace(&root, &"A".repeat(43)), &vkey, "does not hold");
    refused(&right, &stranger, "no trusted key");
    refused(&right.replacen("extra ", "extra AAAA", 1), &vkey, "not as written");
}
