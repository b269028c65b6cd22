use std::fs;
use std::path::Path;

use domain::{
    Actor, Channel, Claim, Command, ContributionId, ContributionText, Label, Meaning, Rejection, Role,
};
use event_log::{NewEvent, Position, Reader, Words, Writer, check};
use serde_json::value::RawValue;

use crate::fixture::{Hall, id, link, round, says, slug, staff, submission};
use crate::frame::{parse_json, reply};
use crate::{Credential, DRAFT, Sequencer, Submission, VoiceKey};

fn by_organiser(number: u128, contribution: u128) -> Submission {
    let reason = Some(domain::Reason::parse("It names a neighbour").unwrap());
    let contribution = ContributionId(id(contribution));
    staff(number, Command::Erase { contribution, claim: Claim::Link, reason })
}

fn corrects(number: u128, contribution: u128, words: &str) -> Submission {
    let words = ContributionText::parse(words).unwrap();
    let command = Command::Correct { contribution: ContributionId(id(contribution)), words };
    Submission { voice: Some(VoiceKey([7; 32])), ..submission(number, Role::Participant, command) }
}

fn understands(number: u128, contribution: u128, wording: u16) -> Submission {
    let (model, meaning) = (Label::parse("semantic-1").unwrap(), Meaning::parse("AB+/").unwrap());
    let contribution = ContributionId(id(contribution));
    let command = Command::Understand { contribution, wording, model, meaning };
    Submission { id: id(number), command, actor: Actor::ENGINE, channel: Channel::Room, voice: None }
}

fn words(reader: &Reader, position: Position) -> Words {
    reader.words(position).unwrap()
}

/// Whether the words of the event with this id can still be opened.
fn opens(hall: &Hall, number: u128) -> bool {
    let reader = hall.reader();
    let position = reader.find(id(number)).unwrap().unwrap().position;
    matches!(words(&reader, position), Words::Open(_))
}

#[tokio::test]
async fn an_acknowledged_erasure_has_taken_the_words_those_of_every_correction_and_what_they_mean() {
    let hall = Hall::open().await;
    hall.sequencer.submit(says(1, "We waited.")).await.unwrap();
    hall.sequencer.submit(understands(6, 1, 0)).await.unwrap();
    hall.sequencer.submit(corrects(2, 1, "We waited long.")).await.unwrap();
    hall.sequencer.submit(understands(7, 1, 1)).await.unwrap();
    let reader = hall.reader();
    let position = reader.find(id(7)).unwrap().unwrap().position;
    assert_eq!(words(&reader, position), Words::Open("AB+/".into()));
    hall.sequencer.submit(says(3, "We did not.")).await.unwrap();
    let draft = hall.folder.path().join("hall").join(format!("{DRAFT}html"));
    fs::write(&draft, "It quotes: We waited.").unwrap();

    let ack = hall.sequencer.submit(by_organiser(4, 1)).await.unwrap();

    assert_eq!([1, 2, 6, 7, 3].map(|number| opens(&hall, number)), [false, false, false, false, true]);
    assert!(!draft.exists());
    let report = check(&hall.folder.path().join("hall")).unwrap();
    assert_eq!((report.gone.len(), report.unfinished.len()), (4, 0));
    assert_eq!(hall.sequencer.submit(by_organiser(4, 1)).await, Ok(ack), "the same command again");
    let gone = Err(Rejection::ContributionErased.into());
    assert_eq!(hall.sequencer.submit(says(1, "We waited.")).await, gone, "the words again");
    assert_eq!(hall.sequencer.submit(by_organiser(5, 1)).await, gone, "erasing again");
    assert_eq!(hall.sequencer.submit(understands(6, 1, 0)).await, gone, "what they mean again");
    assert_eq!(hall.sequencer.submit(understands(8, 1, 1)).await, gone, "what they mean, anew");
    let hall = hall.restart().await;
    assert_eq!(hall.sequencer.submit(says(1, "We waited.")).await, gone, "after a restart");
}

#[tokio::test]
async fn what_is_said_and_erased_in_one_breath_is_gone() {
    let hall = Hall::open().await;
    let steps = [says(1, "We waited."), corrects(2, 1, "Long."), understands(4, 1, 1), by_organiser(3, 1)];
    let waiting: Vec<_> = steps.into_iter().map(|step| hall.sequencer.enqueue(step).unwrap()).collect();
    for pending in waiting {
        pending.outcome().await.unwrap();
    }
    assert_eq!([1, 2, 4].map(|number| opens(&hall, number)), [false, false, false]);
}

