//! The rules: one arm per command, each saying no first and then what happens.

mod coding;
mod composition;
mod drafts;
mod duties;
mod erasing;
mod polls;
mod room;
mod wording;

use crate::agenda::{Agenda, ROUNDS_MAX, TABLES_MAX};
use crate::assembly::{
    Assembly, Attention, Context, Fact, HEARD_FROM_MAX, LinkState, RoundState, Said, Stage, Standing,
};
use crate::command::{Command, Contribute};
use crate::event::{Contributed, Event};
use crate::ids::{ContributionId, RoundNumber, TableNumber};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::screen::Scene;
use crate::text::{QuestionText, Title};
use crate::time::Timestamp;
use room::{is_table, was_opened};

/// How long after a round has closed people at home may still send what they were saying in it: they hear the room
/// later than it speaks.
pub(crate) const GRACE_MS: u64 = 60_000;

type Decision = Result<Vec<Fact>, Rejection>;

pub(crate) fn decide(state: &Assembly, command: &Command, context: &Context) -> Decision {
    if !command.admits().contains(&context.actor.role) {
        return Err(Rejection::NotForThisRole(context.actor.role));
    }
    match (state.stage, command) {
        (Stage::NotConvened, Command::Convene(agenda)) => return convene(agenda),
        (Stage::NotConvened, _) => return Err(Rejection::NotConvened),
        (Stage::Convened, Command::Convene(_)) => return Err(Rejection::AlreadyConvened),
        (Stage::Closed, command) if !may_follow_the_close(command) => return Err(Rejection::AssemblyClosed),
        (Stage::Convened | Stage::Closed, _) => {}
    }
    match command {
        Command::AskQuestion { round, title, question } => ask(state, *round, title, question),
        Command::Contribute(said) => contribute(state, said, context),
        Command::Correct { contribution, words } => {
            own(state, *contribution, context)?;
            let event = Event::Corrected { contribution: *contribution };
            Ok(vec![Fact { event, words: Some(words.clone()) }])
        }
        Command::Erase { contribution, claim, reason } => {
            erasing::erase(state, *contribution, *claim, reason.as_ref(), context)
        }
        Command::EraseVoice { tags, reason } => erasing::erase_voice(state, tags, reason.as_ref(), context),
        Command::Advance { round, minutes } => room::advance(state, *round, *minutes, context.at),
        Command::SetCountdown { minutes } => room::countdown(state, *minutes, context.at),
        Command::CastBallot(ballot) => polls::cast(state, ballot, context),
        Command::EnterHandCount(count) => polls::enter(state, count, context),
        Command::ConfirmHandCount(count) => polls::confirm(state, count, context),
        Command::ClosePoll { poll } => polls::close(state, *poll, context.at),
        Command::Code { contribution, themes, when } => coding::code(state, *contribution, themes, *when),
        Command::PutBack { contribution } => coding::put_back(state, *contribution),
        Command::AcceptCandidate { candidate, theme, name, contributions } => {
            let named = name.as_ref().map(|name| (name, None));
            coding::accept(state, *candidate, *theme, named, contributions)
        }
        Command::TakeWording { candidate, theme, contributions } => {
            wording::take(state, *candidate, *theme, contributions, context)
        }
        Command::DrawSample { sample, purpose, round, size } => {
            coding::draw(state, *sample, *purpose, *round, usize::from(*size), context)
        }
        Command::Understand { contribution, wording, model, meaning } => {
            coding::understand(state, (*contribution, *wording), model, meaning, context)
        }
        Command::Draft(command) => drafts::decide(state, command, context),
        Command::Paper(command) => duties::decide(state, command, context.today),
        command => {
            permit(state, command, context)?;
            Ok(command.plain_event().map(Fact::from).into_iter().collect())
        }
    }
}

/// A person may take back words, and staff may finish reading, coding and moderating, after the day has ended.
fn may_follow_the_close(command: &Command) -> bool {
    let speaks = matches!(
        command,
        Command::Contribute(_)
            | Command::Correct { .. }
            | Command::ReadBack { .. }
            | Command::Vote { .. }
            | Command::CastBallot(_)
            | Command::EnterHandCount(_)
            | Command::ConfirmHandCount(_)
    );
    let runs_the_day = matches!(
        command,
        Command::OpenRound { .. }
            | Command::CloseRound { .. }
            | Command::AskQuestion { .. }
            | Command::SeatTable { .. }
            | Command::Convene(_)
            | Command::Advance { .. }
            | Command::SetCountdown { .. }
            | Command::MergeTables { .. }
            | Command::SplitTable { .. }
            | Command::MoveTable { .. }
            | Command::OpenPoll(_)
            | Command::ClosePoll { .. }
            | Command::Close
    );
    !speaks && !runs_the_day
}

