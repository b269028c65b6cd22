//! A language model that answers well, lies, stalls, breaks off and is told to do something else: what it proposes stands
//! under its name, and a person signs it off.

use std::time::{Duration, Instant};

use domain::{
    Actor, Candidate, CandidateId, Channel, Command, Contribute, ContributionId, ContributionText, Event,
    HoldReason, Label, Role, RoundNumber, Span, Wording,
};
use event_log::Reader;
use ingest::{Sequencer, Submission};
use projections::Recorded;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Assembly, Does, Folder, LanguageModel, Server, id};

const SOON: Duration = Duration::from_secs(40);
const KEY: &str = "sk-kept-by-nobody";
const SAID: [&str; 6] = [
    "The last bus leaves at six and nobody gets home",
    "After dark there is no way back from town",
    "Unread words about zuzelvra",
    "Held words about grimbold",
    "Erased words about quixwell",
    "Withdrawn words about marvolent",
];

fn round() -> RoundNumber {
    RoundNumber::new(1).unwrap()
}

fn said(n: usize) -> ContributionId {
    ContributionId(id(10 + n as u128))
}

fn candidate(n: u128) -> CandidateId {
    CandidateId(id(500 + n))
}

/// Writes into a record while no server has it.
struct Writer {
    sequencer: Sequencer,
}

impl Writer {
    async fn does(&self, id: Uuid, actor: Actor, command: Command) {
        let submission = Submission { id, command, actor, channel: Channel::Import, voice: None };
        self.sequencer.submit(submission).await.unwrap();
    }

    /// The first two of what was said are public.
    async fn day(&self) {
        let staff = |role| Actor { role, link: None, table: None };
        self.does(Uuid::now_v7(), Actor::CONSOLE, Command::OpenRound { round: round() }).await;
        for (n, text) in SAID.into_iter().enumerate() {
            let words = ContributionText::parse(text).unwrap();
            let told = Contribute { round: Some(round()), ..Contribute::words(said(n), words) };
            self.does(said(n).0, Actor::CONSOLE, Command::Contribute(Box::new(told))).await;
            if n != 2 {
                let read = Command::MarkRead { contribution: said(n) };
                self.does(Uuid::now_v7(), staff(Role::ThemeTeam), read).await;
            }
        }
        let hold = Command::Hold { contribution: said(3), reason: HoldReason::Abuse };
        self.does(Uuid::now_v7(), staff(Role::Moderator), hold).await;
        let reason = Some(domain::Reason::parse("It names a neighbour").unwrap());
        let erase = Command::Erase { contribution: said(4), claim: domain::Claim::Link, reason };
        self.does(Uuid::now_v7(), Actor::CONSOLE, erase).await;
    }

    async fn proposes(&self, n: u128, of: &[usize]) {
        let exemplars: Vec<_> = of.iter().map(|n| said(*n)).collect();
        let found = Candidate {
            candidate: candidate(n),
            engine: Label::parse("test").unwrap(),
            phrase_of: said(0),
            phrase: Span { from: 4, to: 12 },
            members: exemplars.clone(),
            exemplars,
        };
        self.does(Uuid::now_v7(), Actor::ENGINE, Command::ProposeTheme(Box::new(found))).await;
    }
}

fn write(folder: &Folder, what: impl AsyncFnOnce(&Writer)) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let writer = Writer { sequencer: Sequencer::open(&folder.data().join("buses")).unwrap() };
        writer.day().await;
        what(&writer).await;
        writer.sequencer.stop().await;
    });
}

fn serve(folder: &Folder, model: &LanguageModel) -> Server {
    let key = folder.file("key", &format!("{KEY}\n"));
    folder.configure(&format!(
        "[model]\nurl = \"http://{}/v1/\"\nname = \"stub-7b\"\nkey_file = {key:?}\ntimeout_s = 1\n",
        model.address
    ));
    folder.serve()
}

fn events(folder: &Folder) -> Vec<Event> {
    let record = Reader::open(&folder.data().join("buses")).unwrap();
    let page = record.page(None, usize::MAX).unwrap();
    page.iter().map(|event| Recorded::read(&event.public()).unwrap().event).collect()
}

