//! The fields of one command, whichever way they were written: a JSON object and a form come to the same thing.

use std::fmt;
use std::str::FromStr;

use domain::{BadText, CardNumber, Date};
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use uuid::Uuid;

use crate::Refusal;

/// Characters of a name that is said back to its sender.
const ECHO_CHARS_MAX: usize = 40;

/// One field's value. A form only knows text, so numbers and flags may be written as text everywhere.
#[derive(Debug)]
enum Value {
    Text(String),
    Whole(u64),
    Flag(bool),
    Absent,
    /// A list, an object or a number that is not a whole one: no field takes these.
    Other,
}

/// The fields in the order in which they came; a name may still stand there twice.
#[derive(Debug)]
pub(super) struct Fields(Vec<(String, Value)>);

type Read<T> = Result<T, Refusal>;

impl Fields {
    pub(super) fn from_json(text: &str) -> Read<Self> {
        serde_json::from_str(text).map_err(|error| {
            // What the parser says of a wrong shape may quote the words, and helps nobody.
            let why = if error.is_data() { "it is not an object".to_owned() } else { error.to_string() };
            Refusal::NotJson { why }
        })
    }

    /// `application/x-www-form-urlencoded`, as the WHATWG URL standard reads it, but strict about UTF-8. A field that
    /// was left empty counts as not sent.
    pub(super) fn from_form(bytes: &[u8]) -> Read<Self> {
        let mut fields = Vec::new();
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = (&pair[..equals], pair.get(equals + 1..).unwrap_or_default());
            let value = unescape(value)?;
            let value = if value.trim().is_empty() { Value::Absent } else { Value::Text(value) };
            fields.push((unescape(name)?, value));
        }
        Ok(Self(fields))
    }

    /// No name but those of `known`, and none of them twice.
    pub(super) fn only(&self, known: &[&'static str]) -> Read<()> {
        let mut seen = Vec::with_capacity(self.0.len());
        for (name, _) in &self.0 {
            let Some(known) = known.iter().find(|known| *known == name) else {
                return Err(Refusal::UnknownField(echo(name)));
            };
            if seen.contains(known) {
                return Err(Refusal::DuplicateField(known));
            }
            seen.push(*known);
        }
        Ok(())
    }

    /// The client's id, if there is exactly one that can be read, so that even a refusal can name it.
    pub(super) fn readable_id(&self) -> Option<Uuid> {
        let mut ids = self.0.iter().filter(|(name, _)| name == "id");
        match (ids.next(), ids.next()) {
            (Some((_, Value::Text(id))), None) => Uuid::parse_str(id).ok(),
            _ => None,
        }
    }

    fn find(&self, field: &'static str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, value)| value)
    }

    fn text(&self, field: &'static str) -> Read<Option<&str>> {
        match self.find(field) {
            None | Some(Value::Absent) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(bad(field, "It has to be text.")),
        }
    }

    pub(super) fn word(&self, field: &'static str) -> Read<Option<&str>> {
        self.text(field).map(|text| text.map(str::trim))
    }

    /// A number or an id; `expects` is the sentence for what is neither.
    fn parsed<T: FromStr>(&self, field: &'static str, expects: &str) -> Read<Option<T>> {
        let read = match self.find(field) {
            None | Some(Value::Absent) => return Ok(None),
            Some(Value::Text(text)) => text.trim().parse().ok(),
            Some(Value::Whole(number)) => number.to_string().parse().ok(),
            Some(_) => None,
        };
        read.map(Some).ok_or_else(|| bad(field, expects))
    }

    pub(super) fn number<T: FromStr>(&self, field: &'static str) -> Read<T> {
        need(field, self.maybe_number(field))
    }

    pub(super) fn maybe_number<T: FromStr>(&self, field: &'static str) -> Read<Option<T>> {
        self.parsed(
            field,
            "It has to be a whole number that is not above 65535, and rounds and tables count from 1.",
        )
    }

    pub(super) fn date(&self, field: &'static str) -> Read<Date> {
        need(field, self.parsed(field, "It has to be a day: year, month and day, such as 2027-01-31."))
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub(super) fn maybe_time(&self, field: &'static str) -> Read<Option<u64>> {
        self.parsed(field, "It has to be a time in whole milliseconds since 1970-01-01 UTC.")
    }

    pub(super) fn maybe_card(&self, field: &'static str) -> Read<Option<CardNumber>> {
        self.parsed(field, "A card's number has 1 to 20 letters, digits and hyphens, such as A-0123.")
    }

    /// Numbers with commas between them; a list of JSON would be one more level that nobody needs.
    pub(super) fn numbers<T: FromStr>(&self, field: &'static str, most: usize) -> Read<Vec<T>> {
        let text = match self.find(field) {
            Some(Value::Whole(number)) => number.to_string(),
            _ => self.text(field)?.ok_or(Refusal::MissingField(field))?.to_owned(),
        };
        let numbers: Option<Vec<T>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
        let numbers = numbers.filter(|numbers| numbers.len() <= most);
        numbers
            .ok_or_else(|| bad(field, "It has to be whole numbers with commas between them, such as 3,1,2."))
    }

    /// Ids with commas between them; none where the field is left out.
    pub(super) fn ids<T: FromStr>(&self, field: &'static str, most: usize) -> Read<Vec<T>> {
        let Some(text) = self.text(field)? else { return Ok(Vec::new()) };
        let ids: Option<Vec<T>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
        let ids = ids.filter(|ids| ids.len() <= most);
        ids.ok_or_else(|| bad(field, &format!("It has to be at most {most} UUIDs with commas between them.")))
    }

    /// A place in a text, in bytes.
    pub(super) fn maybe_offset(&self, field: &'static str) -> Read<Option<u32>> {
        self.parsed(field, "It has to be a whole number: how many bytes of the text come before.")
    }

    /// One text to a line; lines that are empty are passed over.
    pub(super) fn lines<T>(
        &self,
        field: &'static str,
        most: usize,
        parse: fn(&str) -> Result<T, BadText>,
    ) -> Read<Vec<T>> {
        let lines = self.text(field)?.unwrap_or_default().lines().filter(|line| !line.trim().is_empty());
        let lines: Result<Vec<T>, BadText> = lines.take(most + 1).map(parse).collect();
        lines.map_err(|why| bad(field, &why.to_string()))
    }

    pub(super) fn id<T: FromStr>(&self, field: &'static str) -> Read<T> {
        need(field, self.maybe_id(field))
    }

    pub(super) fn maybe_id<T: FromStr>(&self, field: &'static str) -> Read<Option<T>> {
        self.parsed(field, "It has to be a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057.")
    }

    /// A ticked box of a form says `on`.
    pub(super) fn flag(&self, field: &'static str) -> Read<bool> {
        match self.find(field) {
            None | Some(Value::Absent) => Ok(false),
            Some(Value::Flag(flag)) => Ok(*flag),
            Some(Value::Text(text)) if matches!(text.as_str(), "on" | "true") => Ok(true),
            Some(Value::Text(text)) if text == "false" => Ok(false),
            Some(_) => Err(bad(field, "It has to be true or false.")),
        }
    }

    /// One of a closed list of words.
    pub(super) fn choice<T: Copy>(&self, field: &'static str, all: &[(&str, T)]) -> Read<Option<T>> {
        let Some(word) = self.word(field)? else { return Ok(None) };
        match all.iter().find(|(name, _)| *name == word) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => {
                let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
                Err(bad(field, &format!("It has to be one of: {}.", names.join(", "))))
            }
        }
    }

    /// A participant's words. A box that was left empty is answered with the sentence that a person understands.
    pub(super) fn words<T>(&self, field: &'static str, parse: fn(&str) -> Result<T, BadText>) -> Read<T> {
        let text = self.text(field)?.ok_or(Refusal::BadText(BadText::Empty))?;
        parse(text).map_err(Refusal::BadText)
    }

    /// A short text of the staff; where it is wrong the field is named, because a form has several.
    pub(super) fn label<T>(&self, field: &'static str, parse: fn(&str) -> Result<T, BadText>) -> Read<T> {
        need(field, self.maybe_label(field, parse))
    }

    pub(super) fn maybe_label<T>(
        &self,
        field: &'static str,
        parse: fn(&str) -> Result<T, BadText>,
    ) -> Read<Option<T>> {
        let parsed = self.text(field)?.map(parse).transpose();
        parsed.map_err(|why| bad(field, &why.to_string()))
    }
}

pub(super) fn need<T>(field: &'static str, read: Read<Option<T>>) -> Read<T> {
    read?.ok_or(Refusal::MissingField(field))
}

fn bad(field: &'static str, why: &str) -> Refusal {
    Refusal::BadField { field, why: why.to_owned() }
}

/// As much of a sender's own name for something as is said back.
pub(super) fn echo(name: &str) -> String {
    name.chars().take(ECHO_CHARS_MAX).collect()
}

fn unescape(escaped: &[u8]) -> Read<String> {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some((first, after)) = rest.split_first() {
        let byte = match (first, after) {
            (b'%', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = tail;
                nibble(*high) << 4 | nibble(*low)
            }
            (byte, _) => {
                rest = after;
                if *byte == b'+' { b' ' } else { *byte }
            }
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)
}

/// The value of a character that is known to be a hexadecimal digit.
fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        digit => digit.to_ascii_lowercase() - b'a' + 10,
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// A map type would keep the last of two equal names in silence.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Whole(number))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}
