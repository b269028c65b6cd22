//! The OpenAI-compatible endpoint that `[model]` names: one question, one answer, both bounded.
//!
//! It is another's machine. Nothing that it sends is believed, logged or kept here: a text comes back, or one of two reasons
//! why none does. Only public words are sent to it; see [`projections::drafting`].

mod line;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use domain::Label;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Request, StatusCode, Uri};
use projections::drafting::Prompt;
use serde::Deserialize;
use serde_json::json;

use crate::settings::Model;
use line::Line;

/// Most bytes of a reply; a good one has a few hundred.
const REPLY_BYTES_MAX: usize = 256 * 1024;
/// Most tokens that it may write.
const TOKENS_MAX: u32 = 2_000;

pub(crate) struct Endpoint {
    line: Line,
    path: String,
    host: HeaderValue,
    key: Option<HeaderValue>,
    model: Label,
    timeout: Duration,
}

/// Why there is no text.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// It could not be asked, or was too slow, or would not answer now: another time it may.
    Later(anyhow::Error),
    /// What it said is of no use.
    Useless(&'static str),
}

/// What is read of a reply.
#[derive(Deserialize)]
struct Reply {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: String,
}

impl Endpoint {
    /// Nothing where no address is set. Nobody is called yet.
    pub(crate) fn of(settings: &Model) -> anyhow::Result<Option<Arc<Self>>> {
        if settings.url.is_empty() {
            return Ok(None);
        }
        let url: Uri = settings.url.parse().context("`model.url` is no address")?;
        let line = Line::to(&url)?;
        let authority = url.authority().context("`model.url` names no machine")?;
        let host = HeaderValue::from_str(authority.as_str()).context("`model.url` names no machine")?;
        let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
        let (model, key) = (Label::parse(&settings.name).context("`model.name`")?, key(&settings.key_file)?);
        let timeout = Duration::from_secs(settings.timeout_s.into());
        tracing::info!(%model, "a language model may propose names and drafts");
        Ok(Some(Arc::new(Self { line, path, host, key, model, timeout })))
    }

    /// The name under which everything stands that it writes.
    pub(crate) fn model(&self) -> &Label {
        &self.model
    }

    /// What it writes, in the form in which it was asked for or in any other.
    pub(crate) async fn ask(&self, prompt: &Prompt) -> Result<String, NoAnswer> {
        let late = |_| NoAnswer::Later(anyhow::anyhow!("it did not answer within {:?}", self.timeout));
        let reply = tokio::time::timeout(self.timeout, self.reply(prompt)).await.map_err(late)??;
        let reply: Reply = serde_json::from_slice(&reply).map_err(|_| NoAnswer::Useless("no such reply"))?;
        match reply.choices.into_iter().next() {
            Some(Choice { finish_reason: Some(why), .. }) if why != "stop" => {
                Err(NoAnswer::Useless("it was cut off"))
            }
            Some(Choice { message, .. }) => Ok(message.content),
            None => Err(NoAnswer::Useless("it has no text")),
        }
    }

    async fn reply(&self, prompt: &Prompt) -> Result<Bytes, NoAnswer> {
        let request = self.request(prompt).map_err(NoAnswer::Later)?;
        let mut line = self.line.open().await.map_err(NoAnswer::Later)?;
        let broken = |error: hyper::Error| NoAnswer::Later(anyhow::Error::from(error));
        let response = line.sender.send_request(request).await.map_err(broken)?;
        if response.status() != StatusCode::OK {
            return Err(NoAnswer::Later(anyhow::anyhow!("it answered {}", response.status())));
        }
        let whole = Limited::new(response.into_body(), REPLY_BYTES_MAX).collect().await;
        match whole {
            Ok(whole) => Ok(whole.to_bytes()),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                Err(NoAnswer::Useless("it is too long"))
            }
            Err(_) => Err(NoAnswer::Later(anyhow::anyhow!("it broke off"))),
        }
    }

    fn request(&self, prompt: &Prompt) -> anyhow::Result<Request<Full<Bytes>>> {
        let body = json!({
            "model": self.model,
            "temperature": 0,
            "max_tokens": TOKENS_MAX,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": prompt.task},
                {"role": "user", "content": prompt.data},
            ],
        });
        let mut request = Request::post(&self.path)
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key);
        }
        Ok(request.body(Full::from(serde_json::to_vec(&body)?))?)
    }
}

/// The first line of the file, marked so that it is printed nowhere.
fn key(file: &str) -> anyhow::Result<Option<HeaderValue>> {
    if file.is_empty() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("`model.key_file` names {file}, which cannot be read"))?;
    let key = text.trim();
    if key.is_empty() || key.contains(char::is_whitespace) {
        bail!("`model.key_file` names {file}, which holds no key");
    }
    let mut key = HeaderValue::from_str(&format!("Bearer {key}"))
        .with_context(|| format!("`model.key_file` names {file}, which holds no key"))?;
    key.set_sensitive(true);
    Ok(Some(key))
}
