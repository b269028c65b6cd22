//! Publishing the paper, and the steps of each duty that follows from it.

use super::{Decision, coding};
use crate::assembly::{Assembly, Attention, Fact, Stage, Standing};
use crate::command::{self, Commit, PaperCommand, Publish};
use crate::composition::Composition;
use crate::date::Date;
use crate::duty::{
    Committed, DUTIES_MAX, Decided, DutyKind, Edition, HoldingReply, Material, Owed, ProseWritten, Published,
    Reassigned, Rejoined, Replied, Reported, Verdict, working_days_after,
};
use crate::event::Event;
use crate::ids::{CommitmentNumber, DecisionNumber, DutyNumber, ThemeId};
use crate::paper::{Duty, Kept};
use crate::rejection::{PaperRejection, Rejection};
use crate::text::{Name, Pledge, Reason, ReplyText, WebAddress};

pub(super) fn decide(state: &Assembly, command: &PaperCommand, today: Date) -> Decision {
    match command {
        PaperCommand::WriteProse(written) => {
            may_write(state, written)?;
            Ok(vec![Event::ProseWritten(written.clone()).into()])
        }
        PaperCommand::Publish(paper) => publish(state, paper, today),
        PaperCommand::OpenSection { version, section } => {
            may_open(state, *version)?;
            Ok(vec![Event::SectionOpened { version: *version, section: *section }.into()])
        }
        PaperCommand::GiveHoldingReply { duty, text } => hold_off(state, *duty, text, today),
        PaperCommand::Reply { duty, text } => reply(state, *duty, text, today),
        PaperCommand::Rejoin { duty, verdict, reason } => rejoin(state, *duty, *verdict, reason, today),
        PaperCommand::Commit(promise) => commit(state, promise, today),
        PaperCommand::ReportProgress { commitment, text } => report(state, *commitment, text, today),
        PaperCommand::Deliver { commitment, text } => deliver(state, *commitment, text, today),
        PaperCommand::ShowMaterial(material) => show(material),
        PaperCommand::RecordComposition(counted) => {
            Ok(vec![Event::CompositionRecorded(Composition::of(counted)?).into()])
        }
        PaperCommand::Decide(decision) => take(state, decision, today),
        PaperCommand::Reassign { duty, owner, reason } => reassign(state, *duty, owner, reason, today),
    }
}

/// Publishes the next version. Each theme that met the rule is owed a reply, unless an earlier version saw to that.
fn publish(state: &Assembly, publish: &Publish, today: Date) -> Decision {
    may_publish(state, publish)?;
    let version = u16::try_from(state.paper.versions.len() + 1).unwrap_or(u16::MAX);
    let published = Published {
        version,
        counted_at: publish.counted_at,
        hash: publish.hash,
        edition: publish.edition,
        on: today,
    };
    let owed = duties(state, publish, version, today);
    if state.paper.duties.len() + owed.len() > DUTIES_MAX {
        return Err(PaperRejection::TooManyDuties { max: DUTIES_MAX }.into());
    }
    let owed = owed.into_iter().map(Event::DutyOwed);
    Ok(std::iter::once(Event::SummaryPublished(published)).chain(owed).map(Fact::from).collect())
}

fn may_publish(state: &Assembly, publish: &Publish) -> Result<(), Rejection> {
    let unread = |said: &&crate::assembly::Said| {
        said.attention == Attention::Unread && said.standing == Standing::Stands
    };
    let unread = state.said.values().filter(unread).count();
    match publish.edition {
        Edition::Final if unread > 0 => return Err(PaperRejection::StillUnread { unread }.into()),
        Edition::Final if state.stage != Stage::Closed => return Err(PaperRejection::StillOpen.into()),
        Edition::Final | Edition::Interim => {}
    }
    if state.paper.versions.last() == Some(&publish.hash) {
        let last = u16::try_from(state.paper.versions.len()).unwrap_or(u16::MAX);
        return Err(PaperRejection::SamePaper(last).into());
    }
    publish.owed.iter().try_for_each(|theme| coding::live(state, *theme))
}

