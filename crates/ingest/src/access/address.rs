//! An e-mail address, as narrow as a person needs it and no wider: nothing in it can end a line or begin another header.

use std::fmt;

/// Most characters of an address, and of the part before the `@` (RFC 5321, 4.5.3.1).
const LENGTH_MAX: usize = 254;
const LOCAL_MAX: usize = 64;
const LABEL_MAX: usize = 63;

/// `somebody@example.org`, in ASCII; the part after the `@` in small letters.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no e-mail address")]
pub struct BadAddress;

impl Address {
    pub fn parse(typed: &str) -> Result<Self, BadAddress> {
        let typed = typed.trim();
        let (local, domain) = typed.rsplit_once('@').ok_or(BadAddress)?;
        let good = typed.len() <= LENGTH_MAX && is_local(local) && is_domain(domain);
        good.then(|| Self(format!("{local}@{}", domain.to_ascii_lowercase()))).ok_or(BadAddress)
    }

    /// It belongs on an envelope and in `instance.db`, and nowhere else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// By which two ways of writing one mailbox are known as one.
    pub(super) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Words of letters, digits and the signs that need no quotes, with dots between them (RFC 5322, `dot-atom`).
fn is_local(local: &str) -> bool {
    let sign = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let atom = |atom: &str| !atom.is_empty() && atom.chars().all(sign);
    local.len() <= LOCAL_MAX && local.split('.').all(atom)
}

/// A name with at least one dot; a bare machine or a number in brackets reaches nobody from here.
fn is_domain(domain: &str) -> bool {
    let sign = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let label = |label: &str| {
        let inside = !label.starts_with('-') && !label.ends_with('-');
        !label.is_empty() && label.len() <= LABEL_MAX && inside && label.chars().all(sign)
    };
    let last_is_a_word =
        domain.rsplit('.').next().is_some_and(|last| !last.chars().all(|c| c.is_ascii_digit()));
    domain.contains('.') && last_is_a_word && domain.split('.').all(label)
}

/// Says nothing of the address, because it may end up in a log.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_people_write_it() {
        for (typed, kept) in [
            (" ada@Example.ORG ", "ada@example.org"),
            ("a.b+news@mail.example.co.uk", "a.b+news@mail.example.co.uk"),
            ("O'Neill@xn--bcher-kva.example", "O'Neill@xn--bcher-kva.example"),
        ] {
            assert_eq!(Address::parse(typed).map(|address| address.reveal().to_owned()), Ok(kept.to_owned()));
        }
        let (one, two) = (Address::parse("Ada@a.example").unwrap(), Address::parse("ada@A.example").unwrap());
        assert_eq!(one.folded(), two.folded());
        assert_eq!(format!("{one:?}"), "Address(..)");
    }

    #[test]
    fn what_could_be_more_than_one_address_is_none() {
        let long = format!("a@{}example", "a.".repeat(122));
        let (at_limit, past) = (format!("{long}s"), format!("{long}ss"));
        assert_eq!((at_limit.len(), Address::parse(&at_limit).is_ok()), (LENGTH_MAX, true));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "ada@127.0.0.1",
            "ada@[127.0.0.1]",
            "ada@example.org\r\nBcc: b@example.org",
            "ada\n@example.org",
            "ada@example.org, b@example.org",
            "ada@b@example.org",
            "\"a b\"@example.org",
            "<ada@example.org>",
            "a..b@example.org",
            "ada@example..org",
            "ada@-example.org",
            "ädä@example.org",
            "ada@exämple.org",
            "ada@example.org\0",
            past.as_str(),
            &format!("{}@example.org", "a".repeat(LOCAL_MAX + 1)),
            &format!("a@{}.org", "a".repeat(LABEL_MAX + 1)),
        ] {
            assert_eq!(Address::parse(bad), Err(BadAddress), "{bad:?}");
        }
        assert!(Address::parse(&format!("{}@example.org", "a".repeat(LOCAL_MAX))).is_ok());
        assert!(Address::parse(&format!("a@{}.org", "a".repeat(LABEL_MAX))).is_ok());
    }
}