fn permit(state: &Assembly, command: &Command, context: &Context) -> Result<(), Rejection> {
    match command {
        Command::SeatTable { .. } | Command::Close => Ok(()),
        Command::SetScreen { scene } => may_show(state, *scene),
        Command::MergeTables { table, into } => room::may_merge(state, *table, *into),
        Command::SplitTable { table, into, .. } => room::may_split(state, *table, *into),
        Command::MoveTable { table, .. } => is_table(state, *table),
        Command::OpenPoll(poll) => polls::may_open(state, poll),
        Command::Vote { contribution, .. } => is_public(state, *contribution),
        Command::IssueLink { link, .. } if state.links.contains_key(link) => {
            Err(Rejection::IdUsedForSomethingElse)
        }
        Command::IssueLink { role, table, .. } => may_issue(state, *role, *table),
        Command::RevokeLink { link } => match state.links.get(link) {
            Some(LinkState::Issued) => Ok(()),
            Some(LinkState::Revoked) | None => Err(Rejection::UnknownLink),
        },
        Command::OpenRound { round } => may_open(state, *round),
        Command::CloseRound { round } => is_open(state, *round),
        Command::ReadBack { contribution } => may_mark_read_back(state, *contribution, context),
        Command::Withdraw { contribution } => own(state, *contribution, context).map(drop),
        Command::Hold { contribution, .. } => match standing(state, *contribution)?.standing {
            Standing::Held => Err(Rejection::AlreadyHeld),
            _ => Ok(()),
        },
        Command::Release { contribution } => may_release(state, *contribution),
        Command::NameTheme { .. }
        | Command::RenameTheme { .. }
        | Command::DefineTheme { .. }
        | Command::MergeTheme { .. }
        | Command::SplitTheme(_)
        | Command::RetireTheme { .. }
        | Command::UndoChange { .. }
        | Command::NameFrame { .. }
        | Command::Assign { .. }
        | Command::Unassign { .. }
        | Command::MarkRead { .. }
        | Command::SetAside { .. }
        | Command::CodeAgain { .. }
        | Command::TellApart { .. }
        | Command::PinQuote { .. }
        | Command::UnpinQuote { .. }
        | Command::SettleContrary { .. }
        | Command::DismissCandidate { .. }
        | Command::Suggest(_)
        | Command::ProposeTheme(_)
        | Command::FindAlike { .. } => coding::permit(state, command, context),
        Command::ProposeWording(wording) => wording::may_propose(state, wording, context),
        // Each of these has a function of its own.
        Command::Paper(_)
        | Command::Draft(_)
        | Command::Convene(_)
        | Command::AskQuestion { .. }
        | Command::Advance { .. }
        | Command::SetCountdown { .. }
        | Command::Contribute(_)
        | Command::Correct { .. }
        | Command::Erase { .. }
        | Command::EraseVoice { .. }
        | Command::Code { .. }
        | Command::PutBack { .. }
        | Command::AcceptCandidate { .. }
        | Command::DrawSample { .. }
        | Command::Understand { .. }
        | Command::TakeWording { .. }
        | Command::CastBallot(_)
        | Command::EnterHandCount(_)
        | Command::ConfirmHandCount(_)
        | Command::ClosePoll { .. } => Ok(()),
    }
}

fn may_release(state: &Assembly, id: ContributionId) -> Result<(), Rejection> {
    if standing(state, id)?.standing == Standing::Held { Ok(()) } else { Err(Rejection::NotHeld) }
}

