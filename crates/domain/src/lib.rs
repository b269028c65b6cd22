//! What may happen in an assembly and what it means.
//!
//! Read the modules in this order: [`ids`] and [`text`] (every value is parsed once), [`command`] (what
//! somebody asks for), [`event`] (what happened), [`assembly`] (`decide` and `evolve`: the rules),
//! [`rejection`] (every way to say no, with its sentence).
//!
//! Invariants. This crate never touches a clock, a file, the network or randomness: time and ids are handed in.
//! It never panics on any input. It does not know how an event is stored, sent or shown.

pub mod agenda;
pub mod assembly;
pub mod card;
mod code_frame;
pub mod coding;
pub mod command;
pub mod composition;
pub mod date;
mod decide;
pub mod draft;
pub mod duty;
pub mod event;
pub mod ids;
mod meaning;
mod paper;
pub mod poll;
pub mod rejection;
pub mod role;
mod said;
mod sampling;
pub mod screen;
mod tagged;
pub mod text;
pub mod time;

pub use agenda::{Agenda, DutyRule, Question};
pub use assembly::{Asked, Assembly, Context, Fact, Meta, RoundState};
pub use card::CardNumber;
pub use coding::{Candidate, Coded, Sample, SamplePurpose, Span, Suggested, SuggestedTheme, Wording};
pub use command::{
    CastBallot, Claim, Command, Commit, ContraryBy, Contribute, Decision, HandCount, PaperCommand, Publish,
    SplitTheme, When,
};
pub use composition::{Cell, Composition, Headcount};
pub use date::Date;
pub use draft::{Draft, DraftCommand, Quoted, Sentence};
pub use duty::{
    Committed, Decided, DutyClock, DutyKind, Edition, HoldingReply, Material, Owed, PaperHash, Progress,
    ProseWritten, Published, Reassigned, Rejoined, Replied, Reported, Section, Verdict,
};
pub use event::{Channel, ErasedBy, Event, Form, HoldReason, Kind};
pub use ids::{
    AssemblyId, AttributeNumber, CandidateId, ChangeNumber, CommitmentNumber, ContributionId, DecisionNumber,
    DraftId, DutyNumber, GroupNumber, LinkId, PollId, RoundNumber, SampleId, SeatNumber, Slug, TableNumber,
    ThemeId, VoiceTag,
};
pub use meaning::{BadMeaning, Meaning};
pub use poll::{Method, Poll, Vote};
pub use rejection::{ChangeRejection, PaperRejection, Rejection};
pub use role::{Actor, Role};
pub use sampling::drawn;
pub use screen::Scene;
pub use text::{
    BadText, ContributionText, Definition, DraftText, Label, Name, OptionText, Pledge, Prose, Purpose,
    QuestionText, Reason, ReplyText, ThemeName, Title, WebAddress,
};
pub use time::Timestamp;
