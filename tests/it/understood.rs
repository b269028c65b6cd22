//! A real sentence model beside the running server: what it makes of people's words is sealed like them, erased with them,
//! and enough to replay the record without the model.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Event, Label};
use event_log::{Reader, Words};
use projections::{Engines, Recorded, SentenceModel};
use serde_json::{Value, json};
use themes::{Embedding, Model};
use uuid::Uuid;

use crate::harness::{Assembly, Folder, Server, id, open_round, submit};
use crate::semantic;
use crate::verify::{verify, with_key};

/// A debug build on a busy machine takes a second for a text.
const SOON: Duration = Duration::from_secs(120);

const SAID: [&str; 12] = [
    "The last bus leaves at six and nobody gets home from work",
    "A single ticket costs more than driving into town",
    "On Sundays the coach comes once an hour, if it comes",
    "Fares went up twice this year and wages did not",
    "There is no public transport to the hospital at night",
    "Families cannot afford four tickets for a short trip",
    "My ride home in the evening is late every day",
    "Why is a return so expensive?",
    "Nothing runs after dark out here",
    "Paying for the trip takes a tenth of what I earn",
    "The timetable at our stop has been wrong since spring",
    "A day pass should be cheaper for students",
];

struct Day {
    folder: Folder,
    assembly: Assembly,
    themes: [Uuid; 2],
}

impl Day {
    fn new(model: &Path) -> (Self, Server) {
        let folder = Folder::new();
        configure(&folder, Some(model));
        let assembly = folder.convene();
        let server = folder.serve();
        open_round(&server, &assembly);
        let themes = ["Night buses", "Fares"].map(|name| {
            let id = Uuid::now_v7();
            ask(&server, &assembly, "theme-team", &json!({"type": "name-theme", "id": id, "name": name}));
            id
        });
        (Day { folder, assembly, themes }, server)
    }

    fn say(&self, server: &Server, numbers: std::ops::Range<usize>) {
        for n in numbers {
            ask(server, &self.assembly, "participant", &submit(n as u128 + 10, SAID[n]));
        }
    }

    fn code(&self, server: &Server, numbers: std::ops::Range<usize>) {
        for n in numbers {
            let (contribution, themes) = (id(n as u128 + 10), self.themes[n % 2]);
            let frame =
                json!({"type": "code", "id": Uuid::now_v7(), "contribution": contribution, "themes": themes});
            ask(server, &self.assembly, "theme-team", &frame);
        }
    }

    fn record(&self) -> std::path::PathBuf {
        self.folder.data().join(self.assembly.slug())
    }

    fn events(&self) -> Vec<Recorded> {
        let page = Reader::open(&self.record()).unwrap().page(None, usize::MAX).unwrap();
        page.iter().map(|event| Recorded::read(&event.public()).unwrap()).collect()
    }

    /// Which wordings of which contributions were understood, and where that stands.
    fn understood(&self) -> BTreeMap<(Uuid, u16), Vec<event_log::Position>> {
        let mut understood = BTreeMap::<_, Vec<_>>::new();
        for recorded in self.events() {
            if let Event::Understood { contribution, wording, model } = &recorded.event {
                assert!(model.as_str().starts_with("semantic-1 bert-6x384 "), "{model}");
                assert!(recorded.has_words && recorded.meta.device.is_none());
                understood.entry((contribution.0, *wording)).or_default().push(recorded.position);
            }
        }
        understood
    }

    fn wait_until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < SOON, "{what}: still {:?}", self.understood());
            std::thread::yield_now();
        }
    }

    fn words(&self, position: event_log::Position) -> Words {
        Reader::open(&self.record()).unwrap().words(position).unwrap()
    }
}

fn configure(folder: &Folder, model: Option<&Path>) {
    let model = model.map(|model| format!("model = {model:?}\n")).unwrap_or_default();
    folder.configure(&format!("[themes]\nsuggest = true\n{model}"));
}

#[track_caller]
fn ask(server: &Server, assembly: &Assembly, role: &str, frame: &Value) {
    let answer = server.socket(assembly, role).ask(frame);
    assert_eq!(answer["type"], "ack", "{frame}: {answer}");
}

struct Real(Label, Model);

impl SentenceModel for Real {
    fn name(&self) -> &Label {
        &self.0
    }

    fn embed(&self, text: &str) -> Embedding {
        self.1.embed(text)
    }
}

fn model() -> Option<Arc<dyn SentenceModel>> {
    let [config, vocabulary, weights] = semantic::files()?;
    let model = Model::read(&config, &vocabulary, &weights).unwrap();
    Some(Arc::new(Real(Label::parse(model.name()).unwrap(), model)))
}

