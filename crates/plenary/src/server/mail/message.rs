//! One letter as bytes on the wire (RFC 5322), with the button that ends them all (RFC 8058).

use ingest::Due;
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use web::Letter;

/// What is handed to the server.
pub(super) struct Parcel {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// The same letter has the same Message-ID, by which mail programs know that they have it already.
pub(super) fn of(from: &Mailbox, due: &Due, letter: &Letter) -> anyhow::Result<Parcel> {
    let to = Mailbox::new(None, due.address.reveal().parse()?);
    let header = |name, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
    let message = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&letter.subject)
        .message_id(Some(format!("<{}@{}>", due.name, from.email.domain())))
        .raw_header(header("List-Unsubscribe", format!("<{}>", letter.stop)))
        .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()))
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())?;
    Ok(Parcel { envelope: message.envelope().clone(), bytes: message.formatted() })
}

#[cfg(test)]
mod tests {
    use domain::Slug;
    use ingest::{Access, Address};

    use super::*;

    fn due() -> Due {
        let folder = tempfile::tempdir().unwrap();
        let access = Access::open(folder.path()).unwrap();
        let slug: Slug = "buses".parse().unwrap();
        access.ask_for_mail(&slug, &Address::parse("ada@example.org").unwrap()).unwrap();
        access.due_letters(&slug, 1).unwrap().remove(0)
    }

    fn head(subject: &str, stop: &str) -> Vec<String> {
        let letter =
            Letter {
                subject: subject.to_owned(), text: "“Words”\n.\n".to_owned(), stop: stop.to_owned()
            };
        let from: Mailbox = "Plenary <news@plenary.example>".parse().unwrap();
        let parcel = of(&from, &due(), &letter).unwrap();
        let text = String::from_utf8(parcel.bytes).unwrap();
        let head = text.split_once("\r\n\r\n").unwrap().0.replace("\r\n ", "");
        head.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn nothing_in_a_title_becomes_a_header() {
        let plain = head("Buses: answered", "https://plenary.example/a/buses/mail/x/stop");
        let names = |head: &[String]| {
            head.iter().map(|line| line.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(plain.contains(&"To: ada@example.org".to_owned()), "{plain:?}");
        for title in ["Buses\r\nBcc: eve@example.org", "Buses\nBcc: eve@example.org", "Buses\r\n\r\nBcc: eve"]
        {
            let head = head(title, "https://plenary.example/a/buses/mail/x/stop\r\nBcc: eve@example.org");
            assert_eq!(names(&head), names(&plain), "{head:?}");
        }
    }

    #[test]
    fn a_long_address_that_ends_it_stays_whole() {
        let stop = format!("https://plenary.example/a/buses/mail/{}/stop", "x".repeat(200));
        let head = head("Fahrgäste – später", &stop);
        assert!(head.contains(&format!("List-Unsubscribe: <{stop}>")), "{head:?}");
        assert!(head.iter().all(|line| line.is_ascii()), "{head:?}");
    }
}
