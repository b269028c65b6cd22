use super::*;
use crate::fixture::{actor, id};
use domain::Role;
use event_log::{Reader, Writer};
use serde_json::json;

const U: &str = "00000000-0000-0000-0000-000000000007";

/// One of every kind, as serde writes it.
fn every_kind() -> Vec<Event> {
    let rows = [
        json!({"convened": {"title": "T", "purpose": "P", "board": "B", "time_zone": "Europe/London"}}),
        json!({"table-seated": {"table": 1, "seats": 8}}),
        json!({"question-asked": {"round": 1, "version": 1, "title": "T", "question": "Q"}}),
        json!({"duty-rule-fixed": {"rule": {"tables_at_least": 3, "working_days": 30, "owner": "O"}}}),
        json!({"link-issued": {"link": U, "role": "facilitator", "table": 1, "label": "L"}}),
        json!({"link-revoked": {"link": U}}),
        json!({"round-opened": {"round": 1}}),
        json!({"round-closed": {"round": 1}}),
        json!({"closed": {}}),
        json!({"contributed": {"contribution": U, "round": 1, "version": 1, "table": 1, "kind": "point",
            "form": "verbatim", "read_back": true, "heard_from": 3, "said_at": null}}),
        json!({"corrected": {"contribution": U}}),
        json!({"read-back": {"contribution": U}}),
        json!({"withdrawn": {"contribution": U}}),
        json!({"held": {"contribution": U, "reason": "abuse"}}),
        json!({"released": {"contribution": U}}),
        json!({"theme-named": {"theme": U, "name": "\"N\"", "definition": "D\nD"}}),
        json!({"theme-renamed": {"theme": U, "name": "N", "reason": "R"}}),
        json!({"theme-defined": {"theme": U, "definition": "D"}}),
        json!({"theme-merged": {"theme": U, "into": U, "reason": "R"}}),
        json!({"theme-retired": {"theme": U, "reason": "R"}}),
        json!({"assigned": {"contribution": U, "theme": U}}),
        json!({"unassigned": {"contribution": U, "theme": U}}),
        json!({"read": {"contribution": U}}),
        json!({"set-aside": {"contribution": U, "reason": "R"}}),
        json!({"theme-redefined": {"theme": U, "definition": "D", "reason": "R"}}),
        json!({"theme-split": {"theme": U, "into": U, "name": "N", "definition": null, "contributions": [U], "reason": "R"}}),
        json!({"change-undone": {"change": 1, "reason": "R"}}),
        json!({"frame-versioned": {"name": "N"}}),
        json!({"put-back": {"contribution": U}}),
        json!({"coded-again": {"contribution": U, "themes": [U]}}),
        json!({"suggested": {"contribution": U, "engine": "E", "learnt": 3,
            "themes": [{"theme": U, "score": 9, "likely": true, "why": [{"from": 0, "to": 4}]}]}}),
        json!({"alike-found": {"contribution": U, "first": U, "engine": "E"}}),
        json!({"told-apart": {"contribution": U}}),
        json!({"quote-pinned": {"contribution": U, "theme": U, "span": {"from": 0, "to": 4}}}),
        json!({"quote-unpinned": {"contribution": U, "theme": U}}),
        json!({"theme-proposed": {"candidate": U, "engine": "E", "phrase_of": U, "phrase": {"from": 0, "to": 4},
            "exemplars": [U], "members": [U]}}),
        json!({"candidate-settled": {"candidate": U, "theme": null}}),
        json!({"sample-drawn": {"sample": U, "purpose": "audit", "round": 1, "seed": "00", "of": 9,
            "contributions": [U]}}),
        json!({"card-keyed": {"contribution": U, "card": "A-1"}}),
        json!({"voted": {"contribution": U, "vote": "pass"}}),
        json!({"countdown-set": {"until": 5}}),
        json!({"screen-set": {"scene": {"poll": U}}}),
        json!({"table-merged": {"table": 2, "into": 1}}),
        json!({"table-split": {"table": 1, "into": 2, "seats": 4}}),
        json!({"table-moved": {"table": 1, "place": "L"}}),
        json!({"poll-opened": {"poll": U, "round": 1, "question": "Q", "method": {"choose": {"most": 1}},
            "options": ["A", "B"], "lag_s": 30}}),
        json!({"ballot-cast": {"poll": U, "choice": [1], "table": 1, "seat": 2}}),
        json!({"hand-count-entered": {"poll": U, "table": null, "counts": [1, 2]}}),
        json!({"hand-count-confirmed": {"poll": U, "table": null, "counts": [1, 2]}}),
        json!({"understood": {"contribution": U, "wording": 0, "model": "semantic-1"}}),
        json!({"draft-asked": {"draft": U, "theme": U}}),
        json!({"draft-written": {"draft": U, "theme": U, "model": "M", "sentences": [], "dropped": 0}}),
        json!({"draft-signed-off": {"draft": U, "theme": U, "model": "M"}}),
        json!({"wording-proposed": {"candidate": U, "name": "N", "definition": "D", "model": "M", "of": [U]}}),
        json!({"wording-signed-off": {"candidate": U, "theme": U, "model": "M"}}),
        json!({"contrary-chosen": {"theme": U, "contribution": U}}),
        json!({"no-contrary": {"theme": U, "reason": "R"}}),
        json!({"poll-closed": {"poll": U, "remote_until": 5}}),
    ];
    rows.into_iter().chain(of_the_paper()).map(|row| serde_json::from_value(row).unwrap()).collect()
}

