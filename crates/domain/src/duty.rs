//! What a board owes to an assembly: the clock that was fixed beforehand, the paper as it was published, and each step
//! from *owed* to *delivered*.
//!
//! A duty is numbered in the order in which duties arose. It is due on a day of the calendar, until the end of that day
//! in the assembly's own time zone. Nothing that happens later changes the day: neither a holding reply nor another
//! owner.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::date::{Date, Weekday};
use crate::ids::{CommitmentNumber, DecisionNumber, DutyNumber, ThemeId};
use crate::text::{Name, Pledge, Prose, Reason, ReplyText, Title, WebAddress};

/// Most bank holidays in one calendar.
pub const HOLIDAYS_MAX: usize = 500;
/// Most duties and most commitments of one assembly.
pub const DUTIES_MAX: usize = 2_000;

/// How days are counted for an assembly, and what is due besides the replies. Fixed when it is convened, and public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyClock {
    /// Whose bank holidays these are.
    pub calendar: Name,
    /// Days on which nobody works, besides Saturdays and Sundays; the last one says until when the calendar is known.
    pub holidays: BTreeSet<Date>,
    /// By when a law wants the paper as a whole answered.
    pub statutory: Option<Date>,
    /// When progress on what was promised has to be reported.
    pub progress: Option<Progress>,
}

/// The first report so many months after the promise, and then one each so many months (DemocracyNext: 3 and 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    pub first_months: u16,
    pub then_months: u16,
}

impl DutyClock {
    /// The day on which so many working days are over. The day itself does not count.
    pub fn working_days_after(&self, day: Date, days: u16) -> Date {
        working_days_after(day, days, &self.holidays)
    }

    /// Whether it knows the bank holidays of that day's year.
    pub fn knows(&self, day: Date) -> bool {
        self.holidays.last().is_some_and(|last| day.parts().0 <= last.parts().0)
    }
}

/// Without a calendar, every day from Monday to Friday is a working day.
pub(crate) fn working_days_after(day: Date, days: u16, holidays: &BTreeSet<Date>) -> Date {
    let (mut day, mut left) = (day, days);
    while left > 0 {
        let next = day.plus_days(1);
        if next == day {
            break;
        }
        day = next;
        let rests = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || holidays.contains(&day);
        left -= u16::from(!rests);
    }
    day
}

impl Progress {
    /// When the next report is due on a promise that was made on `made`, if the last one was given on `last`.
    pub fn next(self, made: Date, last: Option<Date>) -> Date {
        let mut due = made.plus_months(self.first_months);
        while last.is_some_and(|last| due <= last) && self.then_months > 0 {
            let next = due.plus_months(self.then_months);
            if next == due {
                break;
            }
            due = next;
        }
        due
    }
}

/// SHA-256 of a published paper without participants' words, as 64 hex digits: its figures, its prose and where each
/// quote stands in the record. Erasing words changes nothing in it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaperHash(pub [u8; 32]);

#[derive(Debug, thiserror::Error)]
#[error("a paper's hash is 64 hex digits")]
pub struct BadHash;

impl fmt::Display for PaperHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PaperHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<PaperHash> for String {
    fn from(hash: PaperHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for PaperHash {
    type Error = BadHash;
    fn try_from(text: String) -> Result<Self, BadHash> {
        let mut hash = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(BadHash);
        }
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| BadHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| BadHash)?;
        }
        Ok(Self(hash))
    }
}

/// Whether anybody is still reading what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// Something is unread, and the paper says how much.
    Interim,
    Final,
}

/// The paper as it stood at a position of the record, from now on for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// From 1.
    pub version: u16,
    /// The position that everything in it was counted at.
    pub counted_at: u64,
    pub hash: PaperHash,
    pub edition: Edition,
    pub on: Date,
}

/// The parts of the paper, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    Question,
    TookPart,
    Findings,
    Range,
    Movement,
    Quotes,
    Agreement,
    Asks,
    Method,
    Duties,
    Record,
}

impl Section {
    pub const ALL: [Section; 11] = [
        Section::Question,
        Section::TookPart,
        Section::Findings,
        Section::Range,
        Section::Movement,
        Section::Quotes,
        Section::Agreement,
        Section::Asks,
        Section::Method,
        Section::Duties,
        Section::Record,
    ];

    /// The word in the record and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Section::Question => "question",
            Section::TookPart => "took-part",
            Section::Findings => "findings",
            Section::Range => "range",
            Section::Movement => "movement",
            Section::Quotes => "quotes",
            Section::Agreement => "agreement",
            Section::Asks => "asks",
            Section::Method => "method",
            Section::Duties => "duties",
            Section::Record => "record",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.as_str() == name)
    }
}

