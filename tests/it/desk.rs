//! The theme desk with six people at it, two of them in a real Chromium. What is checked there stands in
//! `tests/browser/desk.mjs`.

use domain::{
    Actor, Channel, Command, Contribute, ContributionId, ContributionText, Label, RoundNumber, SampleId,
    SamplePurpose, Span, Suggested, SuggestedTheme, TableNumber, ThemeId, ThemeName,
};
use ingest::{Sequencer, Submission};
use serde_json::json;

use crate::harness::{AGENDA, Folder, browse, id};

const THEMES: [&str; 8] =
    ["Times", "Fares", "Safety", "Stops", "Night buses", "Drivers", "Shelters", "Routes"];
/// What the six code, ten each.
const FIRST_ROUND: u128 = 60;
/// One that is very long.
const LONG: u128 = 109;
/// Said in the second round: what is said here is what the browser's side looks for.
const SECOND_ROUND: [&str; 8] = [
    "The last bus leaves at nine and my café shift ends at ten",
    "Two buses an hour is not enough in winter",
    "The last bus goes at nine but my café shift ends at ten",
    "Last bus leaves at nine, and my café shift ends at ten",
    "A fare for two hours instead of one ride",
    "Nobody tells us when a bus is cancelled",
    "The shelter has no roof",
    "I walk home because I feel safer than at the stop",
];

/// Writes a record as commands would, engines among them: no link lets anybody speak for those.
struct Writer {
    sequencer: Sequencer,
    sent: u128,
}

impl Writer {
    async fn does(&mut self, command: Command) {
        self.sent += 1;
        // A contribution has the id of what recorded it.
        let id = match &command {
            Command::Contribute(said) => said.contribution.0,
            _ => id(1_000_000 + self.sent),
        };
        let actor = Actor::CONSOLE;
        let submission = Submission { id, command, actor, channel: Channel::Room, voice: None };
        self.sequencer.submit(submission).await.unwrap();
    }

    async fn says(&mut self, n: u128, words: &str) {
        let words = ContributionText::parse(words).unwrap();
        let table = TableNumber::new(u16::try_from(n % 3).unwrap() + 1);
        let said = Contribute { table, ..Contribute::words(contribution(n), words) };
        self.does(Command::Contribute(Box::new(said))).await;
    }
}

fn contribution(n: u128) -> ContributionId {
    ContributionId(id(n))
}

fn theme(n: usize) -> ThemeId {
    ThemeId(id(900 + n as u128))
}

fn engine() -> Label {
    Label::parse("lexical/test").unwrap()
}

/// “bus leaves” and half of the é of “café”.
fn suggested(n: u128) -> Command {
    let found = |n: usize, score, likely, why: &[(u32, u32)]| SuggestedTheme {
        theme: theme(n),
        score,
        likely,
        why: why.iter().map(|(from, to)| Span { from: *from, to: *to }).collect(),
    };
    let themes = vec![
        found(4, 60_000, true, &[(9, 19), (35, 39)]),
        found(0, 30_000, true, &[]),
        found(5, 9_000, false, &[(0, 3)]),
    ];
    let contribution = contribution(n);
    Command::Suggest(Box::new(Suggested { contribution, engine: engine(), learnt: 40, themes }))
}

async fn write(folder: &Folder, more: usize) {
    let round = |n| RoundNumber::new(n).unwrap();
    let mut writer = Writer { sequencer: Sequencer::open(&folder.data().join("buses")).unwrap(), sent: 0 };
    writer.does(Command::OpenRound { round: round(1) }).await;
    for (n, name) in THEMES.iter().enumerate() {
        let name = ThemeName::parse(name).unwrap();
        writer.does(Command::NameTheme { theme: theme(n), name, definition: None }).await;
    }
    for n in 0..more {
        let name = ThemeName::parse(&format!("A theme with a longer name {n}")).unwrap();
        writer.does(Command::NameTheme { theme: theme(50 + n), name, definition: None }).await;
    }
    for n in 1..=FIRST_ROUND {
        writer.says(n, &format!("What I want to say about buses, number {n}.")).await;
    }
    writer.does(Command::CloseRound { round: round(1) }).await;
    writer.does(Command::OpenRound { round: round(2) }).await;
    for (n, words) in (101..).zip(SECOND_ROUND) {
        writer.says(n, words).await;
    }
    writer.says(LONG, &"A very long contribution about buses. ".repeat(100)).await;
    writer.does(suggested(101)).await;
    for copy in [103, 104] {
        let (contribution, first) = (contribution(copy), contribution(101));
        writer.does(Command::FindAlike { contribution, first, engine: engine() }).await;
    }
    let (sample, purpose) = (SampleId(id(990)), SamplePurpose::Audit);
    writer.does(Command::DrawSample { sample, purpose, round: Some(round(2)), size: 2 }).await;
    writer.sequencer.stop().await;
}

/// The record, the server over it, and what the browser's side has to know.
fn desk(more: usize) -> (Folder, crate::harness::Server, String) {
    let folder = Folder::new();
    // What engines find stands in the record already; more of it meanwhile would move what is looked for.
    folder.configure("[themes]\nsuggest = false\n");
    let agenda = folder.file("agenda.toml", AGENDA);
    let mut day = folder.json(&["new", &agenda]);
    tokio::runtime::Runtime::new().unwrap().block_on(write(&folder, more));
    let server = folder.serve();
    day["url"] = json!(format!("http://{}", server.address));
    day["first_round"] = json!(u64::try_from(FIRST_ROUND).unwrap());
    day["long"] = json!(id(LONG));
    (folder, server, day.to_string())
}

#[test]
fn six_people_code_at_once_and_nothing_is_coded_twice() {
    let (_folder, _server, day) = desk(32);
    browse("desk.mjs", &day, 40);
}