fn of_the_paper() -> Vec<serde_json::Value> {
    vec![
        json!({"duty-clock-fixed": {"calendar": "England and Wales", "holidays": ["2026-12-25", "2026-12-28"], "statutory": "2027-05-28", "progress": {"first_months": 3, "then_months": 6}}}),
        json!({"prose-written": {"theme": "00000000-0000-0000-0000-000000000003", "prose": "Heard at [[tables]], most of them in the evening."}}),
        json!({"summary-published": {"version": 1, "counted_at": 1204, "hash": "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff", "edition": "interim", "on": "2026-11-23"}}),
        json!({"section-opened": {"version": 1, "section": "took-part"}}),
        json!({"duty-owed": {"duty": 1, "kind": "reply", "theme": "00000000-0000-0000-0000-000000000003", "owner": "Director of buses", "due": "2026-12-08", "version": 1, "on": "2026-11-23"}}),
        json!({"holding-reply-given": {"duty": 1, "text": "We are asking the operators.", "on": "2026-11-24"}}),
        json!({"replied": {"duty": 1, "version": 2, "text": "We agree.\nThis is why.", "on": "2026-12-20"}}),
        json!({"rejoined": {"duty": 1, "version": 2, "verdict": "answers-it", "reason": "It says when", "on": "2026-12-21"}}),
        json!({"committed": {"duty": 1, "commitment": 1, "text": "A bus every half hour until midnight", "owner": "Head of buses", "due": "2027-06-01", "on": "2026-12-20"}}),
        json!({"progress-reported": {"commitment": 1, "text": "Drivers are hired", "on": "2027-03-20"}}),
        json!({"delivered": {"commitment": 1, "text": "It runs", "on": "2027-05-30"}}),
        json!({"duty-reassigned": {"duty": 1, "owner": "Head of buses", "reason": "The director has left", "on": "2026-11-25"}}),
        json!({"material-shown": {"title": "The timetable as it is", "address": "https://example.org/timetable.pdf", "hash": "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"}}),
        json!({"decision-taken": {"decision": 1, "title": "The timetable", "text": "Buses run until midnight.", "changed": "They ran until nine.", "version": 1, "on": "2027-05-01"}}),
        json!({"composition-recorded": {"reference": "Census", "invited": 500, "members": 40, "attributes": [{"name": "Age", "groups": [{"name": "16–24", "population": 1400, "invited": {"shown": 500}, "members": "hidden"}]}]}}),
    ]
}

fn context(channel: Channel, voice: Option<VoiceTag>) -> Context {
    Context {
        at: Timestamp(5),
        today: domain::Date::EPOCH,
        actor: actor(Role::Facilitator),
        channel,
        voice,
        lot: [0; 16],
    }
}

#[test]
fn every_kind_of_event_comes_back_from_the_record_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), id(1)).unwrap();
    let (events, voice) = (every_kind(), Some(VoiceTag([9; 16])));
    let channel = |index: usize| Channel::ALL[index % Channel::ALL.len()];

    let encoded: Vec<_> = (events.iter().enumerate())
        .map(|(index, event)| encode(event, &context(channel(index), voice), None, None).unwrap())
        .collect();
    writer.append(&encoded, 5).unwrap();

    let recorded = Reader::open(folder.path()).unwrap().page(None, 100).unwrap();
    assert_eq!(recorded.len(), events.len());
    for (index, (row, event)) in recorded.iter().zip(&events).enumerate() {
        let context = context(channel(index), voice);
        let device = context.actor.link;
        let meta = Meta { at: Timestamp(5), channel: Some(context.channel), voice, device };
        assert_eq!(decode(&row.public()).unwrap(), (event.clone(), meta));
        assert_eq!(row.kind, event.kind());
        assert!(
            row.payload.get().starts_with('{') && !row.payload.get().contains(event.kind())
                || row.kind == "read"
        );
    }
}

#[test]
fn the_first_event_of_a_contribution_names_its_device_and_commits_to_its_words() {
    let Some(event) = every_kind().into_iter().find(|event| event.kind() == "contributed") else { panic!() };
    let sealed = Sealed::new("words").unwrap();
    let new = encode(&event, &context(Channel::Room, None), Some(id(7)), Some(sealed)).unwrap();
    assert_eq!(
        (new.id, new.schema, new.stream.as_str()),
        (Some(id(7)), 1, format!("contribution/{U}").as_str())
    );
    assert_eq!((new.channel.as_deref(), new.voice, new.reference), (Some("room"), None, None));
    assert_eq!(new.device, Some(id(0x11).to_string()));
    assert!(new.words.is_some() && !new.payload.get().contains("words"));
}

#[test]
fn what_a_newer_program_wrote_is_not_guessed_at() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), id(1)).unwrap();
    let closed = || encode(&Event::Closed {}, &context(Channel::Room, None), None, None).unwrap();
    let batch = [
        NewEvent { kind: "polled".into(), ..closed() },
        NewEvent { schema: 2, ..closed() },
        NewEvent { channel: Some("post".into()), ..closed() },
        NewEvent { voice: Some("somebody".into()), ..closed() },
        NewEvent { kind: "withdrawn".into(), ..closed() },
    ];
    writer.append(&batch, 5).unwrap();

    for row in Reader::open(folder.path()).unwrap().page(None, 100).unwrap() {
        let refused = decode(&row.public()).unwrap_err();
        assert!(matches!(refused, Error::UnknownEvent { position } if position == row.position), "{refused}");
    }
}
