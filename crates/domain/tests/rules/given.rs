//! What the tests of the rules start from: people, things to ask for, and a day so far.

use domain::ids::RoundNumber;
use domain::{
    Actor, Agenda, Assembly, Channel, Claim, Command, Context, ContraryBy, Contribute, ContributionId,
    ContributionText, DraftCommand, Event, Fact, LinkId, Meta, Name, Purpose, Question, QuestionText, Reason,
    Rejection, Role, TableNumber, ThemeId, ThemeName, Timestamp, Title, VoiceTag,
};
use uuid::Uuid;

/// Somebody asks for something.
pub(crate) type Step = (Context, Command);

/// The assembly after `steps`, each of which must be allowed.
pub(crate) fn given(steps: &[Step]) -> Assembly {
    let mut assembly = Assembly::default();
    for (who, command) in steps {
        let facts = assembly.decide(command, who).unwrap_or_else(|no| panic!("{command:?}: {no}"));
        facts.iter().for_each(|fact| fold(&mut assembly, fact, who));
    }
    assembly
}

/// Folds a fact as the record would hand it back.
pub(crate) fn fold(assembly: &mut Assembly, fact: &Fact, who: &Context) {
    assembly.evolve(&fact.event, &meta(who));
}

pub(crate) fn meta(who: &Context) -> Meta {
    Meta { at: who.at, channel: Some(who.channel), voice: who.voice, device: who.actor.link }
}

/// The events that the step brings about, or why it may not.
pub(crate) fn when(given_steps: &[Step], step: &Step) -> Result<Vec<Event>, Rejection> {
    let facts = given(given_steps).decide(&step.1, &step.0)?;
    Ok(facts.into_iter().map(|fact| fact.event).collect())
}

// People.

/// The Monday on which everything happens.
pub(crate) fn today() -> domain::Date {
    domain::Date::new(2026, 11, 23).unwrap()
}

pub(crate) fn somebody(role: Role, channel: Channel) -> Context {
    let actor = Actor { role, link: None, table: None };
    Context { at: Timestamp(1_000), today: today(), actor, channel, voice: None, lot: [7; 16] }
}

pub(crate) fn organiser() -> Context {
    somebody(Role::Organiser, Channel::Room)
}

pub(crate) fn team() -> Context {
    somebody(Role::ThemeTeam, Channel::Room)
}

pub(crate) fn moderator() -> Context {
    somebody(Role::Moderator, Channel::Room)
}

pub(crate) fn observer() -> Context {
    somebody(Role::Observer, Channel::Remote)
}

/// The facilitator of a table.
pub(crate) fn at_table(number: u16) -> Context {
    let mut who = somebody(Role::Facilitator, Channel::Room);
    who.actor.table = TableNumber::new(number);
    who
}

/// A participant at home.
pub(crate) fn voice(tag: u8) -> Context {
    Context { voice: Some(VoiceTag([tag; 16])), ..somebody(Role::Participant, Channel::Remote) }
}

// Things.

pub(crate) fn round(number: u16) -> RoundNumber {
    RoundNumber::new(number).unwrap()
}

pub(crate) fn table(number: u16) -> TableNumber {
    TableNumber::new(number).unwrap()
}

pub(crate) fn said(n: u128) -> ContributionId {
    ContributionId(Uuid::from_u128(0xc0 << 64 | n))
}

pub(crate) fn theme(n: u128) -> ThemeId {
    ThemeId(Uuid::from_u128(0x7e << 64 | n))
}

pub(crate) fn link(n: u128) -> LinkId {
    LinkId(Uuid::from_u128(0x11 << 64 | n))
}

pub(crate) fn words(text: &str) -> ContributionText {
    ContributionText::parse(text).unwrap()
}

pub(crate) fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

pub(crate) fn question(text: &str) -> QuestionText {
    QuestionText::parse(text).unwrap()
}

pub(crate) fn theme_name(text: &str) -> ThemeName {
    ThemeName::parse(text).unwrap()
}

pub(crate) fn reason() -> Reason {
    Reason::parse("The table agreed").unwrap()
}

// Things to ask for.

/// An agenda of `rounds` rounds and `tables` tables of eight.
pub(crate) fn agenda(rounds: u16, tables: u16) -> Agenda {
    let asked = |n| Question {
        title: title(&format!("Round {n}")),
        question: question(&format!("What matters in {n}?")),
    };
    Agenda {
        title: title("Buses after six"),
        purpose: Purpose::parse("Feeds the timetable of next year").unwrap(),
        board: Name::parse("County transport board").unwrap(),
        time_zone: Name::parse("Europe/London").unwrap(),
        tables,
        seats: 8,
        rounds: (1..=rounds).map(asked).collect(),
        duty_rule: None,
        duty_clock: None,
    }
}

