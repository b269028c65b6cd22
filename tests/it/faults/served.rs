//! The real server on a disk that fails, and on files that lost something.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use event_log::{Position, Reader};
use serde_json::Value;

use super::{Random, seed, shim};
use crate::harness::{Assembly, Client, Folder, PATIENCE, Server, open_round, submit};

const PAGE: usize = 4096;
const FLIPS_PER_PAGE: usize = 3;
const UNSEEN: &str = "nothing that is seen";
/// Of files that are smaller than a page, each part of so many bytes has its bit.
const PART: usize = 4;

fn words(n: u128) -> String {
    format!("This is contribution {n}, said while the disk was going. {}", "It goes on. ".repeat(40))
}

/// Sends one thing after the other until one is refused; gives how many were acknowledged and what the refusal said.
fn speak_until_refused(phone: &Client, from: u128) -> (Vec<Value>, Value) {
    let begun = Instant::now();
    let mut acked = Vec::new();
    for n in from.. {
        let answer = phone.post_json("submit", &submit(n, &words(n))).json();
        if answer["type"] != "ack" {
            return (acked, answer);
        }
        acked.push(answer);
        assert!(begun.elapsed() < PATIENCE, "nothing was refused");
    }
    unreachable!("there are more numbers than anybody can send")
}

/// Every one of these gets the answer that it got before.
#[track_caller]
fn are_there(phone: &Client, from: u128, acked: &[Value]) {
    for (n, before) in (from..).zip(acked) {
        assert_eq!(&phone.post_json("submit", &submit(n, &words(n))).json(), before);
    }
}

/// What is said at a start that has to be refused.
#[track_caller]
fn refused_start(folder: &Folder) -> String {
    match Server::try_start(folder.command(&["serve"])) {
        Err((Some(1), said)) => said,
        Err((code, said)) => panic!("it ended with {code:?}: {said}"),
        Ok(_) => panic!("it serves"),
    }
}

#[test]
fn a_server_whose_disk_fails_acknowledges_nothing_more_and_ends() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let mut serve = folder.command(&["serve"]);
    shim::load(&mut serve, &folder.data().join("buses"));
    serve.envs([
        ("DISK_FAIL", "sync"),
        ("DISK_FAIL_AT", "60"),
        ("DISK_FAIL_FOR", "1000000"),
        ("DISK_ERROR", "5"),
    ]);
    let server = Server::start(serve);
    open_round(&server, &assembly);

    let phone = server.join(&assembly, "participant");
    let (acked, refused) = speak_until_refused(&phone, 10);
    let (status, said) = server.ended();

    assert!(acked.len() > 10, "only {} were acknowledged before the disk failed", acked.len());
    assert_eq!(refused["code"], "unavailable", "{refused}");
    assert_eq!(status.code(), Some(1), "{said:?}");
    let says = |line: &String| line.contains("the record could not be written") && line.contains("I/O error");
    assert!(said.iter().any(says), "{said:?}");
    let again = folder.serve();
    are_there(&again.join(&assembly, "participant"), 10, &acked);
    assert!(again.stop().0.success());
    folder.json(&["check", "buses"]);
}

#[test]
fn a_server_does_not_start_where_its_views_know_more_than_the_record() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let said = server.join(&assembly, "participant").post_json("submit", &submit(10, &words(10))).json();
    let begun = Instant::now();
    while folder.json(&["check", "buses"])["views_position"].as_u64() < said["position"].as_u64() {
        assert!(begun.elapsed() < PATIENCE, "the views never came to {said}");
    }
    server.kill();
    let log = folder.data().join("buses/record.db-wal");
    std::fs::File::options().write(true).open(log).unwrap().set_len(0).unwrap();

    let refused = refused_start(&folder);

    assert!(refused.contains("they stand at position") && refused.contains("lost its end"), "{refused}");
    assert_eq!(folder.run(&["replay", "buses"]).code, Some(0));
    assert!(folder.serve().stop().0.success());
}

/// A file system of its own at a folder, for as long as this lives.
struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    /// Nothing where this user may not mount; what only the watched disk can show is shown by the other tests.
    fn at(folder: &'a Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let options = format!("size={size},mode=0700");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder).output();
        let mounted = mounted.is_ok_and(|mount| mount.status.success());
        if !mounted {
            println!("this user may not mount, so no real file system was filled");
        }
        mounted.then_some(Mounted(folder))
    }

    fn again(&self, options: &str) {
        let options = format!("remount,{options}");
        let done = Command::new("mount").args(["-o", &options]).arg(self.0).status();
        assert!(done.unwrap().success(), "{options}");
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.0).status());
    }
}

