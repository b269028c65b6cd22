//! Makes the words of a document fit to be set: every letter has a shape, and lists of positions are short.

use serde_json::{Map, Value};

/// Stands for a letter that no font here has.
pub(crate) const BOX: char = '□';

/// Where a letter is missing, a box stands for it, and the document says that there is one.
pub(crate) fn fit(document: &mut Value, has: &dyn Fn(char) -> bool) {
    let mut missing = false;
    let mut show = |letter: char| match letter {
        '\n' => Some(letter),
        letter if letter.is_control() || is_unseen(letter) => None,
        letter if has(letter) => Some(letter),
        letter if letter.is_whitespace() => Some(' '),
        _ => {
            missing = true;
            Some(BOX)
        }
    };
    each(document, &mut |text| text.chars().filter_map(&mut show).collect());
    if let Value::Object(fields) = document {
        fields.insert("missing".to_owned(), Value::Bool(missing));
    }
}

/// Letters that only steer others: joiners, marks of direction, choices of a variant.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

fn each(value: &mut Value, set: &mut impl FnMut(&str) -> String) {
    match value {
        Value::String(text) => *text = set(text),
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, set)),
        Value::Object(fields) => {
            shorten(fields);
            fields.values_mut().for_each(|value| each(value, set));
        }
        _ => {}
    }
}

/// A list of positions as ranges: `3–7, 9`.
fn shorten(fields: &mut Map<String, Value>) {
    let Some(positions @ Value::Array(_)) = fields.get_mut("positions") else { return };
    let numbers: Vec<u64> = positions.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    let ranges = numbers.chunk_by(|before, after| before + 1 == *after);
    let ranges = ranges.filter_map(|range| match (range.first()?, range.last()?) {
        (first, last) if first == last => Some(first.to_string()),
        (first, last) => Some(format!("{first}–{last}")),
    });
    *positions = Value::String(ranges.collect::<Vec<_>>().join(", "));
}