pub(crate) fn convene(rounds: u16, tables: u16) -> Command {
    Command::Convene(Box::new(agenda(rounds, tables)))
}

pub(crate) fn open(number: u16) -> Command {
    Command::OpenRound { round: round(number) }
}

pub(crate) fn close(number: u16) -> Command {
    Command::CloseRound { round: round(number) }
}

pub(crate) fn ask(number: u16) -> Command {
    Command::AskQuestion {
        round: round(number),
        title: title("Asked anew"),
        question: question("What else?"),
    }
}

/// A plain point with some words.
pub(crate) fn point(n: u128) -> Contribute {
    Contribute::words(said(n), words("The last bus leaves at six."))
}

pub(crate) fn say(contribution: Contribute) -> Command {
    Command::Contribute(Box::new(contribution))
}

pub(crate) fn correct(n: u128) -> Command {
    Command::Correct { contribution: said(n), words: words("The last bus leaves at seven.") }
}

pub(crate) fn withdraw(n: u128) -> Command {
    Command::Withdraw { contribution: said(n) }
}

/// By the sender's link, without a reason.
pub(crate) fn erase(n: u128) -> Command {
    Command::Erase { contribution: said(n), claim: Claim::Link, reason: None }
}

pub(crate) fn erase_because(n: u128) -> Command {
    Command::Erase { contribution: said(n), claim: Claim::Link, reason: Some(reason()) }
}

pub(crate) fn erase_by_receipt(n: u128) -> Command {
    Command::Erase { contribution: said(n), claim: Claim::Receipt, reason: None }
}

/// Everything of the voice with this tag.
pub(crate) fn erase_voice(tag: u8) -> Command {
    Command::EraseVoice { tags: [VoiceTag([tag; 16])].into(), reason: None }
}

pub(crate) fn read_back(n: u128) -> Command {
    Command::ReadBack { contribution: said(n) }
}

pub(crate) fn hold(n: u128) -> Command {
    Command::Hold { contribution: said(n), reason: domain::HoldReason::PersonalData }
}

pub(crate) fn release(n: u128) -> Command {
    Command::Release { contribution: said(n) }
}

pub(crate) fn name(n: u128, text: &str) -> Command {
    Command::NameTheme { theme: theme(n), name: theme_name(text), definition: None }
}

pub(crate) fn rename(n: u128, text: &str) -> Command {
    Command::RenameTheme { theme: theme(n), name: theme_name(text), reason: reason() }
}

pub(crate) fn merge(n: u128, into: u128) -> Command {
    Command::MergeTheme { theme: theme(n), into: theme(into), reason: reason() }
}

pub(crate) fn retire(n: u128) -> Command {
    Command::RetireTheme { theme: theme(n), reason: reason() }
}

pub(crate) fn assign(n: u128, to: u128) -> Command {
    Command::Assign { contribution: said(n), theme: theme(to) }
}

pub(crate) fn unassign(n: u128, from: u128) -> Command {
    Command::Unassign { contribution: said(n), theme: theme(from) }
}

pub(crate) fn mark_read(n: u128) -> Command {
    Command::MarkRead { contribution: said(n) }
}

pub(crate) fn set_aside(n: u128) -> Command {
    Command::SetAside { contribution: said(n), reason: reason() }
}

pub(crate) fn define(n: u128, text: &str) -> Command {
    let definition = domain::Definition::parse(text).unwrap();
    Command::DefineTheme { theme: theme(n), definition, reason: reason() }
}

/// Some contributions of theme `n` become theme `into`, "Bus stops".
pub(crate) fn split_theme(n: u128, into: u128, of: &[u128]) -> Command {
    Command::SplitTheme(Box::new(domain::SplitTheme {
        theme: theme(n),
        into: theme(into),
        name: theme_name("Bus stops"),
        definition: None,
        contributions: of.iter().map(|n| said(*n)).collect(),
        reason: reason(),
    }))
}

pub(crate) fn undo(change: u16) -> Command {
    Command::UndoChange { change: domain::ChangeNumber::new(change).unwrap(), reason: reason() }
}

pub(crate) fn name_frame() -> Command {
    Command::NameFrame { name: domain::Label::parse("After lunch").unwrap() }
}

pub(crate) fn themes(of: &[u128]) -> std::collections::BTreeSet<ThemeId> {
    of.iter().map(|n| theme(*n)).collect()
}

pub(crate) fn code(n: u128, into: &[u128]) -> Command {
    Command::Code { contribution: said(n), themes: themes(into), when: domain::When::Always }
}

pub(crate) fn code_unread(n: u128, into: &[u128]) -> Command {
    Command::Code { contribution: said(n), themes: themes(into), when: domain::When::Unread }
}