fn duties(state: &Assembly, publish: &Publish, version: u16, today: Date) -> Vec<Owed> {
    let Some(rule) = &state.paper.rule else { return Vec::new() };
    let clock = state.paper.clock.as_ref();
    let known = |theme: Option<ThemeId>| state.paper.duties.values().any(|duty| duty.theme == theme);
    let due = match clock {
        Some(clock) => clock.working_days_after(today, rule.working_days),
        None => working_days_after(today, rule.working_days, &std::collections::BTreeSet::new()),
    };
    let statutory = clock.and_then(|clock| clock.statutory).filter(|_| !known(None));
    let statutory = statutory.map(|day| (DutyKind::Statutory, None, day));
    let themes = publish.owed.iter().map(|theme| Some(*theme)).filter(|theme| !known(*theme));
    let replies = themes.map(|theme| (DutyKind::Reply, theme, due));
    let numbers = (state.paper.duties.len() + 1..).map_while(|number| u16::try_from(number).ok());
    let numbers = numbers.filter_map(DutyNumber::new);
    let owed = |(duty, (kind, theme, due))| Owed {
        duty,
        kind,
        theme,
        owner: rule.owner.clone(),
        due,
        version,
        on: today,
    };
    numbers.zip(statutory.into_iter().chain(replies)).map(owed).collect()
}

/// Numbers are placed, not typed; what stands between double square brackets is looked up.
fn may_write(state: &Assembly, written: &ProseWritten) -> Result<(), Rejection> {
    if let Some(theme) = written.theme {
        coding::live(state, theme)?;
    }
    match &written.prose {
        Some(prose) => match typed_number(prose.as_str()) {
            Some(digit) => Err(PaperRejection::NumberTyped(digit).into()),
            None => Ok(()),
        },
        None if state.paper.prose.contains(&written.theme) => Ok(()),
        None => Err(PaperRejection::NoProse.into()),
    }
}

fn typed_number(prose: &str) -> Option<char> {
    let mut rest = prose;
    while let Some((before, after)) = rest.split_once("[[") {
        if let Some(digit) = before.chars().find(|ch| ch.is_numeric()) {
            return Some(digit);
        }
        match after.split_once("]]") {
            Some((_, behind)) => rest = behind,
            // What is never closed is no figure.
            None => return after.chars().find(|ch| ch.is_numeric()),
        }
    }
    rest.chars().find(|ch| ch.is_numeric())
}

fn may_open(state: &Assembly, version: u16) -> Result<(), Rejection> {
    let known = (1..=state.paper.versions.len()).contains(&usize::from(version));
    if known { Ok(()) } else { Err(PaperRejection::UnknownVersion(version).into()) }
}

fn known(state: &Assembly, duty: DutyNumber) -> Result<&Duty, Rejection> {
    state.paper.duties.get(&duty).ok_or(PaperRejection::UnknownDuty(duty).into())
}

fn hold_off(state: &Assembly, duty: DutyNumber, text: &ReplyText, on: Date) -> Decision {
    if known(state, duty)?.replies > 0 {
        return Err(PaperRejection::AlreadyReplied(duty).into());
    }
    Ok(vec![Event::HoldingReplyGiven(HoldingReply { duty, text: text.clone(), on }).into()])
}

/// A reply, or a new version of it.
fn reply(state: &Assembly, duty: DutyNumber, text: &ReplyText, on: Date) -> Decision {
    let known = known(state, duty)?;
    if known.latest.as_ref() == Some(text) {
        return Err(PaperRejection::SameReply.into());
    }
    let version = known.replies.saturating_add(1);
    Ok(vec![Event::Replied(Replied { duty, version, text: text.clone(), on }).into()])
}

