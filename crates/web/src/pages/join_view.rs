//! How people come in, for whoever shows it: the code, the address to type, and both as a QR code.

use crate::guard::Visit;
use crate::pages::address;
use crate::pages::screen::qr;

pub(crate) struct JoinView {
    /// `K7M 4QX`; nothing where no participants' link works just now.
    pub(crate) code: Option<String>,
    /// Without the `http://`.
    pub(crate) address: String,
    pub(crate) qr: String,
}

impl JoinView {
    pub(crate) fn of(visit: &Visit) -> Self {
        let code = visit.house.access.join_code(&visit.hall.slug).unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "the code to join could not be read");
            None
        });
        let base = &visit.house.settings.public_url;
        let (link, shown) = match code {
            Some(code) => (format!("{base}/j/{}", code.plain()), format!("{base}/j")),
            None => {
                let home = format!("{base}{}", address(visit.hall.slug.as_str(), ""));
                (home.clone(), home)
            }
        };
        let address = shown.split_once("://").map(|(_, rest)| rest.to_owned()).unwrap_or(shown);
        Self { code: code.map(|code| code.to_string()), address, qr: qr(&link) }
    }
}
