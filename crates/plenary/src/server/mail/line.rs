//! The SMTP server that `[mail]` names: one connection at a time, every step of which has an end.
//!
//! What it answers may hold the address that it is about, so nothing of it is logged but the number.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use hyper::Uri;
use ingest::Refused;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;

use super::message::Parcel;
use crate::settings;

/// A server that goes away says so with this number whatever it was asked (RFC 5321, 3.8).
const GOES_AWAY: u16 = 421;
/// How long a server may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// Where to call, and how.
pub(crate) struct Line {
    host: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    credentials: Option<Credentials>,
    from: Mailbox,
    timeout: Duration,
}

enum Tls {
    /// From the first byte on.
    AtOnce(TlsParameters),
    /// Before anything else is said.
    Begun(TlsParameters),
    Never,
}

/// A connection on which letters can be handed over.
pub(super) struct Open(AsyncSmtpConnection);

/// What the server said to a letter.
#[derive(Debug)]
pub(super) enum Taken {
    Yes,
    No { code: u16, refused: Refused },
}

/// It could not be reached, or broke off, or took too long.
pub(super) struct Stuck {
    pub(super) why: anyhow::Error,
    /// What that means for the letter, where it got stuck over this very one. A letter that was given away whole may have
    /// arrived, so it is not given again as often as one likes.
    pub(super) over: Option<Refused>,
}

impl Line {
    /// Nothing where no server is named. Nobody is called yet.
    pub(crate) fn of(settings: &settings::Mail) -> anyhow::Result<Option<Self>> {
        if settings.url.is_empty() {
            return Ok(None);
        }
        let url: Uri = settings.url.parse().context("`mail.url` is no address")?;
        let authority = url.authority().context("`mail.url` names no machine")?;
        if authority.as_str().contains('@') || !matches!(url.path(), "" | "/") || url.query().is_some() {
            bail!("`mail.url` says no more than how to reach a machine, such as smtps://mail.example.org");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = || TlsParameters::new(host.clone()).context("`mail.url` cannot be spoken with under TLS");
        let (tls, usual) = match url.scheme_str() {
            Some("smtps") => (Tls::AtOnce(tls()?), 465),
            Some("starttls") => (Tls::Begun(tls()?), 587),
            Some("smtp") => (Tls::Never, 25),
            _ => bail!("`mail.url` has to begin with smtps://, starttls:// or smtp://"),
        };
        let from: Mailbox =
            settings.from.parse().context("`mail.from` is no address that messages can come from")?;
        let credentials = credentials(settings)?;
        if credentials.is_some() && matches!(tls, Tls::Never) && !is_this_machine(&host) {
            bail!("`mail.user` would sign in where everybody can listen: `mail.url` begins with smtp://");
        }
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let (port, timeout) =
            (url.port_u16().unwrap_or(usual), Duration::from_secs(settings.timeout_s.into()));
        Ok(Some(Self { host, port, tls, hello, credentials, from, timeout }))
    }

    pub(super) fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Hands a letter over, on the connection that is open or on a new one. One that got stuck is closed.
    pub(super) async fn send(&self, open: &mut Option<Open>, parcel: &Parcel) -> Result<Taken, Stuck> {
        let mut connection = match open.take() {
            Some(connection) => connection,
            None => self.in_time(None, self.open()).await?,
        };
        self.in_time(None, connection.begin(parcel)).await?;
        let mut taken = self.in_time(Some(Refused::Unheard), connection.address(parcel)).await?;
        if matches!(taken, Taken::Yes) {
            taken = self.in_time(Some(Refused::ForNow), connection.give(parcel)).await?;
        }
        if matches!(taken, Taken::No { .. }) {
            self.in_time(None, connection.reset()).await?;
        }
        *open = Some(connection);
        Ok(taken)
    }

    async fn in_time<T>(
        &self,
        over: Option<Refused>,
        step: impl Future<Output = anyhow::Result<T>>,
    ) -> Result<T, Stuck> {
        let late = |_| Err(anyhow!("it did not answer within {:?}", self.timeout));
        let done = tokio::time::timeout(self.timeout, step).await.unwrap_or_else(late);
        done.map_err(|why| Stuck { why, over })
    }

    async fn open(&self) -> anyhow::Result<Open> {
        let (server, timeout) = ((self.host.as_str(), self.port), Some(self.timeout));
        let at_once = match &self.tls {
            Tls::AtOnce(parameters) => Some(parameters.clone()),
            Tls::Begun(_) | Tls::Never => None,
        };
        let opened = AsyncSmtpConnection::connect_tokio1(server, timeout, &self.hello, at_once, None).await;
        let mut open = Open(opened.map_err(without_words)?);
        if let Tls::Begun(parameters) = &self.tls {
            open.0.starttls(parameters.clone(), &self.hello).await.map_err(without_words)?;
        }
        if let Some(credentials) = &self.credentials {
            open.0.auth(DEFAULT_MECHANISMS, credentials).await.map_err(without_words)?;
        }
        Ok(open)
    }

    pub(super) async fn close(&self, mut open: Open) {
        // Whoever does not even say goodbye has taken every letter all the same.
        drop(tokio::time::timeout(GOODBYE, open.0.quit()).await);
    }
}

impl Open {
    /// That the server does not take letters from us says nothing of any address.
    async fn begin(&mut self, parcel: &Parcel) -> anyhow::Result<()> {
        let from = Mail::new(parcel.envelope.from().cloned(), Vec::new());
        self.0.command(from).await.map_err(without_words)?;
        Ok(())
    }

