//! What somebody asks for. Its parts are parsed already; whether it may happen is for `decide`.

use std::collections::BTreeSet;

use crate::agenda::Agenda;
use crate::card::CardNumber;
use crate::event::{Contributed, Event, Form, HoldReason, Kind};
use crate::ids::{ContributionId, LinkId, PollId, RoundNumber, SeatNumber, TableNumber, ThemeId, VoiceTag};
use crate::poll::{Poll, Vote};
use crate::role::Role;
use crate::screen::Scene;
use crate::text::{ContributionText, Definition, Label, QuestionText, Reason, ThemeName, Title};
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Convene(Box<Agenda>),
    AskQuestion {
        round: RoundNumber,
        title: Title,
        question: QuestionText,
    },
    SeatTable {
        table: TableNumber,
        seats: u16,
    },
    IssueLink {
        link: LinkId,
        role: Role,
        table: Option<TableNumber>,
        label: Option<Label>,
    },
    RevokeLink {
        link: LinkId,
    },
    OpenRound {
        round: RoundNumber,
    },
    CloseRound {
        round: RoundNumber,
    },
    /// Closes the round that is open, opens the next and sets its countdown: one action that moves everyone. Without
    /// a round it only closes.
    Advance {
        round: Option<RoundNumber>,
        minutes: Option<u16>,
    },
    /// Without minutes there is no countdown any more.
    SetCountdown {
        minutes: Option<u16>,
    },
    SetScreen {
        scene: Scene,
    },
    MergeTables {
        table: TableNumber,
        into: TableNumber,
    },
    SplitTable {
        table: TableNumber,
        into: TableNumber,
        seats: u16,
    },
    MoveTable {
        table: TableNumber,
        place: Label,
    },
    Close,

    Contribute(Box<Contribute>),
    Correct {
        contribution: ContributionId,
        words: ContributionText,
    },
    ReadBack {
        contribution: ContributionId,
    },
    Withdraw {
        contribution: ContributionId,
    },
    Hold {
        contribution: ContributionId,
        reason: HoldReason,
    },
    Release {
        contribution: ContributionId,
    },
    Erase {
        contribution: ContributionId,
        claim: Claim,
        reason: Option<Reason>,
    },
    /// Everything that one voice has said. The tags are that voice's, one for each question; they are worked out
    /// from its key and never come from the sender.
    EraseVoice {
        tags: BTreeSet<VoiceTag>,
        reason: Option<Reason>,
    },

    NameTheme {
        theme: ThemeId,
        name: ThemeName,
        definition: Option<Definition>,
    },
    RenameTheme {
        theme: ThemeId,
        name: ThemeName,
        reason: Reason,
    },
    DefineTheme {
        theme: ThemeId,
        definition: Definition,
    },
    MergeTheme {
        theme: ThemeId,
        into: ThemeId,
        reason: Reason,
    },
    RetireTheme {
        theme: ThemeId,
        reason: Reason,
    },
    Assign {
        contribution: ContributionId,
        theme: ThemeId,
    },
    Unassign {
        contribution: ContributionId,
        theme: ThemeId,
    },
    MarkRead {
        contribution: ContributionId,
    },
    SetAside {
        contribution: ContributionId,
        reason: Reason,
    },

    Vote {
        contribution: ContributionId,
        vote: Vote,
    },
    OpenPoll(Box<Poll>),
    CastBallot(CastBallot),
    EnterHandCount(HandCount),
    ConfirmHandCount(HandCount),
    ClosePoll {
        poll: PollId,
    },
}

/// One ballot: options by their numbers from 1, in order of preference where that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastBallot {
    pub poll: PollId,
    pub choice: Vec<u8>,
    /// The seat that votes, where a table's tablet or a keypad does. A participant's voice needs none.
    pub seat: Option<SeatNumber>,
}

/// Hands for each option, at one table or, without one, in the whole room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandCount {
    pub poll: PollId,
    pub table: Option<TableNumber>,
    pub counts: Vec<u32>,
}

