//! It keeps its word: whatever was acknowledged before a crash is there after it, once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use event_log::Reader;
use serde_json::Value;
use uuid::Uuid;

use crate::harness::{
    Assembly, Client, Folder, PATIENCE, Random, Server, Socket, number, open_round, submit,
};

const CRASHES: u64 = 50;
const PHONES: usize = 4;
/// Most acknowledgements that are waited for before the server is killed.
const ACKS_MAX: u64 = 60;

/// What phones know when the server is gone.
#[derive(Default)]
struct Phones {
    /// What each acknowledged id was answered with.
    acked: BTreeMap<Uuid, Value>,
    /// Sent and not answered: it may have been recorded or not.
    unanswered: Vec<u128>,
}

enum News {
    Acked(Uuid, Value),
    Unanswered(u128),
}

#[test]
fn whatever_was_acknowledged_is_there_once_after_every_crash() {
    let seed = number("PLENARY_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let crashes = number("PLENARY_CRASHES").unwrap_or(CRASHES);
    println!("crash test: {crashes} crashes from PLENARY_SEED={seed}");
    let mut random = Random::of(seed);
    let folder = Folder::new();
    let assembly = folder.convene();
    begin(&folder, &assembly);
    let (mut phones, next) = (Phones::default(), AtomicU64::new(10));
    for crash in 1..=crashes {
        let server = folder.serve();
        ask_again(&server, &assembly, &mut phones);
        load_and_kill(server, &assembly, &next, &mut phones, random.below(ACKS_MAX));
        is_kept(&folder, &phones, &format!("crash {crash} of PLENARY_SEED={seed}"));
    }
    let server = folder.serve();
    ask_again(&server, &assembly, &mut phones);
    drop(server);
    is_kept(&folder, &phones, "the end");
    println!("crash test: {} contributions were acknowledged, and each is there once", phones.acked.len());
    assert!(phones.acked.len() as u64 >= crashes, "so few acknowledgements that nothing was tried");
    folder.json(&["check", assembly.slug()]);
    assert_eq!(folder.run(&["replay", assembly.slug()]).code, Some(0));
}

fn begin(folder: &Folder, assembly: &Assembly) {
    let server = folder.serve();
    open_round(&server, assembly);
}

/// Lets the phones speak as fast as they can, and kills the server in the middle of it.
fn load_and_kill(server: Server, assembly: &Assembly, next: &AtomicU64, phones: &mut Phones, acks: u64) {
    let clients: Vec<_> = (0..PHONES).map(|_| server.join(assembly, "participant")).collect();
    let (news, heard) = mpsc::channel();
    thread::scope(|scope| {
        for client in &clients {
            let news = news.clone();
            scope.spawn(move || speak(client, next, &news));
        }
        drop(news);
        let waited = (0..acks).map_while(|_| heard.recv_timeout(PATIENCE).ok());
        waited.for_each(|said| phones.note(said));
        server.kill();
        phones.listen(&heard);
    });
}

/// Sends two at a time, so that there is always one on its way when the server dies.
fn speak(client: &Client, next: &AtomicU64, news: &Sender<News>) {
    let mut pending = Vec::new();
    if let Ok(mut socket) = Socket::open(client) {
        loop {
            let n = u128::from(next.fetch_add(1, Ordering::Relaxed));
            pending.push(n);
            if socket.send(&submit(n, &words(n))).is_err() {
                break;
            }
            if pending.len() < 2 {
                continue;
            }
            let Ok(answer) = socket.answer() else { break };
            let id = Socket::id_of(&answer).unwrap();
            pending.retain(|n| crate::harness::id(*n) != id);
            drop(news.send(News::Acked(id, answer)));
        }
    }
    pending.into_iter().for_each(|n| drop(news.send(News::Unanswered(n))));
}

fn words(n: u128) -> String {
    format!("This is contribution {n}, said while the lights went out.")
}

impl Phones {
    fn note(&mut self, news: News) {
        match news {
            News::Acked(id, answer) => {
                assert_eq!(answer["type"], "ack", "{answer}");
                assert!(self.acked.insert(id, answer).is_none(), "{id} was answered twice");
            }
            News::Unanswered(n) => self.unanswered.push(n),
        }
    }

    fn listen(&mut self, heard: &Receiver<News>) {
        heard.iter().for_each(|news| self.note(news));
    }
}

/// A phone that got no answer sends the same again; one that got an answer gets the same one.
fn ask_again(server: &Server, assembly: &Assembly, phones: &mut Phones) {
    let mut phone = server.socket(assembly, "participant");
    for n in std::mem::take(&mut phones.unanswered) {
        let answer = phone.ask(&submit(n, &words(n)));
        phones.note(News::Acked(crate::harness::id(n), answer));
    }
    if let Some((id, answer)) = phones.acked.last_key_value() {
        let n = id.as_u128() - crate::harness::id(0).as_u128();
        assert_eq!(&phone.ask(&submit(n, &words(n))), answer);
    }
}

/// Reads the record itself: every acknowledged contribution at its position, and none of them twice.
fn is_kept(folder: &Folder, phones: &Phones, when: &str) {
    let record = Reader::open(&folder.data().join("buses")).unwrap();
    let mut there: BTreeMap<Uuid, Vec<u64>> = BTreeMap::new();
    for event in record.page(None, usize::MAX).unwrap() {
        if event.kind == "contributed" {
            there.entry(event.id.unwrap()).or_default().push(event.position.get());
        }
    }
    for (id, answer) in &phones.acked {
        let position = answer["position"].as_u64().unwrap();
        assert_eq!(there.get(id), Some(&vec![position]), "{id} after {when}");
    }
    let twice = there.iter().find(|(_, positions)| positions.len() > 1);
    assert_eq!(twice, None, "after {when}");
}