/// Records an erasure as a writer that was killed right after it.
fn erase_and_die(folder: &Path, contribution: u128) {
    let mut writer = Writer::open(folder).unwrap();
    let payload = format!(r#"{{"contribution":"{}","by":"contributor","reason":null}}"#, id(contribution));
    let event = NewEvent {
        kind: "erased".to_owned(),
        schema: 1,
        stream: format!("contribution/{}", id(contribution)),
        channel: Some("remote".to_owned()),
        device: None,
        voice: None,
        id: Some(id(0xdead)),
        reference: Some(id(contribution)),
        payload: RawValue::from_string(payload).unwrap(),
        words: None,
    };
    writer.append(&[event], 1).unwrap();
}

#[tokio::test]
async fn an_erasure_that_a_crash_interrupted_is_finished_before_anybody_is_served() {
    let Hall { folder, sequencer, .. } = Hall::open().await;
    sequencer.submit(says(1, "We waited.")).await.unwrap();
    sequencer.submit(corrects(2, 1, "We waited long.")).await.unwrap();
    sequencer.submit(understands(3, 1, 1)).await.unwrap();
    sequencer.stop().await;
    let place = folder.path().join("hall");
    let draft = place.join(format!("{DRAFT}html"));
    fs::write(&draft, "It quotes: We waited.").unwrap();
    erase_and_die(&place, 1);
    // The clock of that writer stood still, so the draft has to be older than its event.
    fs::File::options().append(true).open(&draft).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(check(&place).unwrap().unfinished.len(), 3);

    let sequencer = Sequencer::open(&place).unwrap();

    let report = check(&place).unwrap();
    assert_eq!((report.gone.len(), report.unfinished.len()), (3, 0));
    assert!(!draft.exists());
    sequencer.stop().await;
}

#[tokio::test]
async fn a_voice_is_erased_over_all_its_questions_and_its_key_goes_with_it() {
    let hall = Hall::open().await;
    hall.sequencer
        .submit(staff(
            0xd0,
            Command::IssueLink { link: link(0x77), role: Role::Participant, table: None, label: None },
        ))
        .await
        .unwrap();
    let secret = hall.link(0x77, Role::Participant);
    let token = hall.access.enter(&slug(), &secret, None).unwrap().0;
    let mut door = hall.door(secret);
    door.credential = Credential::Session(token);
    let before = door.holder().unwrap().unwrap().voice;
    let says = |number: u128| format!(r#"{{"type":"submit","id":"{}","text":"We waited."}}"#, id(number));
    let asks = async |json: String| {
        let outcome = door.submit(parse_json(json.as_bytes()).unwrap()).await;
        reply(None, &outcome)
    };
    assert!(asks(says(1)).await.contains("\"ack\""));
    hall.sequencer.submit(staff(0xd1, Command::CloseRound { round: round(1) })).await.unwrap();
    hall.sequencer.submit(staff(0xd2, Command::OpenRound { round: round(2) })).await.unwrap();
    assert!(asks(says(2)).await.contains("\"ack\""));
    hall.sequencer
        .submit(Submission { voice: Some(VoiceKey([7; 32])), ..crate::fixture::says(3, "I too.") })
        .await
        .unwrap();

    let erased = asks(format!(r#"{{"type":"erase-voice","id":"{}"}}"#, id(4))).await;

    assert!(erased.contains("\"ack\""), "{erased}");
    assert_eq!([1, 2, 3].map(|number| opens(&hall, number)), [false, false, true]);
    assert_ne!(door.holder().unwrap().unwrap().voice, before);
    let again = asks(format!(r#"{{"type":"erase-voice","id":"{}"}}"#, id(5))).await;
    assert!(again.contains("nothing-to-erase"), "{again}");
}

#[tokio::test]
async fn a_receipt_is_enough_and_another_link_is_not() {
    let hall = Hall::open().await;
    hall.sequencer.submit(says(1, "We waited.")).await.unwrap();
    let erase = |claim| {
        let command = Command::Erase { contribution: ContributionId(id(1)), claim, reason: None };
        let actor = Actor { role: Role::Participant, link: None, table: None };
        Submission { actor, ..submission(9, Role::Participant, command) }
    };
    assert_eq!(hall.sequencer.submit(erase(Claim::Link)).await, Err(Rejection::NotYours.into()));
    assert!(hall.sequencer.submit(erase(Claim::Receipt)).await.is_ok());
    assert!(!opens(&hall, 1));
}

#[tokio::test]
async fn a_contribution_has_the_id_that_it_was_sent_under() {
    let hall = Hall::open().await;
    let other = Submission { id: id(2), ..says(1, "We waited.") };
    assert_eq!(hall.sequencer.submit(other).await, Err(Rejection::IdUsedForSomethingElse.into()));
}

#[tokio::test]
async fn a_reader_in_the_way_does_not_keep_a_destroyed_key_for_long() {
    let hall = Hall::open().await;
    hall.sequencer.submit(says(1, "We waited.")).await.unwrap();
    let place = hall.folder.path().join("hall");
    let reader = rusqlite::Connection::open(place.join("record.db")).unwrap();
    let key: Vec<u8> = reader.query_row("SELECT key FROM keys", [], |row| row.get(0)).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM events;").unwrap();
    hall.sequencer.submit(by_organiser(2, 1)).await.unwrap();
    let lies_there = || {
        let files = ["record.db", "record.db-wal"].map(|name| fs::read(place.join(name)).unwrap_or_default());
        files.iter().any(|bytes| bytes.windows(32).any(|found| found == key))
    };
    assert!(lies_there(), "the reader was not in the way, so nothing is shown here");

    reader.execute_batch("ROLLBACK").unwrap();
    hall.sequencer.submit(says(3, "The next to come.")).await.unwrap();

    assert!(!lies_there());
}
