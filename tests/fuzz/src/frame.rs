//! Frames from people's devices: a command or a refusal with a sentence, and the same as JSON and as a form.

use std::collections::BTreeSet;

use domain::{Command, ContributionText};
use ingest::frame::{FORM_BYTES_MAX, FRAME_BYTES_MAX, JSON_LEVELS_MAX, SHAPES};
use ingest::{Frame, Refusal, parse_form, parse_json, reply};
use serde_json::{Map, Value};

use crate::Taken;

/// Most characters of the sentence against a frame, so that nothing long that was sent in is sent back.
const SENTENCE_CHARS_MAX: usize = 500;

/// The bytes as a JSON frame and as a form.
pub fn check(bytes: &[u8]) -> Taken {
    let (json, form) = (parse_json(bytes), parse_form(bytes));
    for (read, bytes_max) in [(&json, FRAME_BYTES_MAX), (&form, FORM_BYTES_MAX)] {
        match read {
            Ok(frame) => {
                assert!(bytes.len() <= bytes_max);
                words_fit(frame);
            }
            Err(refusal) => refusal_is_a_sentence(refusal),
        }
        let too_large = matches!(read, Err(Refusal::TooLarge { .. }));
        assert_eq!(too_large, bytes.len() > bytes_max);
    }
    if let Err(Refusal::TooDeep { .. }) = &json {
        assert!(bytes.iter().filter(|byte| matches!(byte, b'{' | b'[')).count() > JSON_LEVELS_MAX);
    }
    if let Ok(frame) = &json {
        is_what_it_says(frame, bytes);
    }
    if json.is_ok() || form.is_ok() { Taken::Yes } else { Taken::No }
}

/// Held against a JSON parser that knows nothing of commands; a form with the same fields is the same command.
fn is_what_it_says(frame: &Frame, bytes: &[u8]) {
    let fields: Map<String, Value> = serde_json::from_slice(bytes).expect("a command is a JSON object");
    let flat = |value: &Value| !value.is_array() && !value.is_object();
    assert!(fields.values().all(flat), "a command with a list or an object in it");
    let id = fields["id"].as_str().expect("an id is text").trim();
    assert_eq!(id.parse(), Ok(frame.id));
    let name = fields.get("type").and_then(Value::as_str).unwrap_or("submit").trim();
    let shape = SHAPES.iter().find(|shape| shape.name == name).expect("a command has a known type");
    let known: BTreeSet<_> = shape.fields.iter().chain(&["type", "id"]).copied().collect();
    assert!(fields.keys().all(|name| known.contains(name.as_str())));
    assert_eq!(parse_form(form(&fields).as_bytes()).as_ref(), Ok(frame));
}

fn form(fields: &Map<String, Value>) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let pairs = fields.iter().filter_map(|(name, value)| Some((name, text(value)?)));
    let pairs: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", escaped(&value))).collect();
    pairs.join("&")
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

fn words_fit(frame: &Frame) {
    let words = match &frame.command {
        Command::Contribute(contribute) => contribute.words.as_ref(),
        Command::Correct { words, .. } => Some(words),
        _ => None,
    };
    if let Some(words) = words {
        let chars = words.as_str().chars();
        assert!((1..=ContributionText::CHARS_MAX).contains(&chars.clone().count()));
        assert!(chars.clone().all(|ch| matches!(ch, '\n' | '\t') || !ch.is_control()));
    }
}

fn refusal_is_a_sentence(refusal: &Refusal) {
    let sentence = refusal.to_string();
    assert!(sentence.ends_with(['.', '”']) && sentence.chars().count() <= SENTENCE_CHARS_MAX, "{sentence}");
    assert!((400..=503).contains(&refusal.status()));
    assert_eq!(refusal.retry_after_s(), None, "what cannot be read cannot be read later either");
    let answer: Value = serde_json::from_str(&reply(None, &Err(refusal.clone()))).expect("an answer is JSON");
    assert_eq!((&answer["type"], &answer["reason"]), (&"refused".into(), &sentence.into()));
    assert_eq!(answer["code"], refusal.code());
}