pub(crate) fn put_back(n: u128) -> Command {
    Command::PutBack { contribution: said(n) }
}

pub(crate) fn code_again(n: u128, into: &[u128]) -> Command {
    Command::CodeAgain { contribution: said(n), themes: themes(into) }
}

pub(crate) fn contrary(to: u128, n: u128) -> Command {
    Command::SettleContrary { theme: theme(to), by: ContraryBy::Contribution(said(n)) }
}

pub(crate) fn no_contrary(to: u128) -> Command {
    Command::SettleContrary { theme: theme(to), by: ContraryBy::Reason(reason()) }
}

pub(crate) fn pin(n: u128, to: u128, span: Option<(u32, u32)>) -> Command {
    let span = span.map(|(from, to)| domain::Span { from, to });
    Command::PinQuote { contribution: said(n), theme: theme(to), span }
}

pub(crate) fn unpin(n: u128, from: u128) -> Command {
    Command::UnpinQuote { contribution: said(n), theme: theme(from) }
}

pub(crate) fn candidate(n: u128) -> domain::CandidateId {
    domain::CandidateId(Uuid::from_u128(0xca << 64 | n))
}

/// Found in contribution 1.
pub(crate) fn propose(n: u128) -> Command {
    Command::ProposeTheme(Box::new(domain::Candidate {
        candidate: candidate(n),
        engine: domain::Label::parse("discover-1").unwrap(),
        phrase_of: said(1),
        phrase: domain::Span { from: 0, to: 8 },
        exemplars: vec![said(1)],
        members: vec![said(1)],
    }))
}

pub(crate) fn accept(n: u128, to: u128, name: Option<&str>, of: &[u128]) -> Command {
    let contributions = of.iter().map(|n| said(*n)).collect();
    let name = name.map(theme_name);
    Command::AcceptCandidate { candidate: candidate(n), theme: theme(to), name, contributions }
}

pub(crate) fn dismiss(n: u128) -> Command {
    Command::DismissCandidate { candidate: candidate(n) }
}

pub(crate) fn suggest(n: u128, of: u128) -> Command {
    let suggested =
        |n| domain::SuggestedTheme { theme: theme(n), score: 40_000, likely: true, why: Vec::new() };
    Command::Suggest(Box::new(domain::Suggested {
        contribution: said(n),
        engine: domain::Label::parse("lexical-1").unwrap(),
        learnt: 3,
        themes: vec![suggested(of)],
    }))
}

pub(crate) fn propose_wording(n: u128, of: &[u128]) -> Command {
    Command::ProposeWording(Box::new(domain::Wording {
        candidate: candidate(n),
        name: theme_name("Evening buses"),
        definition: domain::Definition::parse("Buses after six that do not come.").unwrap(),
        model: domain::Label::parse("a model").unwrap(),
        of: of.iter().map(|n| said(*n)).collect(),
    }))
}

pub(crate) fn ask_draft(n: u128, of: u128) -> Command {
    DraftCommand::Ask { draft: draft(n), theme: theme(of) }.into()
}

fn draft(n: u128) -> domain::DraftId {
    domain::DraftId(uuid::Uuid::from_u128(0xd4 << 64 | n))
}

pub(crate) fn write_draft(n: u128, of: u128, sentences: Vec<domain::Sentence>) -> Command {
    let model = domain::Label::parse("a model").unwrap();
    let (draft, theme) = (draft(n), theme(of));
    DraftCommand::Write(Box::new(domain::Draft { draft, theme, model, sentences, dropped: 1 })).into()
}

/// Rests on the contributions `cites`, and quotes these pieces of contributions.
pub(crate) fn sentence(text: &str, quotes: &[(u128, u32, u32)], cites: &[u128]) -> domain::Sentence {
    let quoted = |(n, from, to): &(u128, u32, u32)| domain::Quoted {
        contribution: said(*n),
        span: domain::Span { from: *from, to: *to },
    };
    domain::Sentence {
        text: domain::DraftText::parse(text).unwrap(),
        quotes: quotes.iter().map(quoted).collect(),
        cites: cites.iter().map(|n| said(*n)).collect(),
    }
}

pub(crate) fn sign_off(n: u128) -> Command {
    DraftCommand::SignOff { draft: draft(n) }.into()
}

pub(crate) fn take_wording(n: u128, to: u128, of: &[u128]) -> Command {
    let contributions = of.iter().map(|n| said(*n)).collect();
    Command::TakeWording { candidate: candidate(n), theme: theme(to), contributions }
}

pub(crate) fn understand(n: u128, wording: u16) -> Command {
    let model = domain::Label::parse("semantic-1").unwrap();
    let meaning = domain::Meaning::parse("AAAA").unwrap();
    Command::Understand { contribution: said(n), wording, model, meaning }
}

