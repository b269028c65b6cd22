//! NATS down, slow, killed, stopped or cut off: people on sockets and pages never notice, and what bridges sent is
//! neither lost nor there twice.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::{Open, Way};
use crate::harness::{Bridge, Folder, Heard, Nats, Proxy, Server, open_round, submit};

const PHONES: u64 = 4;
const WORDS_OF_EACH: u64 = 25;
/// Far more requests than may wait anywhere.
const FLOOD: u128 = 20_000;
const GROWTH_KIB_MAX: u64 = 64 * 1024;
const BACK: &str = "NATS is there again";

impl Open {
    /// Several phones speak at the same time over sockets, one over HTTP, and everybody is answered.
    fn people_are_answered(&self, next: &AtomicU64) {
        let phones = (0..PHONES).map(|_| self.server.socket(&self.assembly, "participant"));
        std::thread::scope(|scope| {
            for mut phone in phones {
                scope.spawn(move || {
                    for _ in 0..WORDS_OF_EACH {
                        let n = next.fetch_add(1, Ordering::Relaxed).into();
                        let answer = phone.ask(&submit(n, "Words."));
                        assert_eq!(answer["type"], "ack", "{answer}");
                    }
                });
            }
            let n = next.fetch_add(1, Ordering::Relaxed).into();
            assert_eq!(Way::PostJson.submit(self, n, "Words.")["type"], "ack");
        });
    }

    fn bridge(&self) -> Bridge {
        Bridge::to(&self.nats)
    }

    fn secret(&self) -> &str {
        self.assembly.secret("participant")
    }
}

/// As many as the phones of one call of `people_are_answered` say.
const OF_PEOPLE: u64 = PHONES * WORDS_OF_EACH + 1;

#[test]
fn nats_that_is_down_at_the_start_keeps_nobody_waiting() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let mut nats = Nats::start();
    nats.kill();
    folder.configure(&format!("[nats]\nurl = \"{}\"", nats.url));
    let server = folder.serve();
    open_round(&server, &assembly);
    let mut open = Open { folder, assembly, nats, server };
    open.people_are_answered(&AtomicU64::new(100));
    open.server.wait_for("NATS is not there");
    open.nats.start_again();
    open.server.wait_for(BACK);
    let answer = open.bridge().insist("buses", open.secret(), &submit(2, "Words."));
    assert_eq!(answer["type"], "ack", "{answer}");
    assert_eq!(open.contributions(), OF_PEOPLE + 1);
}

#[test]
fn nats_that_is_killed_in_the_middle_loses_and_doubles_nothing() {
    let mut open = Open::new();
    let next = AtomicU64::new(100);
    let before = open.bridge().ask("buses", Some(open.secret()), submit(2, "Words.").to_string().as_bytes());
    open.nats.kill();
    open.people_are_answered(&next);
    open.server.wait_for("NATS is not there");
    open.people_are_answered(&next);
    open.nats.start_again();
    open.server.wait_for(BACK);
    let bridge = open.bridge();
    assert_eq!(
        bridge.insist("buses", open.secret(), &submit(2, "Words.")),
        before,
        "as it was answered then"
    );
    let after = bridge.insist("buses", open.secret(), &submit(3, "Words."));
    assert_eq!(after["type"], "ack", "{after}");
    assert_eq!(open.contributions(), 2 * OF_PEOPLE + 2);
}

#[test]
fn nats_that_stands_still_disturbs_nobody_and_what_it_held_arrives_once() {
    let open = Open::new();
    let bridge = open.bridge();
    assert_eq!(bridge.insist("buses", open.secret(), &submit(2, "Words."))["type"], "ack");
    let secret = open.secret();
    open.nats.pause();
    std::thread::scope(|scope| {
        // It is asked into the standstill, and goes on asking until there is an answer.
        let held = scope.spawn(|| bridge.insist("buses", secret, &submit(3, "Words.")));
        open.people_are_answered(&AtomicU64::new(100));
        open.nats.go_on();
        assert_eq!(held.join().unwrap()["type"], "ack");
    });
    assert_eq!(open.contributions(), OF_PEOPLE + 2);
    open.nats.pause();
    let Open { folder, assembly: _, nats, server } = open;
    let (status, said) = server.stop();
    assert!(status.success(), "it does not wait for NATS for ever: {status}: {said:?}");
    nats.go_on();
    drop(folder);
}