/// By what somebody shows that they may have words erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// By their link: they said it, it was said at their table, or they are the organiser.
    Link,
    /// By the receipt of that contribution, which whoever took the command in has looked up.
    Receipt,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribute {
    pub contribution: ContributionId,
    /// `None` means the round that is open.
    pub round: Option<RoundNumber>,
    pub table: Option<TableNumber>,
    pub kind: Kind,
    pub form: Form,
    pub read_back: bool,
    pub heard_from: Option<u16>,
    /// As its device reckons it; never later than it is recorded. Only tables and the organiser know such a thing.
    pub said_at: Option<Timestamp>,
    /// The paper card that it was written on.
    pub card: Option<CardNumber>,
    /// `None` only in an import, for a row whose answer was left blank.
    pub words: Option<ContributionText>,
}

impl Contribute {
    /// A plain point in the speaker's own words, in the round that is open.
    pub fn words(contribution: ContributionId, words: ContributionText) -> Self {
        Self {
            contribution,
            round: None,
            table: None,
            kind: Kind::Point,
            form: Form::Verbatim,
            read_back: false,
            heard_from: None,
            said_at: None,
            card: None,
            words: Some(words),
        }
    }
}

impl Command {
    /// The roles that may ask for it. The organiser may run the day; only the theme team codes; only the person who
    /// said a thing, or the table, may change it.
    pub fn admits(&self) -> &'static [Role] {
        match self {
            Command::Convene(_)
            | Command::AskQuestion { .. }
            | Command::SeatTable { .. }
            | Command::IssueLink { .. }
            | Command::RevokeLink { .. }
            | Command::OpenRound { .. }
            | Command::CloseRound { .. }
            | Command::Advance { .. }
            | Command::SetCountdown { .. }
            | Command::SetScreen { .. }
            | Command::MergeTables { .. }
            | Command::SplitTable { .. }
            | Command::MoveTable { .. }
            | Command::OpenPoll(_)
            | Command::ClosePoll { .. }
            | Command::Close => &[Role::Organiser],
            Command::Vote { .. } => &[Role::Participant],
            Command::CastBallot(_) => &[Role::Facilitator, Role::Participant],
            Command::EnterHandCount(_) | Command::ConfirmHandCount(_) => {
                &[Role::Facilitator, Role::Organiser, Role::ThemeTeam, Role::Moderator]
            }
            Command::Contribute(_) => &[Role::Facilitator, Role::Participant, Role::Organiser],
            Command::Correct { .. } | Command::Withdraw { .. } => &[Role::Facilitator, Role::Participant],
            Command::Erase { .. } => &[Role::Facilitator, Role::Participant, Role::Organiser],
            Command::EraseVoice { .. } => &[Role::Participant, Role::Organiser],
            Command::ReadBack { .. } => &[Role::Facilitator],
            Command::Hold { .. } | Command::Release { .. } => &[Role::Moderator],
            Command::NameTheme { .. }
            | Command::RenameTheme { .. }
            | Command::DefineTheme { .. }
            | Command::MergeTheme { .. }
            | Command::RetireTheme { .. }
            | Command::Assign { .. }
            | Command::Unassign { .. }
            | Command::MarkRead { .. }
            | Command::SetAside { .. } => &[Role::ThemeTeam, Role::Organiser],
        }
    }

    /// The private words that it carries, if it carries any.
    pub fn words(&self) -> Option<&ContributionText> {
        match self {
            Command::Contribute(said) => said.words.as_ref(),
            Command::Correct { words, .. } => Some(words),
            _ => None,
        }
    }

    /// Whether `stored`, which was recorded under the same id with `words`, is this very command's doing, so that
    /// the answer of then is the answer of now. For a contribution the words decide: a device that lost the ack may
    /// send it again over another channel, after a restart, or when the round has closed.
    pub fn repeats(&self, stored: &Event, words: Option<&str>) -> bool {
        let same_words = self.words().map(ContributionText::as_str) == words;
        match (self, stored) {
            (Command::Contribute(now), Event::Contributed(Contributed { contribution, .. })) => {
                now.contribution == *contribution && same_words
            }
            (Command::Correct { contribution: now, .. }, Event::Corrected { contribution }) => {
                now == contribution && same_words
            }
            // A contributor's erasure is recorded without a reason, whatever was sent with it.
            (
                Command::Erase { contribution: now, reason: why, .. },
                Event::Erased { contribution, reason, .. },
            ) => now == contribution && (reason.is_none() || why == reason),
            (Command::EraseVoice { reason: why, .. }, Event::Erased { reason, .. }) => {
                reason.is_none() || why == reason
            }
            (
                Command::AskQuestion { round: now, title: heading, question: asked },
                Event::QuestionAsked { round, title, question, .. },
            ) => (now, heading, asked) == (round, title, question),
            (Command::Advance { round: Some(now), .. }, Event::RoundOpened { round }) => now == round,
            (Command::Advance { round: now, .. }, Event::RoundClosed { round }) => *now != Some(*round),
            // Until when, follows from when it was first recorded.
            (Command::SetCountdown { minutes }, Event::CountdownSet { until }) => {
                minutes.is_some() == until.is_some()
            }
            (Command::ClosePoll { poll: now }, Event::PollClosed { poll, .. }) => now == poll,
            (Command::CastBallot(now), Event::BallotCast { poll, choice, seat, .. }) => {
                (now.poll, &now.choice, now.seat) == (*poll, choice, *seat)
            }
            (Command::EnterHandCount(now), Event::HandCountEntered { poll, table, counts })
            | (Command::ConfirmHandCount(now), Event::HandCountConfirmed { poll, table, counts }) => {
                now.poll == *poll && (now.table.is_none() || now.table == *table) && now.counts == *counts
            }
            (command, event) => command.plain_event().as_ref() == Some(event),
        }
    }

    /// The event of a command whose outcome needs nothing but the command itself.
    pub(crate) fn plain_event(&self) -> Option<Event> {
        Some(match self.clone() {
            Command::SeatTable { table, seats } => Event::TableSeated { table, seats },
            Command::IssueLink { link, role, table, label } => Event::LinkIssued { link, role, table, label },
            Command::RevokeLink { link } => Event::LinkRevoked { link },
            Command::OpenRound { round } => Event::RoundOpened { round },
            Command::CloseRound { round } => Event::RoundClosed { round },
            Command::Close => Event::Closed {},
            Command::ReadBack { contribution } => Event::ReadBack { contribution },
            Command::Withdraw { contribution } => Event::Withdrawn { contribution },
            Command::Hold { contribution, reason } => Event::Held { contribution, reason },
            Command::Release { contribution } => Event::Released { contribution },
            Command::NameTheme { theme, name, definition } => Event::ThemeNamed { theme, name, definition },
            Command::RenameTheme { theme, name, reason } => Event::ThemeRenamed { theme, name, reason },
            Command::DefineTheme { theme, definition } => Event::ThemeDefined { theme, definition },
            Command::MergeTheme { theme, into, reason } => Event::ThemeMerged { theme, into, reason },
            Command::RetireTheme { theme, reason } => Event::ThemeRetired { theme, reason },
            Command::Assign { contribution, theme } => Event::Assigned { contribution, theme },
            Command::Unassign { contribution, theme } => Event::Unassigned { contribution, theme },
            Command::MarkRead { contribution } => Event::Read { contribution },
            Command::SetAside { contribution, reason } => Event::SetAside { contribution, reason },
            Command::SetScreen { scene } => Event::ScreenSet { scene },
            Command::MergeTables { table, into } => Event::TableMerged { table, into },
            Command::SplitTable { table, into, seats } => Event::TableSplit { table, into, seats },
            Command::MoveTable { table, place } => Event::TableMoved { table, place },
            Command::Vote { contribution, vote } => Event::Voted { contribution, vote },
            Command::OpenPoll(poll) => Event::PollOpened(*poll),
            Command::Convene(_)
            | Command::AskQuestion { .. }
            | Command::Advance { .. }
            | Command::SetCountdown { .. }
            | Command::Contribute(_)
            | Command::Correct { .. }
            | Command::Erase { .. }
            | Command::EraseVoice { .. }
            | Command::CastBallot(_)
            | Command::EnterHandCount(_)
            | Command::ConfirmHandCount(_)
            | Command::ClosePoll { .. } => return None,
        })
    }
}
