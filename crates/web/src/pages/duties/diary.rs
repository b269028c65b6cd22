//! What the tests of these pages start from: commands that the rules decide at moments of the tests' choosing, folded into
//! the views that pages are drawn from.

use domain::{
    Actor, Agenda, Assembly, Channel, Command, Commit, CommitmentNumber, Context, Date, Decision, DutyClock,
    DutyNumber, DutyRule, Edition, Meta, Name, PaperCommand, PaperHash, Pledge, Progress, Publish, Purpose,
    Question, QuestionText, Reason, ReplyText, Role, ThemeId, ThemeName, Timestamp, Title, Verdict,
};
use projections::{Position, Recorded, Views};
use uuid::Uuid;

const HOLIDAYS: [&str; 6] =
    ["2027-03-26", "2027-03-29", "2027-12-27", "2027-12-28", "2028-01-03", "2028-04-14"];

pub(crate) struct Diary {
    pub(crate) views: Views,
    rules: Assembly,
    now: Timestamp,
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn office(name: &str) -> Name {
    Name::parse(name).unwrap()
}

fn number(duty: u16) -> DutyNumber {
    DutyNumber::new(duty).unwrap()
}

fn promise(number: u16) -> CommitmentNumber {
    CommitmentNumber::new(number).unwrap()
}

pub(crate) fn theme(n: u128) -> ThemeId {
    ThemeId(Uuid::from_u128(n))
}

fn moment(at: &str) -> Timestamp {
    let at: jiff::Timestamp = at.parse().unwrap();
    Timestamp(u64::try_from(at.as_millisecond()).unwrap())
}

impl Diary {
    /// Two themes, a rule of `days` working days, and the holidays above.
    pub(crate) fn convened(at: &str, days: u16) -> Self {
        let rule = DutyRule {
            tables_at_least: Some(2),
            voices_at_least: Some(10),
            working_days: days,
            owner: office("Director of buses"),
        };
        let mut diary = Self::begun(at, agenda(Some(rule)));
        for (n, name) in [(1, "Night buses"), (2, "Fares & <tickets>")] {
            let name = ThemeName::parse(name).unwrap();
            diary.does(Role::ThemeTeam, Command::NameTheme { theme: theme(n), name, definition: None });
        }
        diary
    }

    pub(crate) fn without_rule(at: &str) -> Self {
        Self::begun(at, agenda(None))
    }

    fn begun(at: &str, agenda: Agenda) -> Self {
        let mut diary = Self { views: Views::default(), rules: Assembly::default(), now: moment(at) };
        diary.does(Role::Organiser, Command::Convene(Box::new(agenda)));
        diary
    }

    /// From now on it is that moment, written in UTC.
    pub(crate) fn at(&mut self, at: &str) -> &mut Self {
        self.now = moment(at);
        self
    }

    pub(crate) fn does(&mut self, role: Role, command: impl Into<Command>) -> &mut Self {
        let actor = Actor { role, ..Actor::CONSOLE };
        let context = Context {
            at: self.now,
            today: ingest::today(self.now, self.rules.time_zone()),
            actor,
            channel: Channel::Remote,
            voice: None,
            lot: [7; 16],
        };
        for fact in self.rules.decide(&command.into(), &context).unwrap() {
            let meta = Meta { at: self.now, channel: Some(Channel::Remote), voice: None, device: None };
            self.rules.evolve(&fact.event, &meta);
            let position = Position::new(self.views.position + 1).unwrap();
            let (has_words, leaf) = (fact.words.is_some(), [0; 32]);
            self.views.apply(&Recorded { position, event: fact.event, meta, has_words, leaf });
        }
        self
    }

    pub(crate) fn publishes(&mut self, version: u8, owed: &[u128]) -> &mut Self {
        let paper = Publish {
            counted_at: 1,
            hash: PaperHash([version; 32]),
            edition: Edition::Interim,
            owed: owed.iter().map(|n| theme(*n)).collect(),
        };
        self.does(Role::Organiser, PaperCommand::Publish(Box::new(paper)))
    }

    pub(crate) fn holds_off(&mut self, duty: u16) -> &mut Self {
        let text = ReplyText::parse("We are asking the operators.").unwrap();
        self.does(Role::BoardMember, PaperCommand::GiveHoldingReply { duty: number(duty), text })
    }

    pub(crate) fn replies(&mut self, duty: u16, text: &str) -> &mut Self {
        let text = ReplyText::parse(text).unwrap();
        self.does(Role::BoardMember, PaperCommand::Reply { duty: number(duty), text })
    }

    pub(crate) fn rejoins(&mut self, duty: u16, verdict: Verdict) -> &mut Self {
        let reason = Reason::parse("Nothing is said of Sundays.").unwrap();
        self.does(Role::Representative, PaperCommand::Rejoin { duty: number(duty), verdict, reason })
    }

    pub(crate) fn promises(&mut self, duty: u16, due: &str) -> &mut Self {
        let text = Pledge::parse("A bus every half hour; until midnight, each day").unwrap();
        let (owner, due) = (office("Head of buses"), day(due));
        let made = Commit { duty: number(duty), text, owner, due };
        self.does(Role::BoardMember, PaperCommand::Commit(Box::new(made)))
    }

    pub(crate) fn reports(&mut self, of: u16) -> &mut Self {
        let text = Pledge::parse("Drivers are being trained.").unwrap();
        self.does(Role::BoardMember, PaperCommand::ReportProgress { commitment: promise(of), text })
    }

    pub(crate) fn delivers(&mut self, of: u16) -> &mut Self {
        let text = Pledge::parse("It runs.").unwrap();
        self.does(Role::BoardMember, PaperCommand::Deliver { commitment: promise(of), text })
    }

    pub(crate) fn reassigns(&mut self, duty: u16, owner: &str) -> &mut Self {
        let reason = Reason::parse("The offices were merged.").unwrap();
        let owner = office(owner);
        self.does(Role::Organiser, PaperCommand::Reassign { duty: number(duty), owner, reason })
    }

    pub(crate) fn decides(&mut self, title: &str) -> &mut Self {
        let (title, version) = (Title::parse(title).unwrap(), 1);
        let (text, changed) =
            (ReplyText::parse("Later buses.").unwrap(), ReplyText::parse("None ran before.").unwrap());
        let decision = Decision { title, text, changed, version };
        self.does(Role::BoardMember, PaperCommand::Decide(Box::new(decision)))
    }

    /// The day that it is for whoever looks at a page now.
    pub(crate) fn today(&self) -> Date {
        crate::pages::clock(&self.views).day(self.now)
    }
}

fn agenda(rule: Option<DutyRule>) -> Agenda {
    let clock = DutyClock {
        calendar: office("England and Wales"),
        holidays: HOLIDAYS.map(day).into(),
        statutory: None,
        progress: Some(Progress { first_months: 3, then_months: 6 }),
    };
    Agenda {
        title: Title::parse("Buses after six").unwrap(),
        purpose: Purpose::parse("Feeds the timetable.").unwrap(),
        board: office("County transport board"),
        time_zone: office("Europe/London"),
        tables: 3,
        seats: 8,
        rounds: vec![Question {
            title: Title::parse("Evenings").unwrap(),
            question: QuestionText::parse("What keeps you from the bus?").unwrap(),
        }],
        duty_clock: rule.as_ref().map(|_| clock),
        duty_rule: rule,
    }
}