#[test]
fn a_line_that_swallows_everything_is_found_out_and_replaced() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let nats = Nats::start();
    let proxy = Proxy::to(&nats);
    folder.configure(&format!("[nats]\nurl = \"{}\"", proxy.url));
    let server = folder.serve();
    open_round(&server, &assembly);
    let mut open = Open { folder, assembly, nats, server };
    let bridge = open.bridge();
    let first = bridge.insist("buses", open.secret(), &submit(2, "Words."));
    proxy.swallow();
    open.people_are_answered(&AtomicU64::new(100));
    open.server.wait_for("NATS is not there");
    proxy.let_through();
    open.server.wait_for(BACK);
    assert_eq!(bridge.insist("buses", open.secret(), &submit(2, "Words.")), first);
    assert_eq!(bridge.insist("buses", open.secret(), &submit(3, "Words."))["type"], "ack");
    assert_eq!(open.contributions(), OF_PEOPLE + 2);
}

#[test]
fn a_flood_of_requests_is_bounded_and_people_are_answered_meanwhile() {
    let mut open = Open::new();
    let bridge = open.bridge();
    open.people_are_answered(&AtomicU64::new(100));
    let (before, secret) = (open.server.resident_kib(), open.secret());
    std::thread::scope(|scope| {
        let flood = (0..FLOOD).map(|n| submit(100_000 + n, &"We waited. ".repeat(100)));
        scope.spawn(|| bridge.ask_and_not_listen("buses", secret, flood));
        open.people_are_answered(&AtomicU64::new(1_000));
    });
    assert_eq!(bridge.insist("buses", open.secret(), &submit(2, "Words."))["type"], "ack");
    let grown = open.server.resident_kib().saturating_sub(before);
    assert!(grown < GROWTH_KIB_MAX, "{grown} KiB more after {FLOOD} requests at once");
    // Whatever was dropped is taken when it is sent again, and nothing is there twice.
    let dropped_or_not = submit(100_000 + FLOOD - 1, &"We waited. ".repeat(100));
    let answer = bridge.insist("buses", open.secret(), &dropped_or_not);
    assert_eq!(answer, bridge.insist("buses", open.secret(), &dropped_or_not));
    assert_eq!(answer["type"], "ack", "{answer}");
    // Thousands of requests without an answer are one line in the log, and one more when that is over.
    open.server.wait_for("NATS requests are answered again");
    let (status, said) = open.server.stop();
    assert!(status.success(), "{status}");
    let complaints: Vec<_> = said.iter().filter(|line| line.contains("NATS")).collect();
    assert_eq!(complaints.len(), 2, "{complaints:?}");
}

/// Waits for the tallies that count so many contributions.
fn heard(tallies: &mut Heard, contributions: u64) -> Value {
    loop {
        let state = tallies.next();
        if state["coverage"]["contributions"] == contributions {
            return state;
        }
    }
}

#[test]
fn the_tallies_go_out_as_they_are_now_and_once_more_after_an_outage() {
    let mut open = Open::new();
    {
        let bridge = open.bridge();
        let mut tallies = bridge.listen("plenary.buses.tallies");
        Way::Socket.submit(&open, 2, "Words.");
        let state = heard(&mut tallies, 1);
        assert_eq!(state, open.server.nobody(&open.assembly).get("tallies.json").json(), "the same counting");
        for n in 3..30 {
            Way::Socket.submit(&open, n, "Words.");
        }
        heard(&mut tallies, 28);
    }
    // What is said while NATS is down is told when it is there again, though nothing is said after that.
    open.nats.kill();
    Way::Socket.submit(&open, 50, "Words.");
    open.server.wait_for("NATS is not there");
    open.nats.start_again();
    let bridge = open.bridge();
    heard(&mut bridge.listen("plenary.buses.tallies"), 29);
}

#[test]
fn an_address_that_is_none_ends_the_start() {
    let folder = Folder::new();
    folder.convene();
    folder.configure("[nats]\nurl = \"not an address\"");
    let Err((code, said)) = Server::try_start(folder.command(&["serve"])) else { panic!("it started") };
    assert_eq!(code, Some(1));
    assert!(said.contains("`nats.url`"), "{said}");
}