fn convene(agenda: &Agenda) -> Decision {
    if agenda.rounds.is_empty() || agenda.rounds.len() > ROUNDS_MAX || agenda.tables > TABLES_MAX {
        return Err(Rejection::BadAgenda { max: ROUNDS_MAX });
    }
    let convened = Event::Convened {
        title: agenda.title.clone(),
        purpose: agenda.purpose.clone(),
        board: agenda.board.clone(),
        time_zone: agenda.time_zone.clone(),
    };
    let questions = (1..).filter_map(RoundNumber::new).zip(&agenda.rounds).map(|(round, asked)| {
        let (title, question) = (asked.title.clone(), asked.question.clone());
        Event::QuestionAsked { round, version: 1, title, question }
    });
    let tables = (1..=agenda.tables).filter_map(TableNumber::new);
    let seated = tables.map(|table| Event::TableSeated { table, seats: agenda.seats });
    let rule = agenda.duty_rule.clone().map(|rule| Event::DutyRuleFixed { rule });
    let clock = agenda.duty_clock.clone().map(Event::DutyClockFixed);
    Ok(std::iter::once(convened)
        .chain(rule)
        .chain(clock)
        .chain(questions)
        .chain(seated)
        .map(Fact::from)
        .collect())
}

/// A question may be asked anew, as a new version, until its round has opened: what people answered stays what
/// they were asked.
fn ask(state: &Assembly, round: RoundNumber, title: &Title, question: &QuestionText) -> Decision {
    let version = match state.rounds.get(&round) {
        Some(known) if known.state != RoundState::Planned => return Err(Rejection::QuestionInUse(round)),
        Some(known) => known.version.saturating_add(1),
        None if usize::from(round.get()) == state.rounds.len() + 1 && state.rounds.len() < ROUNDS_MAX => 1,
        None => return Err(Rejection::UnknownRound(round)),
    };
    Ok(vec![Event::QuestionAsked { round, version, title: title.clone(), question: question.clone() }.into()])
}

fn contribute(state: &Assembly, said: &Contribute, context: &Context) -> Decision {
    // The organiser brings in what was said elsewhere: on cards, in a survey, at another event.
    let imported = context.actor.role == Role::Organiser;
    let round = match (said.round, state.open_round()) {
        (Some(round), _) | (None, Some(round)) if imported => round,
        (Some(round), _) => may_speak_in(state, round, context).map(|()| round)?,
        (None, Some(round)) => round,
        (None, None) => return Err(Rejection::NoRoundOpen),
    };
    let version = state.rounds.get(&round).ok_or(Rejection::UnknownRound(round))?.version;
    if said.words.is_none() && !imported {
        return Err(Rejection::NoWords);
    }
    let table = table_of(state, said, context)?;
    if said.heard_from.is_some_and(|heard| heard > HEARD_FROM_MAX) {
        return Err(Rejection::TooManyHeard { max: HEARD_FROM_MAX });
    }
    if state.said.contains_key(&said.contribution) {
        return Err(Rejection::IdUsedForSomethingElse);
    }
    if let Some(card) = said.card.as_ref().filter(|card| state.cards.contains(*card)) {
        return Err(Rejection::CardAlreadyKeyed(card.clone()));
    }
    let event = Event::Contributed(Contributed {
        contribution: said.contribution,
        round,
        version,
        table,
        kind: said.kind,
        form: said.form,
        read_back: said.read_back,
        heard_from: said.heard_from,
        // A device's clock may run ahead.
        said_at: said.said_at.map(|said_at| said_at.min(context.at)),
    });
    let keyed = said.card.clone().map(|card| Event::CardKeyed { contribution: said.contribution, card });
    let said = Fact { event, words: said.words.clone() };
    Ok(std::iter::once(said).chain(keyed.map(Fact::from)).collect())
}

/// A table puts down what was said whenever its tablet can; a person at home has a moment of grace.
fn may_speak_in(state: &Assembly, round: RoundNumber, context: &Context) -> Result<(), Rejection> {
    if context.actor.role == Role::Facilitator {
        return was_opened(state, round);
    }
    let closed_at = state.rounds.get(&round).and_then(|round| round.closed_at);
    let in_time = |closed: Timestamp| context.at.millis() <= closed.millis().saturating_add(GRACE_MS);
    if closed_at.is_some_and(in_time) { Ok(()) } else { is_open(state, round) }
}