#[test]
fn a_full_file_system_refuses_in_words_and_takes_more_when_there_is_room() {
    let folder = Folder::new();
    let data = folder.data();
    let Some(mounted) = Mounted::at(&data, "1m") else { return };
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let phone = server.join(&assembly, "participant");

    let (acked, refused) = speak_until_refused(&phone, 10);

    println!("{} contributions fitted into 1 MiB: {refused}", acked.len());
    assert_eq!(refused["code"], "storage-full", "{refused}");
    assert_eq!(phone.get("contributions").status, 200);
    mounted.again("size=16m");
    are_there(&phone, 10, &acked);
    let more = phone.post_json("submit", &submit(5_000, "There is room again.")).json();
    assert_eq!(more["type"], "ack", "{more}");
    let (status, said) = server.stop();
    assert!(status.success(), "{said:?}");
    assert!(said.iter().any(|line| line.contains("no room on the disk")), "{said:?}");
    folder.json(&["check", "buses"]);
}

#[test]
fn a_read_only_file_system_is_named() {
    let folder = Folder::new();
    let data = folder.data();
    let Some(mounted) = Mounted::at(&data, "16m") else { return };
    folder.convene();
    mounted.again("ro");

    let refused = refused_start(&folder);

    assert!(refused.contains("Read-only file system"), "{refused}");
}

#[test]
fn a_checkpoint_whose_signature_was_damaged_is_named() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    assert!(server.stop().0.success());
    assert_eq!(folder.json(&["check", "buses"])["checkpoints_of_another_key"], 0);
    let database = rusqlite::Connection::open(folder.data().join("buses/record.db")).unwrap();
    // As the disk does it, and not as a program does, whom the triggers would stop.
    let note: String =
        database.query_row("SELECT note FROM checkpoints LIMIT 1", [], |row| row.get(0)).unwrap();
    drop(database);
    let path = folder.data().join("buses/record.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let found = bytes.windows(note.len()).position(|found| found == note.as_bytes()).unwrap();
    let digit = &mut bytes[found + note.len() - 20];
    *digit = if *digit == b'A' { b'B' } else { b'A' };
    std::fs::write(&path, bytes).unwrap();

    let checked = folder.run(&["check", "buses"]);

    assert_eq!(checked.code, Some(1), "{}", checked.out);
    assert!(checked.err.contains("checkpoint 1") && checked.err.contains("signature"), "{}", checked.err);
}

/// The key, the views and the links hold no event: the record is whole, whatever becomes of them.
#[test]
fn a_flipped_bit_in_a_file_beside_the_record_is_named_or_changes_nothing() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let phone = server.join(&assembly, "participant");
    let acked: Vec<_> = (10..14).map(|n| phone.post_json("submit", &submit(n, &words(n))).json()).collect();
    assert!(server.stop().0.success());
    // A start brings the views up to the record before anybody is answered.
    let server = folder.serve();
    let figures = server.nobody(&assembly).get("tallies.json").json();
    assert!(server.stop().0.success());
    let mut random = Random::of(seed());
    // The key comes last, because another key signs another checkpoint.
    for name in ["instance.db", "buses/views.db", "signing.key"] {
        let (path, mut found) = (folder.data().join(name), BTreeMap::new());
        let whole = std::fs::read(&path).unwrap();
        let parts = if whole.len() < PAGE { PART } else { PAGE / FLIPS_PER_PAGE };
        for part in (0..whole.len()).step_by(parts) {
            let at = part + random.below(parts.min(whole.len() - part) as u64) as usize;
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << random.below(8);
            std::fs::write(&path, &bytes).unwrap();
            let what = flipped(&folder, &assembly, name, (&acked, &figures));
            assert!(name != "signing.key" || what != UNSEEN, "byte {at} of {name}, PLENARY_SEED={}", seed());
            *found.entry(what).or_insert(0) += 1;
            std::fs::write(&path, &whole).unwrap();
        }
        println!("flipped bits in {name}: {found:?}");
    }
}

/// What a server does with a file that was flipped. Where it starts, it must have every event and give the same figures.
fn flipped(
    folder: &Folder,
    assembly: &Assembly,
    name: &str,
    (acked, figures): (&[Value], &Value),
) -> &'static str {
    let checked = folder.run(&["check", "buses"]);
    let named = checked.code == Some(1) && checked.err.contains("views");
    let server = match Server::try_start(folder.command(&["serve"])) {
        Ok(server) => server,
        Err((code, said)) => {
            assert_eq!(code, Some(1), "{said}");
            let file = name.rsplit('/').next().unwrap();
            assert!(said.contains(file) || said.contains("they stand"), "{name} is not named: {said}");
            return "the start is refused";
        }
    };
    let record = Reader::open(&folder.data().join("buses")).unwrap();
    for ack in acked {
        let position = Position::new(ack["position"].as_u64().unwrap()).unwrap();
        assert!(record.at(position).unwrap().is_some(), "{name}: {ack}");
    }
    assert_eq!(&server.nobody(assembly).get("tallies.json").json(), figures, "{name}");
    let joined =
        server.nobody(assembly).post_form("join", &[("secret", assembly.secret("participant"))]).status;
    let (_, said) = server.stop();
    match joined {
        _ if said.iter().any(|line| line.contains("another key")) => "another key is logged",
        _ if said.iter().any(|line| line.contains("rebuilt") || line.contains("were damaged")) => {
            "the views are built anew"
        }
        _ if named => "`check` names the views",
        300..400 => UNSEEN,
        _ => "a link is refused",
    }
}
