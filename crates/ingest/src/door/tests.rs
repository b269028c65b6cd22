use super::*;
use crate::fixture::{Hall, id, link, slug};
use domain::{Event, TableNumber};
use serde_json::json;

fn words(number: u128) -> Vec<u8> {
    json!({ "id": id(number), "text": "We waited." }).to_string().into_bytes()
}

fn names_theme(number: u128) -> Vec<u8> {
    json!({ "type": "name-theme", "id": id(number), "name": "Phones" }).to_string().into_bytes()
}

#[tokio::test]
async fn a_participant_speaks_with_a_voice_over_the_doors_channel() {
    let hall = Hall::open().await;
    let door = Door { channel: Channel::Nats, ..hall.door(hall.link(1, Role::Participant)) };

    let (read, outcome) = door.submit_bytes(&words(7)).await;

    assert_eq!(read, Some(id(7)));
    let recorded = hall.reader().at(outcome.unwrap().position).unwrap().unwrap();
    assert_eq!((recorded.channel.as_deref(), recorded.device), (Some("nats"), Some(link(1).to_string())));
    assert!(recorded.voice.is_some());
}

#[tokio::test]
async fn a_facilitator_speaks_for_a_table_in_the_room_without_a_voice() {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::Facilitator));

    let outcome = door.submit_form(format!("id={}&text=We+waited.&heard_from=4", id(7)).as_bytes()).await.1;

    let recorded = hall.reader().at(outcome.unwrap().position).unwrap().unwrap();
    assert_eq!((recorded.channel.as_deref(), &recorded.voice), (Some("room"), &None));
    let (Event::Contributed(said), _) = crate::decode(&recorded.public()).unwrap() else {
        panic!("not a contribution")
    };
    assert_eq!((said.table, said.heard_from), (TableNumber::new(1), Some(4)));
}

#[tokio::test]
async fn paper_that_staff_type_in_stays_paper() {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::Organiser));
    for (channel, stored) in [(Channel::Remote, Channel::Room), (Channel::Nats, Channel::Room)]
        .into_iter()
        .chain([Channel::Room, Channel::Paper, Channel::Import].map(|channel| (channel, channel)))
    {
        let door = Door { channel, ..door.clone() };
        assert_eq!(door.channel_of(Role::Organiser), stored);
        assert_eq!(door.channel_of(Role::Participant), channel);
    }
}

#[tokio::test]
async fn who_has_no_role_is_told_so_and_the_id_is_named() {
    let hall = Hall::open().await;
    let good = hall.link(1, Role::Participant);
    for credential in [
        Credential::Nobody,
        Credential::Link { secret: "guess".into(), person: None },
        Credential::Session("A".repeat(43).parse().unwrap()),
    ] {
        let door = Door { credential, ..hall.door(good.clone()) };
        assert_eq!(door.submit_bytes(&words(7)).await, (Some(id(7)), Err(Refusal::NoRole)));
    }
    let elsewhere = Door { slug: "another".parse().unwrap(), ..hall.door(good) };
    assert_eq!(elsewhere.submit_bytes(&words(7)).await.1, Err(Refusal::NoRole));
}

#[tokio::test]
async fn a_role_that_will_not_do_is_named() {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::Participant));
    let refused = Err(Rejection::NotForThisRole(Role::Participant).into());
    assert_eq!(door.submit_bytes(&names_theme(7)).await.1, refused);
}

#[tokio::test]
async fn of_several_roles_the_pages_own_goes_first_and_another_may_do() {
    let hall = Hall::open().await;
    let mut token = None;
    for (number, role) in [(1, Role::Facilitator), (2, Role::ThemeTeam), (3, Role::Participant)] {
        let secret = hall.link(number, role);
        token = Some(hall.access.enter(&slug(), &secret, token.as_ref()).unwrap().0);
    }
    let credential = Credential::Session(token.unwrap());
    let door = Door { credential, prefers: Some(Role::Facilitator), ..hall.door(String::new()) };
    let device = |ack: Ack| hall.reader().at(ack.position).unwrap().unwrap().device;

    let on_the_console = door.submit_bytes(&words(7)).await.1.unwrap();
    assert_eq!(device(on_the_console), Some(link(1).to_string()));
    let no_preference = Door { prefers: None, ..door.clone() };
    let on_the_phone = no_preference.submit_bytes(&words(8)).await.1.unwrap();
    assert_eq!(device(on_the_phone), Some(link(3).to_string()));
    let at_the_desk = door.submit_bytes(&names_theme(9)).await.1.unwrap();
    assert_eq!(device(at_the_desk), Some(link(2).to_string()));
    let holds = json!({ "type": "hold", "id": id(10), "contribution": id(7), "reason": "abuse" }).to_string();
    let refused = Err(Rejection::NotForThisRole(Role::Facilitator).into());
    assert_eq!(door.submit_bytes(holds.as_bytes()).await.1, refused);
}

#[tokio::test]
async fn a_revoked_link_closes_a_door_that_stood_open() {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::Participant));
    assert!(door.submit_bytes(&words(7)).await.1.is_ok());
    hall.access.revoke(&slug(), link(1)).unwrap();
    assert_eq!(door.submit_bytes(&words(8)).await.1, Err(Refusal::NoRole));
}

#[tokio::test]
async fn a_frame_is_answered_by_a_frame_that_names_it() {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::Participant));
    let answer =
        async |json: &[u8]| -> serde_json::Value { serde_json::from_str(&door.answer(json).await).unwrap() };
    let ack = answer(&words(7)).await;
    assert_eq!((&ack["type"], &ack["id"]), (&json!("ack"), &json!(id(7))));
    assert_eq!(answer(&words(7)).await, ack, "the same again is answered the same");
    let large = json!({ "id": id(7), "text": "x".repeat(crate::frame::FRAME_BYTES_MAX) });
    for (frame, code, of) in [
        (large, "too-large", serde_json::Value::Null),
        (json!({ "id": id(7), "text": "x", "colour": 1 }), "unknown-field", json!(id(7))),
        (json!({ "id": id(7), "type": "open-round", "round": 2 }), "not-for-this-role", json!(id(7))),
        (json!([]), "not-json", serde_json::Value::Null),
    ] {
        let refused = answer(frame.to_string().as_bytes()).await;
        assert_eq!(
            (&refused["type"], &refused["code"], &refused["id"]),
            (&json!("refused"), &json!(code), &of)
        );
    }
}

#[tokio::test]
async fn commands_have_their_place_in_the_queue_before_anybody_waits_for_the_answer() {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::ThemeTeam));
    let names = |number, name: &str| json!({ "type": "name-theme", "id": id(number), "name": name });
    let merges =
        json!({ "type": "merge-theme", "id": id(9), "theme": id(8), "into": id(7), "reason": "The same." });
    let frames = [names(7, "Phones"), names(8, "Calls"), merges];
    let mut answers: Vec<_> = frames.iter().map(|frame| door.answer(frame.to_string().as_bytes())).collect();
    // The last one could not be done before the others.
    while let Some(answer) = answers.pop() {
        let answer = answer.await;
        assert!(answer.contains(r#""type":"ack""#), "{answer}");
    }
}

#[tokio::test]
async fn a_revoked_link_is_shut_out_of_an_open_door() {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::Participant));
    assert!(door.answer(&words(7)).await.contains("receipt"));
    hall.access.revoke(&slug(), link(1)).unwrap();
    assert!(door.answer(&words(8)).await.contains("no-role"));
}