#[test]
fn what_the_model_says_survives_kills_and_replays_without_the_model() {
    let Some(folder) = semantic::folder() else { return };
    let (day, mut server) = Day::new(&folder);
    for four in [0..4, 4..8, 8..12] {
        day.say(&server, four.clone());
        // In the middle of it: some of these are understood and some are not.
        day.wait_until("the first of them", |day| day.understood().len() > four.start);
        server.kill();
        server = day.folder.serve();
    }
    day.wait_until("all of them", |day| day.understood().len() == SAID.len());
    assert!(day.understood().values().all(|positions| positions.len() == 1), "nothing was recorded twice");
    day.code(&server, 0..5);
    let helped = |recorded: &Recorded| matches!(&recorded.event, Event::Suggested(made) if made.engine.as_str().starts_with("lexical-1+semantic-1 "));
    day.wait_until("a suggestion with its help", |day| day.events().iter().any(helped));
    server.stop();
    // Four more are coded while nobody reads along, so that there is something new to say.
    day.folder.configure("");
    let server = day.folder.serve();
    day.code(&server, 5..10);
    server.stop();

    let engines = |model| {
        let mut engines = Engines::open(&day.record(), model).unwrap();
        let sayings = engines.sayings().unwrap();
        (sayings, engines.state_hash())
    };
    let (without, with) = (engines(None), engines(model()));

    assert!(!without.0.is_empty(), "there is nothing to say, so nothing is shown here");
    assert_eq!(without, with);
    configure(&day.folder, None);
    let server = day.folder.serve();
    day.wait_until("suggestions without the folder", |day| {
        let last = day.events().into_iter().rev().find_map(|recorded| match recorded.event {
            Event::Suggested(made) => Some(made),
            _ => None,
        });
        last.is_some_and(|made| made.learnt == 10 && made.engine.as_str().contains("+semantic-1 "))
    });
    server.stop();
    assert_eq!(day.folder.run(&["check", day.assembly.slug()]).code, Some(0));
}

#[test]
fn what_words_mean_is_erased_with_them_and_in_no_archive() {
    let Some(folder) = semantic::folder() else { return };
    let (day, server) = Day::new(&folder);
    let person = server.join(&day.assembly, "participant");
    let ask = |frame: Value| assert_eq!(person.post_json("submit", &frame).json()["type"], "ack", "{frame}");
    (0..3).for_each(|n| ask(submit(n as u128 + 10, SAID[n])));
    day.code(&server, 1..2);
    day.wait_until("all of them", |day| day.understood().len() == 3);
    ask(
        json!({"type": "correct", "id": id(90), "contribution": id(10), "text": "The last bus leaves at seven"}),
    );
    day.wait_until("the correction", |day| day.understood().contains_key(&(id(10), 1)));
    let understood = day.understood();
    let (first, corrected, other) =
        (understood[&(id(10), 0)][0], understood[&(id(10), 1)][0], understood[&(id(11), 0)][0]);
    let Words::Open(meaning) = day.words(corrected) else { panic!("nothing is sealed beside it") };
    assert_eq!(meaning.len(), 516);
    let (backup, restored) = (day.folder.path("saved"), day.folder.path("again"));
    let [backup, restored] = [&backup, &restored].map(|path| path.to_str().unwrap());
    day.folder.json(&["backup", "buses", "--out", backup]);

    ask(json!({"type": "erase", "id": id(91), "contribution": id(10)}));

    assert_eq!([first, corrected].map(|at| day.words(at)), [Words::Gone, Words::Gone]);
    assert!(matches!(day.words(other), Words::Open(_)));
    server.stop();
    assert_eq!(day.folder.run(&["check", "buses"]).code, Some(0));
    with_key(&day.folder, "buses");
    let out = day.folder.path("buses.tar");
    day.folder.json(&["export", "buses", "--out", out.to_str().unwrap()]);
    let archive = String::from_utf8_lossy(&fs::read(&out).unwrap()).into_owned();
    assert_eq!(archive.matches(r#""not_public":"meaning""#).count(), 2);
    assert_eq!(archive.matches(r#""not_public":"erased""#).count(), 4);
    assert!(!archive.contains(&meaning));
    let verified = verify(&[out.to_str().unwrap()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    // With the keys of before the erasure, what it erased stays erased.
    let keys = format!("{restored}/keys.db");
    fs::create_dir(restored).unwrap();
    fs::copy(format!("{backup}/keys.db"), &keys).unwrap();
    let now = day.folder.path("saved-after");
    day.folder.json(&["backup", "buses", "--out", now.to_str().unwrap()]);
    fs::rename(day.record(), day.folder.path("elsewhere")).unwrap();
    day.folder.json(&["restore", "buses", "--from", now.to_str().unwrap(), "--keys", &keys]);
    assert_eq!([first, corrected].map(|at| day.words(at)), [Words::Gone, Words::Gone]);
    assert!(matches!(day.words(other), Words::Open(_)));
}

#[test]
fn a_folder_that_holds_no_model_is_refused_by_name() {
    let Some([config, vocabulary, weights]) = semantic::files() else { return };
    let day = Folder::new();
    day.convene();
    let refused = |name: &str, said: &str| {
        configure(&day, Some(&day.path(name)));
        let Err((code, line)) = Server::try_start(day.command(&["serve"])) else {
            panic!("{name} was taken")
        };
        assert_eq!(code, Some(1), "{line}");
        assert!(line.contains("`themes.model`") && line.contains(name) && line.contains(said), "{line}");
    };
    refused("nowhere", "config.json");
    let make = |name: &str, files: [&[u8]; 3]| {
        fs::create_dir(day.path(name)).unwrap();
        for (file, bytes) in ["config.json", "vocab.txt", "model.safetensors"].into_iter().zip(files) {
            fs::write(day.path(name).join(file), bytes).unwrap();
        }
    };
    make("rubbish", [b"{}", &vocabulary, &weights]);
    refused("rubbish", "config.json is not that of a BERT model");
    make("half", [&config, &vocabulary, &weights[..weights.len() / 2]]);
    refused("half", "beyond the end of the file");
    make("other", [&config, b"[PAD]\n", &weights]);
    refused("other", "the vocabulary has");
}
