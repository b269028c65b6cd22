//! What somebody asks for. Its parts are parsed already; whether it may happen is for `decide`.

use std::collections::BTreeSet;

use crate::agenda::Agenda;
mod answers;
mod paper;

use crate::card::CardNumber;
use crate::coding::{Candidate, SamplePurpose, Span, Suggested, Wording};
use crate::draft::DraftCommand;
use crate::event::{Form, HoldReason, Kind};
use crate::ids::{
    CandidateId, ChangeNumber, ContributionId, LinkId, PollId, RoundNumber, SampleId, SeatNumber,
    TableNumber, ThemeId, VoiceTag,
};
use crate::meaning::Meaning;
use crate::poll::{Poll, Vote};
use crate::role::Role;
use crate::screen::Scene;
use crate::text::{ContributionText, Definition, Label, QuestionText, Reason, ThemeName, Title};
use crate::time::Timestamp;

pub use paper::{Commit, Decision, PaperCommand, Publish};

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
        reason: Reason,
    },
    MergeTheme {
        theme: ThemeId,
        into: ThemeId,
        reason: Reason,
    },
    /// `into` is a new theme; the contributions are among those of `theme`.
    SplitTheme(Box<SplitTheme>),
    RetireTheme {
        theme: ThemeId,
        reason: Reason,
    },
    UndoChange {
        change: ChangeNumber,
        reason: Reason,
    },
    /// Names the code frame as it stands.
    NameFrame {
        name: Label,
    },
    /// Into these themes and out of all others; into none of them means that it was read.
    Code {
        contribution: ContributionId,
        themes: BTreeSet<ThemeId>,
        when: When,
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
    /// Takes it out of all themes and puts it among the unread again.
    PutBack {
        contribution: ContributionId,
    },
    CodeAgain {
        contribution: ContributionId,
        themes: BTreeSet<ThemeId>,
    },
    TellApart {
        contribution: ContributionId,
    },
    PinQuote {
        contribution: ContributionId,
        theme: ThemeId,
        span: Option<Span>,
    },
    UnpinQuote {
        contribution: ContributionId,
        theme: ThemeId,
    },
    /// What stands beside the theme's finding as its other side, or why nothing does.
    SettleContrary {
        theme: ThemeId,
        by: ContraryBy,
    },
    /// With a name, `theme` is new; else it is there and the candidate is a part of it. The contributions are put
    /// into it.
    AcceptCandidate {
        candidate: CandidateId,
        theme: ThemeId,
        name: Option<ThemeName>,
        contributions: Vec<ContributionId>,
    },
    DismissCandidate {
        candidate: CandidateId,
    },
    DrawSample {
        sample: SampleId,
        purpose: SamplePurpose,
        round: Option<RoundNumber>,
        size: u16,
    },

    // What engines find. They stand inside the server, and none of these can be sent in.
    Suggest(Box<Suggested>),
    ProposeTheme(Box<Candidate>),
    FindAlike {
        contribution: ContributionId,
        first: ContributionId,
        engine: Label,
    },
    /// `wording` is how often the words that were looked at had been corrected.
    Understand {
        contribution: ContributionId,
        wording: u16,
        model: Label,
        meaning: Meaning,
    },
    Draft(DraftCommand),
    ProposeWording(Box<Wording>),
    /// As a model would call it: the candidate becomes a new theme under that name.
    TakeWording {
        candidate: CandidateId,
        theme: ThemeId,
        contributions: Vec<ContributionId>,
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

    /// About the paper, and the duty to answer it.
    Paper(PaperCommand),
}

/// The theme team's word on a theme's other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContraryBy {
    Contribution(ContributionId),
    /// There is none, for that reason.
    Reason(Reason),
}

/// A part of a theme becomes one of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitTheme {
    pub theme: ThemeId,
    pub into: ThemeId,
    pub name: ThemeName,
    pub definition: Option<Definition>,
    pub contributions: Vec<ContributionId>,
    pub reason: Reason,
}

/// Whether a contribution may be coded anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Only while nobody has coded it: of two people who are quick, the first one counts.
    Unread,
    Always,
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