fn rejoin(state: &Assembly, duty: DutyNumber, verdict: Verdict, reason: &Reason, on: Date) -> Decision {
    let version = known(state, duty)?.replies;
    if version == 0 {
        return Err(PaperRejection::NoReplyYet(duty).into());
    }
    Ok(vec![Event::Rejoined(Rejoined { duty, version, verdict, reason: reason.clone(), on }).into()])
}

fn commit(state: &Assembly, commit: &Commit, on: Date) -> Decision {
    if known(state, commit.duty)?.replies == 0 {
        return Err(PaperRejection::NoReplyYet(commit.duty).into());
    }
    if commit.due < on {
        return Err(PaperRejection::DayIsOver(commit.due).into());
    }
    let number = u16::try_from(state.paper.commitments.len() + 1).ok();
    let number = number.filter(|number| usize::from(*number) <= DUTIES_MAX).and_then(CommitmentNumber::new);
    let commitment = number.ok_or(PaperRejection::TooManyDuties { max: DUTIES_MAX })?;
    let Commit { duty, text, owner, due } = commit.clone();
    Ok(vec![Event::Committed(Committed { duty, commitment, text, owner, due, on }).into()])
}

fn is_open(state: &Assembly, commitment: CommitmentNumber) -> Result<(), Rejection> {
    match state.paper.commitments.get(&commitment) {
        Some(Kept::NotYet) => Ok(()),
        Some(Kept::Delivered) => Err(PaperRejection::AlreadyDelivered(commitment).into()),
        None => Err(PaperRejection::UnknownCommitment(commitment).into()),
    }
}

fn report(state: &Assembly, commitment: CommitmentNumber, text: &Pledge, on: Date) -> Decision {
    is_open(state, commitment)?;
    Ok(vec![Event::ProgressReported(Reported { commitment, text: text.clone(), on }).into()])
}

fn deliver(state: &Assembly, commitment: CommitmentNumber, text: &Pledge, on: Date) -> Decision {
    is_open(state, commitment)?;
    Ok(vec![Event::Delivered(Reported { commitment, text: text.clone(), on }).into()])
}

fn reassign(state: &Assembly, duty: DutyNumber, owner: &Name, reason: &Reason, on: Date) -> Decision {
    if known(state, duty)?.owner == *owner {
        return Err(PaperRejection::SameOwner.into());
    }
    let (owner, reason) = (owner.clone(), reason.clone());
    Ok(vec![Event::DutyReassigned(Reassigned { duty, owner, reason, on }).into()])
}

fn show(material: &Material) -> Decision {
    let leads = |address: &WebAddress| {
        let text = address.as_str();
        ["https://", "http://"].iter().any(|begin| text.len() > begin.len() && text.starts_with(begin))
            && !text.contains(char::is_whitespace)
    };
    match &material.address {
        Some(address) if !leads(address) => Err(PaperRejection::BadAddress.into()),
        _ => Ok(vec![Event::MaterialShown(material.clone()).into()]),
    }
}

fn take(state: &Assembly, decision: &command::Decision, on: Date) -> Decision {
    may_open(state, decision.version)?;
    let number = u16::try_from(state.paper.decisions + 1).ok().and_then(DecisionNumber::new);
    let number = number.filter(|number| usize::from(number.get()) <= DUTIES_MAX);
    let number = number.ok_or(PaperRejection::TooManyDecisions { max: DUTIES_MAX })?;
    let command::Decision { title, text, changed, version } = decision.clone();
    Ok(vec![Event::DecisionTaken(Decided { decision: number, title, text, changed, version, on }).into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_placed_and_never_typed() {
        for (prose, found) in [
            ("Heard at [[tables]], most of them in the evening.", None),
            ("Heard at [[tables round=2]] of them.", None),
            ("Heard at 7 tables.", Some('7')),
            ("Heard at [[tables]] and ٣ more.", Some('٣')),
            ("A half: ½.", Some('½')),
            ("Never closed [[round=2", Some('2')),
            ("]]2[[", Some('2')),
        ] {
            assert_eq!(typed_number(prose), found, "{prose}");
        }
    }
}