    async fn address(&mut self, parcel: &Parcel) -> anyhow::Result<Taken> {
        for to in parcel.envelope.to() {
            if let Err(error) = self.0.command(Rcpt::new(to.clone(), Vec::new())).await {
                return refused(error);
            }
        }
        self.0.command(Data).await.map_or_else(refused, |_| Ok(Taken::Yes))
    }

    async fn give(&mut self, parcel: &Parcel) -> anyhow::Result<Taken> {
        self.0.message(&parcel.bytes).await.map_or_else(refused, |_| Ok(Taken::Yes))
    }

    async fn reset(&mut self) -> anyhow::Result<()> {
        self.0.command(Rset).await.map_err(without_words)?;
        Ok(())
    }
}

/// What the server said no to, or that it says nothing any more.
fn refused(error: Error) -> anyhow::Result<Taken> {
    let code = error.status().map(u16::from).filter(|code| *code != GOES_AWAY);
    match code {
        Some(code) if error.is_permanent() => Ok(Taken::No { code, refused: Refused::ForGood }),
        Some(code) => Ok(Taken::No { code, refused: Refused::ForNow }),
        None => Err(without_words(error)),
    }
}

/// What went wrong, without what the server said about it.
fn without_words(error: Error) -> anyhow::Error {
    match error.status() {
        Some(code) => anyhow!("it answered {}", u16::from(code)),
        None if error.is_response() => anyhow!("what it answered is no SMTP"),
        None => anyhow::Error::new(error),
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn credentials(settings: &settings::Mail) -> anyhow::Result<Option<Credentials>> {
    let file = &settings.password_file;
    match (settings.user.is_empty(), file.is_empty()) {
        (true, true) => Ok(None),
        (true, false) => bail!("`mail.user` has to say whose password is in `mail.password_file`"),
        (false, true) => bail!("`mail.password_file` has to name a file with the password of `mail.user`"),
        (false, false) => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("`mail.password_file` names {file}, which cannot be read"))?;
            let password = text.trim_end_matches(['\r', '\n']);
            if password.is_empty() || password.contains(char::is_control) {
                bail!("`mail.password_file` names {file}, which holds no password");
            }
            Ok(Some(Credentials::new(settings.user.clone(), password.to_owned())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> settings::Mail {
        let (url, from) = (url.to_owned(), "Plenary <news@plenary.example>".to_owned());
        settings::Mail { url, from, ..settings::Mail::default() }
    }

    #[test]
    fn a_server_is_called_where_its_address_says() {
        for (url, host, port) in [
            ("smtps://mail.example.org", "mail.example.org", 465),
            ("starttls://mail.example.org/", "mail.example.org", 587),
            ("smtp://127.0.0.1", "127.0.0.1", 25),
            ("smtp://[::1]:2525", "::1", 2525),
        ] {
            let line = Line::of(&settings(url)).unwrap().unwrap();
            assert_eq!((line.host.as_str(), line.port), (host, port), "{url}");
        }
        assert!(Line::of(&settings::Mail::default()).unwrap().is_none());
    }

    #[test]
    fn what_is_wrong_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty").display().to_string();
        std::fs::write(&empty, "\n").unwrap();
        let signed_in = |url: &str, file: &str| {
            let (user, password_file) = ("news".to_owned(), file.to_owned());
            settings::Mail { user, password_file, ..settings(url) }
        };
        let from = |from: &str| settings::Mail { from: from.to_owned(), ..settings("smtp://127.0.0.1") };
        let alone = settings::Mail { password_file: empty.clone(), ..settings("smtp://127.0.0.1") };
        for (settings, said) in [
            (settings("mail.example.org"), "`mail.url`"),
            (settings("http://mail.example.org"), "`mail.url` has to begin with"),
            (settings("smtps://news:secret@mail.example.org"), "`mail.url` says no more"),
            (settings("smtps://mail.example.org/inbox"), "`mail.url` says no more"),
            (from(""), "`mail.from`"),
            (from("Plenary"), "`mail.from`"),
            (from("a@b.example\r\nBcc: c@d.example"), "`mail.from`"),
            (signed_in("smtps://mail.example.org", ""), "`mail.password_file`"),
            (signed_in("smtps://mail.example.org", "/nowhere"), "names /nowhere, which cannot be read"),
            (signed_in("smtps://mail.example.org", &empty), "holds no password"),
            (alone, "`mail.user`"),
        ] {
            let why = Line::of(&settings).err().map(|error| format!("{error:#}")).unwrap_or_default();
            assert!(why.contains(said), "{said}: {why}");
        }
        let password = folder.path().join("password").display().to_string();
        std::fs::write(&password, "hunter2\n").unwrap();
        let why = Line::of(&signed_in("smtp://mail.example.org", &password)).err().unwrap().to_string();
        assert!(why.contains("everybody can listen") && !why.contains("hunter2"), "{why}");
        assert!(Line::of(&signed_in("smtp://localhost", &password)).is_ok());
    }
}
