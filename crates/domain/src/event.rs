//! What happened. The stored form of an event never changes: a new variant is added instead.
//!
//! No event holds what a participant said: a contribution's words travel beside it in a [`crate::Fact`] and are kept
//! sealed. The texts that stand here are the board's, the organisers' and the theme team's own, public for ever.

use serde::{Deserialize, Serialize};

mod about;

use crate::agenda::DutyRule;
use crate::card::CardNumber;
use crate::coding::{Candidate, Sample, Span, Suggested, Wording};
use crate::composition::Composition;
use crate::draft::Draft;
use crate::duty::{
    Committed, Decided, DutyClock, HoldingReply, Material, Owed, ProseWritten, Published, Reassigned,
    Rejoined, Replied, Reported, Section,
};
use crate::ids::{
    CandidateId, ChangeNumber, ContributionId, DraftId, LinkId, PollId, RoundNumber, SeatNumber, TableNumber,
    ThemeId,
};
use crate::poll::{Poll, Vote};
use crate::role::Role;
pub use crate::said::{Channel, ErasedBy, Form, HoldReason, Kind};
use crate::screen::Scene;
use crate::text::{Definition, Label, Name, Purpose, QuestionText, Reason, ThemeName, Title};
use crate::time::Timestamp;

/// One thing that happened, in the past tense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    // The assembly.
    Convened {
        title: Title,
        purpose: Purpose,
        board: Name,
        time_zone: Name,
    },
    TableSeated {
        table: TableNumber,
        seats: u16,
    },
    QuestionAsked {
        round: RoundNumber,
        version: u16,
        title: Title,
        question: QuestionText,
    },
    DutyRuleFixed {
        rule: DutyRule,
    },
    LinkIssued {
        link: LinkId,
        role: Role,
        table: Option<TableNumber>,
        label: Option<Label>,
    },
    LinkRevoked {
        link: LinkId,
    },
    RoundOpened {
        round: RoundNumber,
    },
    RoundClosed {
        round: RoundNumber,
    },
    Closed {},
    /// When the time of the open round is up; nothing happens by itself then. Without a time there is no countdown.
    CountdownSet {
        until: Option<Timestamp>,
    },
    ScreenSet {
        scene: Scene,
    },
    /// From now on `into` speaks for the people of both. What was said at `table` stays said there.
    TableMerged {
        table: TableNumber,
        into: TableNumber,
    },
    /// Some people of `table` sit at `into` from now on, which is new.
    TableSplit {
        table: TableNumber,
        into: TableNumber,
        seats: u16,
    },
    TableMoved {
        table: TableNumber,
        place: Label,
    },

    // Contributions.
    Contributed(Contributed),
    /// The contribution was written on this paper card.
    CardKeyed {
        contribution: ContributionId,
        card: CardNumber,
    },
    /// The latest of a voice counts.
    Voted {
        contribution: ContributionId,
        vote: Vote,
    },
    Corrected {
        contribution: ContributionId,
    },
    ReadBack {
        contribution: ContributionId,
    },
    Withdrawn {
        contribution: ContributionId,
    },
    Held {
        contribution: ContributionId,
        reason: HoldReason,
    },
    Released {
        contribution: ContributionId,
    },
    /// Its words, and those of its corrections, can be opened by nobody any more.
    Erased {
        contribution: ContributionId,
        by: ErasedBy,
        reason: Option<Reason>,
    },

    // The code frame and what was put into it.
    ThemeNamed {
        theme: ThemeId,
        name: ThemeName,
        definition: Option<Definition>,
    },
    ThemeRenamed {
        theme: ThemeId,
        name: ThemeName,
        reason: Reason,
    },
    /// As it was recorded before a reason was asked for.
    ThemeDefined {
        theme: ThemeId,
        definition: Definition,
    },
    ThemeRedefined {
        theme: ThemeId,
        definition: Definition,
        reason: Reason,
    },
    ThemeMerged {
        theme: ThemeId,
        into: ThemeId,
        reason: Reason,
    },
    /// These contributions of `theme` are in `into` from now on, which is new.
    ThemeSplit {
        theme: ThemeId,
        into: ThemeId,
        name: ThemeName,
        definition: Option<Definition>,
        contributions: Vec<ContributionId>,
        reason: Reason,
    },
    ThemeRetired {
        theme: ThemeId,
        reason: Reason,
    },
    /// Takes back the change of the code frame with that number. It is a change itself.
    ChangeUndone {
        change: ChangeNumber,
        reason: Reason,
    },
    /// The code frame as it stands has this name from now on.
    FrameVersioned {
        name: Label,
    },
    Assigned {
        contribution: ContributionId,
        theme: ThemeId,
    },
    Unassigned {
        contribution: ContributionId,
        theme: ThemeId,
    },
    Read {
        contribution: ContributionId,
    },
    SetAside {
        contribution: ContributionId,
        reason: Reason,
    },
    /// It is unread again, as if nobody had coded it.
    PutBack {
        contribution: ContributionId,
    },
    /// A second person, who did not see the first one's themes, would put it into these. No tally counts them.
    CodedAgain {
        contribution: ContributionId,
        themes: Vec<ThemeId>,
    },
    Suggested(Suggested),
    /// Nearly the same words as in `first`, which was said earlier.
    AlikeFound {
        contribution: ContributionId,
        first: ContributionId,
        engine: Label,
    },
    /// A person found that it is no copy.
    ToldApart {
        contribution: ContributionId,
    },
    /// The theme's quotes begin with these words; without a span, with all of them.
    QuotePinned {
        contribution: ContributionId,
        theme: ThemeId,
        span: Option<Span>,
    },
    QuoteUnpinned {
        contribution: ContributionId,
        theme: ThemeId,
    },
    ThemeProposed(Candidate),
    /// It became that theme, or a part of it; without one it was dismissed.
    CandidateSettled {
        candidate: CandidateId,
        theme: Option<ThemeId>,
    },
    SampleDrawn(Sample),
    /// What it means to that model is sealed beside this, and goes when its words go. `wording` is how often it had been
    /// corrected by then.
    Understood {
        contribution: ContributionId,
        wording: u16,
        model: Label,
    },
    /// A person wants a language model to write about that theme.
    DraftAsked {
        draft: DraftId,
        theme: ThemeId,
    },
    DraftWritten(Draft),
    /// A person has read it and answers for it: the prose that was written with this is the draft's.
    DraftSignedOff {
        draft: DraftId,
        theme: ThemeId,
        model: Label,
    },
    /// A language model would call a candidate so.
    WordingProposed(Wording),
    /// A person has read what the model proposed, and answers for it: the theme is called that.
    WordingSignedOff {
        candidate: CandidateId,
        theme: ThemeId,
        model: Label,
    },
    /// The theme team finds this the strongest view against the theme's finding. The newest choice counts.
    ContraryChosen {
        theme: ThemeId,
        contribution: ContributionId,
    },
    /// The theme team has looked for a contrary view and says why there is none.
    NoContrary {
        theme: ThemeId,
        reason: Reason,
    },

    // Polls.
    PollOpened(Poll),
    /// The latest of a voice or a seat counts.
    BallotCast {
        poll: PollId,
        choice: Vec<u8>,
        table: Option<TableNumber>,
        seat: Option<SeatNumber>,
    },
    /// Hands, counted by one person; they count once a second person has found the same numbers.
    HandCountEntered {
        poll: PollId,
        table: Option<TableNumber>,
        counts: Vec<u32>,
    },
    /// From now on it stands in place of the ballots of that table, or of the whole room.
    HandCountConfirmed {
        poll: PollId,
        table: Option<TableNumber>,
        counts: Vec<u32>,
    },
    /// People at home may go on until `remote_until`, because they see the room later.
    PollClosed {
        poll: PollId,
        remote_until: Timestamp,
    },

    // The paper, and the duty to answer it.
    DutyClockFixed(DutyClock),
    ProseWritten(ProseWritten),
    SummaryPublished(Published),
    /// A board member lets everybody see that they have read this part of that version.
    SectionOpened {
        version: u16,
        section: Section,
    },
    DutyOwed(Owed),
    HoldingReplyGiven(HoldingReply),
    Replied(Replied),
    Rejoined(Rejoined),
    Committed(Committed),
    ProgressReported(Reported),
    Delivered(Reported),
    DutyReassigned(Reassigned),
    MaterialShown(Material),
    DecisionTaken(Decided),
    /// Who took part, by group; the newest counts.
    CompositionRecorded(Composition),
}

/// The public part of a contribution: everything about it but the words and the voice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contributed {
    pub contribution: ContributionId,
    pub round: RoundNumber,
    /// The version of the question that the person answered.
    pub version: u16,
    pub table: Option<TableNumber>,
    pub kind: Kind,
    pub form: Form,
    /// The table heard it read back and agreed.
    pub read_back: bool,
    /// The facilitator's tap count of people who said or backed it.
    pub heard_from: Option<u16>,
    /// When it was said, where the source knows that and it was not now (imports, paper).
    pub said_at: Option<Timestamp>,
}
