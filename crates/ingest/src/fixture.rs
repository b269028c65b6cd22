//! An assembly on disk for the tests of this crate: two tables, two rounds, the first one open.

use std::sync::Arc;

use domain::{
    Actor, Agenda, Channel, Command, Contribute, ContributionId, ContributionText, LinkId, Name, Purpose,
    Question, QuestionText, Role, RoundNumber, Slug, TableNumber, Title,
};
use event_log::{Reader, Writer};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Access, Credential, Door, Sequencer, Submission, VoiceKey};

pub(crate) const ASSEMBLY: Uuid = Uuid::from_u128(0xa55e);

pub(crate) struct Hall {
    pub(crate) folder: TempDir,
    pub(crate) sequencer: Sequencer,
    pub(crate) access: Arc<Access>,
}

impl Hall {
    pub(crate) async fn open() -> Hall {
        let folder = tempfile::tempdir().unwrap();
        let writer = Writer::create(&folder.path().join("hall"), ASSEMBLY).unwrap();
        let sequencer = start(&folder, writer);
        let access = Arc::new(Access::open(folder.path()).unwrap());
        let hall = Hall { folder, sequencer, access };
        hall.sequencer.submit(staff(0xc0, Command::Convene(Box::new(agenda())))).await.unwrap();
        hall.sequencer.submit(staff(0xc1, Command::OpenRound { round: round(1) })).await.unwrap();
        hall
    }

    /// Ends the sequencer and starts another on what is on the disk.
    pub(crate) async fn restart(self) -> Hall {
        let Hall { folder, sequencer, access } = self;
        sequencer.stop().await;
        let writer = Writer::open(&folder.path().join("hall")).unwrap();
        Hall { sequencer: start(&folder, writer), folder, access }
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.folder.path().join("hall")).unwrap()
    }

    /// The secret of a new link.
    pub(crate) fn link(&self, number: u128, role: Role) -> String {
        let table = (role == Role::Facilitator).then(|| table(1));
        self.access.issue(&slug(), link(number), role, table, None).unwrap().reveal()
    }

    pub(crate) fn door(&self, secret: String) -> Door {
        Door {
            sequencer: self.sequencer.clone(),
            access: Arc::clone(&self.access),
            slug: slug(),
            credential: Credential::Link { secret, person: None },
            prefers: None,
            channel: Channel::Remote,
        }
    }
}

fn start(folder: &TempDir, writer: Writer) -> Sequencer {
    Sequencer::start(writer, Reader::open(&folder.path().join("hall")).unwrap()).unwrap()
}

pub(crate) fn agenda() -> Agenda {
    let question = |title| Question {
        title: Title::parse(title).unwrap(),
        question: QuestionText::parse("What gets in the way?").unwrap(),
    };
    Agenda {
        title: Title::parse("Getting an appointment").unwrap(),
        purpose: Purpose::parse("It feeds the access plan.").unwrap(),
        board: Name::parse("The board").unwrap(),
        time_zone: Name::parse("Europe/London").unwrap(),
        tables: 2,
        seats: 8,
        rounds: vec![question("One"), question("Two")],
        duty_rule: None,
        duty_clock: None,
    }
}

pub(crate) fn slug() -> Slug {
    "hall".parse().unwrap()
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn link(number: u128) -> LinkId {
    LinkId(id(number))
}

pub(crate) fn round(number: u16) -> RoundNumber {
    RoundNumber::new(number).unwrap()
}

pub(crate) fn table(number: u16) -> TableNumber {
    TableNumber::new(number).unwrap()
}

pub(crate) fn actor(role: Role) -> Actor {
    let table = (role == Role::Facilitator).then(|| table(1));
    Actor { role, link: Some(link(0x11)), table }
}

pub(crate) fn submission(number: u128, role: Role, command: Command) -> Submission {
    Submission { id: id(number), command, actor: actor(role), channel: Channel::Room, voice: None }
}

pub(crate) fn staff(number: u128, command: Command) -> Submission {
    Submission { actor: Actor::CONSOLE, ..submission(number, Role::Organiser, command) }
}

/// A participant says something from a phone.
pub(crate) fn says(number: u128, words: &str) -> Submission {
    let words = ContributionText::parse(words).unwrap();
    let command = Command::Contribute(Box::new(Contribute::words(ContributionId(id(number)), words)));
    let voice = Some(VoiceKey([7; 32]));
    Submission { channel: Channel::Remote, voice, ..submission(number, Role::Participant, command) }
}