/// The table that speaks: a facilitator's own; none for a participant; the one on the card in an import.
fn table_of(
    state: &Assembly,
    said: &Contribute,
    context: &Context,
) -> Result<Option<TableNumber>, Rejection> {
    let only_for_tables = said.table.is_some()
        || said.read_back
        || said.heard_from.is_some()
        || said.said_at.is_some()
        || said.card.is_some();
    let table = match context.actor.role {
        Role::Facilitator => {
            let own = context.actor.table.ok_or(Rejection::NoTable)?;
            let then = said.said_at.map_or(context.at, |said_at| said_at.min(context.at));
            let now_at = state.table_at(own, then);
            if said.table.is_some_and(|named| named != own && named != now_at) {
                return Err(Rejection::NotYourTable);
            }
            Some(now_at)
        }
        Role::Organiser => said.table,
        _ if only_for_tables => return Err(Rejection::OnlyForTables),
        _ => None,
    };
    match table {
        Some(table) if !state.tables.contains_key(&table) => Err(Rejection::UnknownTable(table)),
        table => Ok(table),
    }
}

/// The table that a facilitator speaks for just now: theirs, or the one that it was merged into.
fn table_now(state: &Assembly, context: &Context) -> Result<TableNumber, Rejection> {
    let own = context.actor.table.ok_or(Rejection::NoTable)?;
    let table = state.table_at(own, context.at);
    if state.tables.contains_key(&table) { Ok(table) } else { Err(Rejection::UnknownTable(table)) }
}

fn known(state: &Assembly, id: ContributionId) -> Result<&Said, Rejection> {
    state.said.get(&id).ok_or(Rejection::UnknownContribution)
}

/// A contribution that has been neither withdrawn nor erased.
fn standing(state: &Assembly, id: ContributionId) -> Result<&Said, Rejection> {
    let said = known(state, id)?;
    match said.standing {
        Standing::Withdrawn => Err(Rejection::ContributionWithdrawn),
        Standing::Erased => Err(Rejection::ContributionErased),
        Standing::Stands | Standing::Held => Ok(said),
    }
}

/// A contribution of the sender: said at the facilitator's table, or by the same voice.
fn own<'a>(state: &'a Assembly, id: ContributionId, context: &Context) -> Result<&'a Said, Rejection> {
    let said = standing(state, id)?;
    if is_own(state, said, context) { Ok(said) } else { Err(Rejection::NotYours) }
}

/// Tables that were merged answer for what either of them said.
fn is_own(state: &Assembly, said: &Said, context: &Context) -> bool {
    let now = |table| state.table_at(table, context.at);
    match context.actor.role {
        Role::Facilitator => said.table.is_some() && said.table.map(now) == context.actor.table.map(now),
        _ => said.table.is_none() && said.voice.is_some() && said.voice == context.voice,
    }
}

fn may_mark_read_back(state: &Assembly, id: ContributionId, context: &Context) -> Result<(), Rejection> {
    if own(state, id, context)?.read_back { Err(Rejection::AlreadyMarked) } else { Ok(()) }
}

fn may_issue(state: &Assembly, role: Role, table: Option<TableNumber>) -> Result<(), Rejection> {
    match (role, table) {
        (Role::Facilitator, None) => Err(Rejection::NoTable),
        (_, Some(table)) if !state.tables.contains_key(&table) => Err(Rejection::UnknownTable(table)),
        _ => Ok(()),
    }
}

fn may_open(state: &Assembly, round: RoundNumber) -> Result<(), Rejection> {
    match state.open_round() {
        Some(open) => Err(Rejection::AnotherRoundOpen(open)),
        None => state.rounds.get(&round).map(drop).ok_or(Rejection::UnknownRound(round)),
    }
}

fn is_open(state: &Assembly, round: RoundNumber) -> Result<(), Rejection> {
    match state.rounds.get(&round).ok_or(Rejection::UnknownRound(round))?.state {
        RoundState::Open => Ok(()),
        RoundState::Planned | RoundState::Closed => Err(Rejection::RoundNotOpen(round)),
    }
}

/// Whether everybody may read it: a person of the theme team has read it, and nobody holds it back.
fn is_public(state: &Assembly, id: ContributionId) -> Result<(), Rejection> {
    let said = known(state, id)?;
    let public = said.standing == Standing::Stands && said.attention == Attention::Read;
    if public { Ok(()) } else { Err(Rejection::NotPublic) }
}

fn may_show(state: &Assembly, scene: Scene) -> Result<(), Rejection> {
    match scene {
        Scene::Quote(contribution) => is_public(state, contribution),
        Scene::Poll(poll) if !state.polls.contains_key(&poll) => Err(Rejection::UnknownPoll),
        Scene::Poll(_) | Scene::Hearing | Scene::Question | Scene::Join | Scene::Blank => Ok(()),
    }
}