pub(crate) fn find_alike(n: u128, first: u128) -> Command {
    let engine = domain::Label::parse("alike-1").unwrap();
    Command::FindAlike { contribution: said(n), first: said(first), engine }
}

pub(crate) fn tell_apart(n: u128) -> Command {
    Command::TellApart { contribution: said(n) }
}

pub(crate) fn draw(n: u128, purpose: domain::SamplePurpose, size: u16) -> Command {
    let sample = domain::SampleId(Uuid::from_u128(0x5a << 64 | n));
    Command::DrawSample { sample, purpose, round: None, size }
}

pub(crate) fn issue(n: u128, role: Role, to_table: Option<u16>) -> Command {
    Command::IssueLink { link: link(n), role, table: to_table.map(table), label: None }
}

pub(crate) fn revoke(n: u128) -> Command {
    Command::RevokeLink { link: link(n) }
}

pub(crate) fn react(n: u128) -> Command {
    Command::Vote { contribution: said(n), vote: domain::Vote::Agree }
}

pub(crate) fn advance(to: Option<u16>) -> Command {
    Command::Advance { round: to.map(round), minutes: Some(20) }
}

pub(crate) fn merge_tables(number: u16, into: u16) -> Command {
    Command::MergeTables { table: table(number), into: table(into) }
}

pub(crate) fn split_table(number: u16, into: u16) -> Command {
    Command::SplitTable { table: table(number), into: table(into), seats: 4 }
}

pub(crate) fn poll(n: u128) -> domain::PollId {
    domain::PollId(Uuid::from_u128(0x90 << 64 | n))
}

/// Between so many options, marked like that; people at home have half a minute more.
pub(crate) fn asked(n: u128, method: domain::Method, options: usize) -> domain::Poll {
    let option = |n: usize| domain::OptionText::parse(&format!("Option {n}")).unwrap();
    domain::Poll {
        poll: poll(n),
        round: None,
        question: question("Which first?"),
        method,
        options: (1..=options).map(option).collect(),
        lag_s: 30,
    }
}

pub(crate) fn open_poll(n: u128) -> Command {
    Command::OpenPoll(Box::new(asked(n, domain::Method::Choose { most: 2 }, 3)))
}

pub(crate) fn close_poll(n: u128) -> Command {
    Command::ClosePoll { poll: poll(n) }
}

pub(crate) fn cast(n: u128, choice: &[u8]) -> Command {
    Command::CastBallot(domain::CastBallot { poll: poll(n), choice: choice.to_vec(), seat: None })
}

pub(crate) fn cast_at_seat(n: u128, seat: u16) -> Command {
    let seat = domain::SeatNumber::new(seat);
    Command::CastBallot(domain::CastBallot { poll: poll(n), choice: vec![1], seat })
}

pub(crate) fn hands(n: u128, counts: &[u32]) -> domain::HandCount {
    domain::HandCount { poll: poll(n), table: None, counts: counts.to_vec() }
}

/// The same person on a device of their own.
pub(crate) fn on_device(who: Context, n: u128) -> Context {
    Context { actor: Actor { link: Some(link(n)), ..who.actor }, ..who }
}

/// So many seconds later than everything else.
pub(crate) fn later(who: Context, seconds: u64) -> Context {
    Context { at: Timestamp(1_000 + seconds * 1_000), ..who }
}

// Days so far.

/// Two rounds are planned and three tables stand ready.
pub(crate) fn convened() -> Vec<Step> {
    vec![(organiser(), convene(2, 3))]
}

/// Round 1 is open.
pub(crate) fn in_round_1() -> Vec<Step> {
    after(convened(), [(organiser(), open(1))])
}

/// In round 1, contribution 1 came from voice 1 and 2 from table 1; 2 is in theme 1, "Night buses", and there is
/// theme 2, "Fares".
pub(crate) fn coded() -> Vec<Step> {
    let day = [
        (voice(1), say(point(1))),
        (at_table(1), say(point(2))),
        (team(), name(1, "Night buses")),
        (team(), name(2, "Fares")),
        (team(), assign(2, 1)),
    ];
    after(in_round_1(), day)
}

/// Poll 4 is open as well, with three options.
pub(crate) fn polling() -> Vec<Step> {
    after(coded(), [(organiser(), open_poll(4))])
}

/// The same at the end of the day.
pub(crate) fn closed() -> Vec<Step> {
    after(coded(), [(organiser(), close(1)), (organiser(), Command::Close)])
}

pub(crate) fn after(mut day: Vec<Step>, steps: impl IntoIterator<Item = Step>) -> Vec<Step> {
    day.extend(steps);
    day
}
