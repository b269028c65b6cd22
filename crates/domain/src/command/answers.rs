//! Who may ask for a command, what it records where nothing else matters, and whether it was recorded before.

use super::{Command, ContraryBy, SplitTheme};
use crate::event::{Contributed, Event};
use crate::ids::ThemeId;
use crate::role::Role;
use crate::text::ContributionText;

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
            Command::Paper(command) => command.admits(),
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
            | Command::SetAside { .. }
            | Command::SplitTheme(_)
            | Command::UndoChange { .. }
            | Command::NameFrame { .. }
            | Command::Code { .. }
            | Command::PutBack { .. }
            | Command::CodeAgain { .. }
            | Command::TellApart { .. }
            | Command::PinQuote { .. }
            | Command::UnpinQuote { .. }
            | Command::SettleContrary { .. }
            | Command::AcceptCandidate { .. }
            | Command::DismissCandidate { .. }
            | Command::DrawSample { .. }
            | Command::Suggest(_)
            | Command::ProposeTheme(_)
            | Command::FindAlike { .. }
            | Command::Understand { .. }
            | Command::ProposeWording(_)
            | Command::Draft(_)
            | Command::TakeWording { .. } => &[Role::ThemeTeam, Role::Organiser],
        }
    }

    /// The private words that it carries, if it carries any.
    pub fn words(&self) -> Option<&ContributionText> {
        match self {
            Command::Contribute(said) => said.words.as_ref(),
            Command::Correct { words, .. } => Some(words),
            Command::Understand { meaning, .. } => Some(meaning.as_words()),
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
            (
                Command::Understand { contribution: now, wording: of, model: by, .. },
                Event::Understood { contribution, wording, model },
            ) => (now, of, by) == (contribution, wording, model) && same_words,
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
            (Command::Code { contribution: now, themes, .. }, event)
                if event.contribution() == Some(*now) =>
            {
                match event {
                    Event::Assigned { theme, .. } => themes.contains(theme),
                    Event::Unassigned { theme, .. } => !themes.contains(theme),
                    event => matches!(event, Event::Read { .. }) && themes.is_empty(),
                }
            }
            (
                Command::PutBack { contribution: now },
                Event::Unassigned { contribution, .. } | Event::PutBack { contribution },
            ) => now == contribution,
            (
                Command::AcceptCandidate { theme: now, .. } | Command::TakeWording { theme: now, .. },
                Event::ThemeNamed { theme, .. },
            ) => now == theme,
            (Command::AcceptCandidate { theme: now, .. }, Event::Assigned { theme, .. }) => now == theme,
            (
                Command::AcceptCandidate { candidate: now, theme: into, .. },
                Event::CandidateSettled { candidate, theme },
            ) => now == candidate && Some(*into) == *theme,
            (Command::Paper(command), event) => command.repeats(event),
            (Command::Draft(command), event) => command.repeats(event),
            (Command::DrawSample { sample, .. }, Event::SampleDrawn(drawn)) => *sample == drawn.sample,
            (command, event) => command.plain_event().as_ref() == Some(event),
        }
    }

    /// The event of a command whose outcome needs nothing but the command itself.
    #[expect(clippy::too_many_lines, reason = "a line for each command, and none is left out")]
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
            Command::DefineTheme { theme, definition, reason } => {
                Event::ThemeRedefined { theme, definition, reason }
            }
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
            Command::SplitTheme(split) => {
                let SplitTheme { theme, into, name, definition, contributions, reason } = *split;
                Event::ThemeSplit { theme, into, name, definition, contributions, reason }
            }
            Command::UndoChange { change, reason } => Event::ChangeUndone { change, reason },
            Command::NameFrame { name } => Event::FrameVersioned { name },
            Command::CodeAgain { contribution, themes } => {
                Event::CodedAgain { contribution, themes: themes.into_iter().collect() }
            }
            Command::TellApart { contribution } => Event::ToldApart { contribution },
            Command::PinQuote { contribution, theme, span } => {
                Event::QuotePinned { contribution, theme, span }
            }
            Command::UnpinQuote { contribution, theme } => Event::QuoteUnpinned { contribution, theme },
            Command::SettleContrary { theme, by } => by.event(theme),
            Command::DismissCandidate { candidate } => Event::CandidateSettled { candidate, theme: None },
            Command::Suggest(suggested) => Event::Suggested(*suggested),
            Command::ProposeWording(wording) => Event::WordingProposed(*wording),
            Command::ProposeTheme(candidate) => Event::ThemeProposed(*candidate),
            Command::FindAlike { contribution, first, engine } => {
                Event::AlikeFound { contribution, first, engine }
            }
            Command::Paper(_)
            | Command::Draft(_)
            | Command::Code { .. }
            | Command::PutBack { .. }
            | Command::AcceptCandidate { .. }
            | Command::DrawSample { .. }
            | Command::Understand { .. }
            | Command::TakeWording { .. }
            | Command::Convene(_)
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

impl ContraryBy {
    fn event(self, theme: ThemeId) -> Event {
        match self {
            ContraryBy::Contribution(contribution) => Event::ContraryChosen { theme, contribution },
            ContraryBy::Reason(reason) => Event::NoContrary { theme, reason },
        }
    }
}