/// An editor's words around the figures; without a theme, those that the paper opens with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProseWritten {
    pub theme: Option<ThemeId>,
    /// `None` takes back what was there.
    pub prose: Option<Prose>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DutyKind {
    /// A written reply to a theme that met the rule.
    Reply,
    /// An answer to the whole paper, by a day that a law names.
    Statutory,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    pub duty: DutyNumber,
    pub kind: DutyKind,
    pub theme: Option<ThemeId>,
    /// The office that answers, not a person's name.
    pub owner: Name,
    pub due: Date,
    /// The version of the paper by which it arose.
    pub version: u16,
    pub on: Date,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingReply {
    pub duty: DutyNumber,
    pub text: ReplyText,
    pub on: Date,
}

/// A reply, or an edited one: the versions are all kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replied {
    pub duty: DutyNumber,
    /// From 1.
    pub version: u16,
    pub text: ReplyText,
    pub on: Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    AnswersIt,
    Partly,
    DoesNot,
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Verdict::AnswersIt, Verdict::Partly, Verdict::DoesNot];

    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::AnswersIt => "answers-it",
            Verdict::Partly => "partly",
            Verdict::DoesNot => "does-not",
        }
    }
}

/// What the assembly's representatives say of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejoined {
    pub duty: DutyNumber,
    /// The version of the reply that they speak of.
    pub version: u16,
    pub verdict: Verdict,
    pub reason: Reason,
    pub on: Date,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    pub duty: DutyNumber,
    pub commitment: CommitmentNumber,
    pub text: Pledge,
    pub owner: Name,
    pub due: Date,
    pub on: Date,
}

/// What has been done about a promise; `Delivered` is the last of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub commitment: CommitmentNumber,
    pub text: Pledge,
    pub on: Date,
}

/// Another office answers from now on. The day on which it is due stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reassigned {
    pub duty: DutyNumber,
    pub owner: Name,
    pub reason: Reason,
    pub on: Date,
}

/// Something that people were given to read, and from now on can be found there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    pub title: Title,
    pub address: Option<WebAddress>,
    /// SHA-256 of the file, so that nobody can say later that it was another one.
    pub hash: Option<PaperHash>,
}

/// What the board decided, and what the assembly changed about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub decision: DecisionNumber,
    pub title: Title,
    pub text: ReplyText,
    /// What is different because of what was said, or why nothing is.
    pub changed: ReplyText,
    /// The version of the paper that lay before the board.
    pub version: u16,
    pub on: Date,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_bank_holidays_are_no_working_days() {
        let holidays = ["2026-12-25", "2026-12-28", "2027-01-01"].map(day).into();
        for (from, days, due) in [
            ("2026-11-23", 0, "2026-11-23"),
            ("2026-11-23", 1, "2026-11-24"),
            ("2026-11-27", 1, "2026-11-30"),
            ("2026-11-28", 1, "2026-11-30"),
            ("2026-12-24", 1, "2026-12-29"),
            ("2026-12-24", 4, "2027-01-04"),
            ("2028-02-28", 2, "2028-03-01"),
        ] {
            assert_eq!(working_days_after(day(from), days, &holidays), day(due), "{days} days from {from}");
        }
        assert_eq!(working_days_after(day("9999-12-30"), 9, &holidays), day("9999-12-31"));
    }

    #[test]
    fn progress_is_due_at_three_months_and_then_each_six() {
        let progress = Progress { first_months: 3, then_months: 6 };
        let made = day("2026-11-30");
        for (last, due) in [
            (None, "2027-02-28"),
            (Some("2027-02-01"), "2027-02-28"),
            (Some("2027-02-28"), "2027-08-28"),
            (Some("2027-09-15"), "2028-02-28"),
        ] {
            assert_eq!(progress.next(made, last.map(day)), day(due), "last report {last:?}");
        }
        let once = Progress { first_months: 3, then_months: 0 };
        assert_eq!(once.next(made, Some(day("2027-03-01"))), day("2027-02-28"));
    }

    #[test]
    fn a_hash_is_written_as_it_is_read() {
        let text = "00ff".repeat(16);
        assert_eq!(PaperHash::try_from(text.clone()).unwrap().to_string(), text);
        for bad in ["", "00FF", &text[1..], &"zz".repeat(32)] {
            assert!(PaperHash::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
