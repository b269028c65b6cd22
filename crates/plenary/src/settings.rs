//! `config/plenary.toml`: what an operator may change, and what holds where nothing is said.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use serde::{Deserialize, Serialize};

use crate::cli::Global;
use crate::toml_file;

const DEFAULT_FILE: &str = "config/plenary.toml";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    /// Empty: derived from the address that is listened on.
    pub(crate) public_url: String,
    pub(crate) links: Links,
    pub(crate) feed: Feed,
    pub(crate) themes: Themes,
    pub(crate) model: Model,
    pub(crate) mail: Mail,
    pub(crate) check: Check,
    pub(crate) nats: Nats,
    pub(crate) log: Log,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Links {
    /// 0: for as long as the assembly is served.
    pub(crate) lifetime_hours: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Feed {
    pub(crate) tick_ms: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Themes {
    pub(crate) suggest: bool,
    /// A folder. Empty: none.
    pub(crate) model: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Model {
    /// Empty: off.
    pub(crate) url: String,
    pub(crate) name: String,
    /// Empty: no key.
    pub(crate) key_file: String,
    pub(crate) timeout_s: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mail {
    /// Empty: off.
    pub(crate) url: String,
    pub(crate) from: String,
    /// Empty: nobody signs in.
    pub(crate) user: String,
    pub(crate) password_file: String,
    pub(crate) timeout_s: u32,
    pub(crate) gather_s: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Check {
    pub(crate) every_s: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Nats {
    /// Empty: off.
    pub(crate) url: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) filter: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: String::new(),
            links: Links::default(),
            feed: Feed::default(),
            themes: Themes::default(),
            model: Model::default(),
            mail: Mail::default(),
            check: Check::default(),
            nats: Nats::default(),
            log: Log::default(),
        }
    }
}

impl Default for Links {
    fn default() -> Self {
        Self { lifetime_hours: 720 }
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self { tick_ms: 250 }
    }
}

impl Default for Themes {
    fn default() -> Self {
        Self { suggest: true, model: String::new() }
    }
}

impl Default for Model {
    fn default() -> Self {
        Self { url: String::new(), name: String::new(), key_file: String::new(), timeout_s: 60 }
    }
}

impl Default for Mail {
    fn default() -> Self {
        let none = String::new;
        Self { url: none(), from: none(), user: none(), password_file: none(), timeout_s: 30, gather_s: 60 }
    }
}

impl Default for Check {
    fn default() -> Self {
        Self { every_s: 3_600 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".to_owned() }
    }
}

/// Ticks that a page can follow, in milliseconds.
const TICKS_MS: std::ops::RangeInclusive<u32> = 20..=10_000;
/// From one check of a record to the next, in seconds.
const CHECKS_S: std::ops::RangeInclusive<u32> = 1..=86_400;
/// What a language model may take for an answer, in seconds.
const ANSWERS_S: std::ops::RangeInclusive<u32> = 1..=600;

/// What a message may take to be handed over, and how long news may gather, in seconds.
const HANDED_OVER_S: std::ops::RangeInclusive<u32> = 1..=600;
const GATHERED_S: std::ops::RangeInclusive<u32> = 1..=3_600;

impl Settings {
    /// The file that was named, or the usual one if it is there, or the defaults.
    pub(crate) fn load(global: &Global) -> anyhow::Result<Self> {
        let usual = Path::new(DEFAULT_FILE);
        let path = match &global.config {
            Some(path) => path.as_path(),
            None if usual.is_file() => usual,
            None => return Ok(Self::default()),
        };
        let settings: Self = toml_file::read(path)?;
        settings.check().map_err(|error| error.context(format!("{}", path.display())))?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        let url = &self.public_url;
        if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
            bail!("`public_url` has to begin with http:// or https://, and it is `{url}`");
        }
        for (option, range, number) in [
            ("feed.tick_ms", TICKS_MS, self.feed.tick_ms),
            ("check.every_s", CHECKS_S, self.check.every_s),
            ("model.timeout_s", ANSWERS_S, self.model.timeout_s),
            ("mail.timeout_s", HANDED_OVER_S, self.mail.timeout_s),
            ("mail.gather_s", GATHERED_S, self.mail.gather_s),
        ] {
            if !range.contains(&number) {
                bail!("`{option}` has to be from {} to {}, and it is {number}", range.start(), range.end());
            }
        }
        if !self.model.url.is_empty() && self.model.name.is_empty() {
            bail!("`model.name` has to say which model `model.url` is asked for");
        }
        if !self.mail.url.is_empty() && url.is_empty() {
            bail!("`public_url` has to say where the links in messages lead, because `mail.url` is set");
        }
        if !self.themes.suggest && !self.themes.model.is_empty() {
            bail!("`themes.model` helps to suggest, and `themes.suggest` is false");
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log.filter) {
            bail!("`log.filter` is no filter: {error}");
        }
        Ok(())
    }

    /// What the pages need to know, once it is known where the server listens.
    pub(crate) fn web(&self, data: &Path, listening: SocketAddr) -> web::Settings {
        let hours = u64::from(self.links.lifetime_hours);
        web::Settings {
            public_url: self.public_url(listening),
            link_lifetime: (hours > 0).then(|| Duration::from_secs(hours * 3_600)),
            tick: Duration::from_millis(u64::from(self.feed.tick_ms)),
            drafts: if self.model.url.is_empty() { web::Drafts::Off } else { web::Drafts::On },
            mail: web::Mail::Off,
            signing_key: data.join("signing.key"),
            printer: crate::print::PRINTER,
        }
    }

    /// Links must lead somewhere even when the server listens on every address: then they lead to this machine.
    pub(crate) fn public_url(&self, listening: SocketAddr) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.trim_end_matches('/').to_owned();
        }
        let (ip, port) = (listening.ip(), listening.port());
        if ip.is_unspecified() { format!("http://localhost:{port}") } else { format!("http://{listening}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../../config/plenary.toml");

    #[test]
    fn the_file_holds_every_option_with_its_default() {
        let written: toml::Table = toml_file::parse(FILE).unwrap();
        assert_eq!(written, toml::Table::try_from(Settings::default()).unwrap());
        Settings::default().check().unwrap();
    }

    #[test]
    fn every_option_of_the_file_has_a_comment_above_it() {
        let lines: Vec<_> = FILE.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[1].contains(" = ")) {
            assert!(pair[0].starts_with("# "), "`{}` has no comment", pair[1]);
        }
    }

    #[test]
    fn what_the_file_may_not_say_is_refused_by_name() {
        for (text, said) in [
            ("lisen = \"127.0.0.1:1\"", "unknown field `lisen`"),
            ("[feed]\ntick = 5", "line 2: unknown field `tick`"),
            ("listen = \"somewhere\"", "line 1, `listen`: invalid socket address"),
            ("[links]\nlifetime_hours = -1", "line 2, `lifetime_hours`: "),
        ] {
            let why = toml_file::parse::<Settings>(text).unwrap_err();
            assert!(why.contains(said), "{text:?}: {why}");
        }
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for (text, said) in [
            ("public_url = \"example.org\"", "`public_url`"),
            ("[feed]\ntick_ms = 0", "`feed.tick_ms`"),
            ("[model]\nurl = \"http://127.0.0.1:1/v1\"", "`model.name`"),
            ("[model]\ntimeout_s = 601", "`model.timeout_s`"),
            ("[mail]\ntimeout_s = 0", "`mail.timeout_s`"),
            ("[mail]\ngather_s = 3601", "`mail.gather_s`"),
            ("[mail]\nurl = \"smtp://127.0.0.1\"", "`public_url`"),
            ("[themes]\nsuggest = false\nmodel = \"minilm\"", "`themes.model`"),
            ("[log]\nfilter = \"loud=!\"", "`log.filter`"),
        ] {
            let settings: Settings = toml_file::parse(text).unwrap();
            let why = settings.check().unwrap_err().to_string();
            assert!(why.contains(said), "{text:?}: {why}");
        }
    }

    #[test]
    fn links_lead_to_where_the_server_is() {
        let public_url = |text: &str, listening: &str| {
            toml_file::parse::<Settings>(text).unwrap().public_url(listening.parse().unwrap())
        };
        assert_eq!(public_url("", "127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(public_url("", "0.0.0.0:80"), "http://localhost:80");
        assert_eq!(public_url("public_url = \"https://a.example/\"", "0.0.0.0:80"), "https://a.example");
    }
}
