//! Small pieces that forms and addresses are made of.

use domain::Role;

/// Most bytes of a posted form or body: a command, and a little for the fields that only pages have.
pub(crate) const FORM_BYTES_MAX: usize = ingest::frame::FORM_BYTES_MAX + 2_048;

/// The page where the holder of a role begins.
pub(crate) fn first_page(role: Role) -> &'static str {
    match role {
        Role::Organiser => "run",
        Role::Facilitator => "table",
        Role::ThemeTeam => "desk",
        Role::Moderator => "queue",
        Role::Participant => "take-part",
        Role::BoardMember => "board",
        Role::Representative => "duties",
        Role::Screen => "screen",
        Role::Observer => "",
    }
}

/// A posted form as its pairs, decoded.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        Self(pairs.map(pair).collect())
    }

    /// The first value of that name that is not blank.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).find(|value| !value.trim().is_empty())
    }

    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        self.0.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

fn pair(pair: &[u8]) -> (String, String) {
    let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
    let value = pair.get(at + 1..).unwrap_or_default();
    (decoded(&pair[..at]), decoded(value))
}

/// `application/x-www-form-urlencoded` (WHATWG URL, §5.1): `+` is a space, `%41` a byte, the rest stands for itself.
fn decoded(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).filter(|_| *first == b'%').and_then(hex);
        bytes.push(escaped.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The body without the fields that only the page needs, so that what is left is exactly a command.
pub(crate) fn command_of(body: &[u8]) -> Vec<u8> {
    let ours = |pair: &&[u8]| !pair.starts_with(b"back=") && !pair.starts_with(b"as=");
    body.split(|byte| *byte == b'&').filter(ours).collect::<Vec<_>>().join(&b'&')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_as_it_was_typed() {
        let form = Form::parse(b"text=3+weeks%21+caf%C3%A9&theme=a&theme=b&empty=&bare&bad=%zz%4");
        assert_eq!(form.get("text"), Some("3 weeks! café"));
        assert_eq!(form.all("theme").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((form.get("empty"), form.get("bare"), form.get("none")), (None, None, None));
        assert_eq!(form.get("bad"), Some("%zz%4"));
    }

    #[test]
    fn the_page_s_own_fields_are_no_part_of_the_command() {
        assert_eq!(command_of(b"back=table&text=a&as=facilitator&kind=story"), b"text=a&kind=story");
    }
}