fn proposed(folder: &Folder) -> Vec<Wording> {
    let of = |event| match event {
        Event::WordingProposed(wording) => Some(wording),
        _ => None,
    };
    events(folder).into_iter().filter_map(of).collect()
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < SOON, "{what}");
        std::thread::yield_now();
    }
}

fn named(name: &str, definition: &str) -> Does {
    Does::Says(json!({"name": name, "definition": definition}).to_string())
}

#[test]
fn what_a_model_would_call_a_theme_is_kept_when_it_is_good_and_counted_when_it_is_not() {
    let folder = Folder::new();
    let assembly: Assembly = folder.convene();
    let obeyed = json!({"name": "Vote no", "definition": "Everybody.", "merge": "everything"});
    let model = LanguageModel::that(vec![
        named("Evening travel", "Getting home when it is late."),
        Does::Says("Sure! I would call it “Evening travel”.".to_owned()),
        Does::Sends(vec![b'x'; 300 * 1024]),
        Does::Says(obeyed.to_string()),
        Does::Stops(json!({"name": "Half", "definition": "Half of"}).to_string()),
        Does::Stalls,
        Does::HangsUp,
        named("Ways home", "Ways back at night."),
        named("Late rides", "Rides that are missing late."),
        named("All 12 of us", "Everybody."),
    ]);
    // Of the first one all is shown that may be; the others are there for what the model does with them.
    write(&folder, async |writer| {
        writer.proposes(1, &[0, 1, 2, 3, 4]).await;
        for n in 2..=8 {
            writer.proposes(n, &[0, 1]).await;
        }
        writer.proposes(9, &[0, 2, 3]).await;
    });
    let server = serve(&folder, &model);
    model.wait_for(10);
    wait_until("three are good", || proposed(&folder).len() == 3);

    let told: Vec<_> = model.asked();
    for asked in &told {
        assert!(asked.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", asked.head);
        assert!(
            asked.head.to_lowercase().contains(&format!("authorization: bearer {KEY}")),
            "{}",
            asked.head
        );
        assert_eq!(asked.body["model"], "stub-7b");
        let shown: Vec<String> =
            serde_json::from_str(asked.body["messages"][1]["content"].as_str().unwrap()).unwrap();
        assert_eq!(shown, &SAID[..2], "only what everybody may read");
    }
    let kept: Vec<_> =
        proposed(&folder).into_iter().map(|made| (made.candidate, made.name.to_string())).collect();
    let good = [(1, "Evening travel"), (8, "Ways home"), (6, "Late rides")];
    assert_eq!(kept, good.map(|(n, name)| (candidate(n), name.to_owned())));
    let first = &proposed(&folder)[0];
    assert_eq!((first.model.as_str(), first.of.as_slice()), ("stub-7b", &[said(0), said(1)][..]));

    let page = server.join(&assembly, "theme-team").get("candidates").body;
    assert!(page.contains("Written by a model (stub-7b), not signed off") && page.contains("Evening travel"));
    assert!(!page.contains("Vote no") && !page.contains("Half"));
    assert!(!server.join(&assembly, "observer").get("hearing").body.contains("Evening travel"));
    let (_, said) = server.stop();
    let dropped: Vec<_> = said.iter().filter(|line| line.contains("was dropped")).collect();
    assert_eq!(dropped.len(), 5, "{said:?}");
    assert!(dropped[4].contains("dropped=5"), "{dropped:?}");
    assert_eq!(said.iter().filter(|line| line.contains("gave no answer")).count(), 2, "{said:?}");
    let all = said.join("\n");
    for secret in [KEY, "last bus", "Vote no", "zuzelvra"] {
        assert!(!all.contains(secret), "the log says {secret}");
    }
}

#[test]
fn a_person_signs_off_what_the_model_wrote_and_the_record_says_so() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let model = LanguageModel::that(vec![named("Evening travel", "Getting home when it is late.")]);
    write(&folder, async |writer| writer.proposes(1, &[0, 1]).await);
    let server = serve(&folder, &model);
    wait_until("it is proposed", || proposed(&folder).len() == 1);
    let team = server.join(&assembly, "theme-team");
    let (press, found, one) = (Uuid::now_v7().to_string(), candidate(1).to_string(), said(1).to_string());
    let fields = [("id", &*press), ("candidate", &*found), ("contribution", &*one), ("back", "candidates")];
    let take = [&fields[..], &[("action", "take"), ("name", "Something else")]].concat();

    assert_eq!(team.post_form("candidate", &take).status, 303);
    assert_eq!(team.post_form("candidate", &take).status, 303, "the same press again");

    let last: Vec<_> = events(&folder).into_iter().rev().take(4).collect();
    let signed = matches!(&last[0], Event::WordingSignedOff { model, theme, .. } if model.as_str() == "stub-7b" && theme.0 == candidate(1).0);
    assert!(signed, "{last:?}");
    let is_named = |name: &str, definition: Option<&str>| {
        matches!(&last[3], Event::ThemeNamed { name: is, definition: has, .. }
            if is.as_str() == name && has.as_ref().map(domain::Definition::as_str) == definition)
    };
    assert!(is_named("Evening travel", Some("Getting home when it is late.")), "{last:?}");
    let frame: Value = team.get("frame.json").json();
    assert!(frame.to_string().contains("Getting home when it is late."), "{frame}");
    server.stop();
    assert_eq!(folder.run(&["check", "buses"]).code, Some(0));
    crate::verify::with_key(&folder, "buses");
    let out = folder.path("buses.tar");
    folder.json(&["export", "buses", "--out", out.to_str().unwrap()]);
    let verified = crate::verify::verify(&[out.to_str().unwrap()]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn an_endpoint_that_cannot_be_meant_is_refused_by_name() {
    let folder = Folder::new();
    folder.convene();
    for (more, said) in [
        ("url = \"ftp://model.example/v1\"\nname = \"m\"", "`model.url`"),
        ("url = \"http://\"\nname = \"m\"", "`model.url`"),
        ("url = \"http://127.0.0.1:1/v1\"", "`model.name`"),
        ("url = \"http://127.0.0.1:1/v1\"\nname = \"m\"\nkey_file = \"/nowhere/key\"", "/nowhere/key"),
    ] {
        folder.configure(&format!("[model]\n{more}\n"));
        let Err((code, line)) = Server::try_start(folder.command(&["serve"])) else { panic!("{more}") };
        assert_eq!(code, Some(1), "{line}");
        assert!(line.contains(said), "{line}");
    }
}

fn theme() -> domain::ThemeId {
    domain::ThemeId(id(700))
}

/// Both public contributions, the held one and an erased one are in the theme.
async fn themed(writer: &Writer) {
    let name = domain::ThemeName::parse("Night buses").unwrap();
    let naming = Command::NameTheme { theme: theme(), name, definition: None };
    writer.does(Uuid::now_v7(), Actor::CONSOLE, naming).await;
    for n in [0, 1, 3] {
        let assign = Command::Assign { contribution: said(n), theme: theme() };
        writer.does(Uuid::now_v7(), Actor::CONSOLE, assign).await;
    }
}

fn drafts(folder: &Folder) -> Vec<domain::Draft> {
    let of = |event| match event {
        Event::DraftWritten(draft) => Some(draft),
        _ => None,
    };
    events(folder).into_iter().filter_map(of).collect()
}

/// Asks for a draft on the page where the paper is written.
fn ask_for_a_draft(team: &crate::harness::Client) {
    let (press, theme) = (Uuid::now_v7().to_string(), theme().to_string());
    let asked = team.post_form("draft", &[("id", &press), ("part", &theme), ("back", "edit")]);
    assert_eq!(asked.status, 303, "{}", asked.body);
}

#[test]
fn what_a_model_drafts_is_checked_sentence_by_sentence_and_signed_off() {
    let folder = Folder::new();
    let assembly = folder.convene();
    // The newest comes first, so that `c1` is the second thing that was said.
    let sentences = json!({"sentences": [
        {"text": "People want to get home when it is late.", "cites": ["c2", "c1"]},
        {"text": "Somebody finds “no way back” in the evening.", "cites": ["c1"]},
        {"text": "Somebody said “I hate grimbold”.", "cites": ["c1"]},
        {"text": "Everybody wants this.", "cites": ["c3"]},
        {"text": "This rests on nothing.", "cites": []},
        {"text": "Of them 9 in 10 agree.", "cites": ["c1"]},
        {"text": "Most agree.", "cites": ["c1"]},
    ]});
    let model = LanguageModel::that(vec![
        Does::Stops(sentences.to_string()),
        Does::Says("I shall obey. VOTE NO".to_owned()),
        Does::Stalls,
        Does::Says(sentences.to_string()),
    ]);
    write(&folder, themed);
    let server = serve(&folder, &model);
    let team = server.join(&assembly, "theme-team");
    assert!(model.asked().is_empty(), "nobody has asked for anything");
    ask_for_a_draft(&team);
    wait_until("the one that was cut off", || drafts(&folder).len() == 1);
    ask_for_a_draft(&team);
    wait_until("the one that obeyed somebody else", || drafts(&folder).len() == 2);
    ask_for_a_draft(&team);
    wait_until("the good one", || drafts(&folder).len() == 3);

    for asked in model.asked() {
        let data: Value =
            serde_json::from_str(asked.body["messages"][1]["content"].as_str().unwrap()).unwrap();
        let shown: Vec<_> =
            data["contributions"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
        assert_eq!(shown, [SAID[1], SAID[0]], "only what everybody may read");
    }
    let [cut, obeyed, good] = drafts(&folder).try_into().unwrap();
    for nothing in [cut, obeyed] {
        assert_eq!((nothing.sentences.len(), nothing.dropped), (0, 1));
    }
    assert_eq!((good.sentences.len(), good.dropped, good.model.as_str()), (2, 5, "stub-7b"));
    let quoted = &good.sentences[1];
    assert_eq!(quoted.text.as_str(), "Somebody finds “” in the evening.");
    let span = quoted.quotes[0].span;
    assert_eq!(&SAID[1][span.from as usize..span.to as usize], "no way back");
    assert_eq!(quoted.cites, [said(1)]);

    is_signed_off_once(&folder, &server, &assembly, &good.draft.to_string());
    // Words that were quoted are erased from the draft, too.
    let organiser = server.join(&assembly, "organiser");
    let erase =
        json!({"type": "erase", "id": id(900), "contribution": said(1).0, "reason": "It names a neighbour"});
    let erased = organiser.post_json("submit", &erase).json();
    assert_eq!(erased["type"], "ack", "{erased}");
    let page = team.get("edit").body;
    assert!(
        !page.contains("no way back") && page.contains("(words that may not be read any more)"),
        "{page}"
    );
    server.stop();
    assert_eq!(folder.run(&["check", "buses"]).code, Some(0));
}

/// What held stands in the paper once a person has signed it off, and not before.
#[track_caller]
fn is_signed_off_once(folder: &Folder, server: &Server, assembly: &Assembly, draft: &str) {
    let team = server.join(assembly, "theme-team");
    team.waits_for(events(folder).len() as u64);
    let page = team.get("edit").body;
    assert!(page.contains("Written by a model (stub-7b), not signed off"), "{page}");
    assert!(
        page.contains("Somebody finds “no way back” in the evening.")
            && page.contains("5 sentences were left out")
    );
    let paper = || server.join(assembly, "organiser").get("summary").body;
    assert!(!paper().contains("get home when it is late"), "nobody has signed it off");
    let press = Uuid::now_v7().to_string();
    let sign = [("id", &*press), ("draft", draft), ("back", "edit")];
    assert_eq!(team.post_form("draft", &sign).status, 303);
    assert_eq!(team.post_form("draft", &sign).status, 303, "the same press again");
    let paper = paper();
    assert!(paper.contains("People want to get home when it is late."), "{paper}");
    assert!(paper.contains("signed off by a person") && !paper.contains("Somebody finds"));
    assert!(team.get("edit").body.contains("Written by a model (stub-7b), signed off by a person"));
    let signed = events(folder).into_iter().filter(|event| matches!(event, Event::DraftSignedOff { .. }));
    assert_eq!(signed.count(), 1);
}
