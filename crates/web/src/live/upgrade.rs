//! From a request to a WebSocket (RFC 6455, section 4.2): afterwards the connection itself is ours, and no library
//! stands between a frame and the kernel.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use sha1::{Digest, Sha1};
use tokio::net::TcpStream;

/// What every server answers with, put behind the client's key (section 1.3).
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const VERSION: &str = "13";

/// A request that may become a WebSocket.
pub struct Upgrade {
    accept: HeaderValue,
    on: OnUpgrade,
}

impl Upgrade {
    /// Answers the request, and hands over the connection with what came behind the request already.
    pub fn then<F>(self, serve: impl FnOnce(TcpStream, Bytes) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Upgrade { accept, on } = self;
        tokio::spawn(async move {
            // One that goes away before it is upgraded leaves nothing to do.
            let Ok(upgraded) = on.await else { return };
            match downcast::<TokioIo<TcpStream>>(upgraded) {
                Ok(parts) => {
                    // A copy, because the library's buffer is 8 KiB whatever is in it.
                    let early = Bytes::copy_from_slice(&parts.read_buf);
                    let stream = parts.io.into_inner();
                    drop(parts.read_buf);
                    serve(stream, early).await;
                }
                Err(_) => tracing::error!("a WebSocket came over something that is no TCP connection"),
            }
        });
        let headers = [
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::CONNECTION, HeaderValue::from_static("Upgrade")),
            (header::SEC_WEBSOCKET_ACCEPT, accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let accept = accept(&parts.headers).map_err(IntoResponse::into_response)?;
        let on = parts.extensions.remove::<OnUpgrade>();
        let on = on.ok_or_else(|| StatusCode::UPGRADE_REQUIRED.into_response())?;
        Ok(Self { accept, on })
    }
}

/// What is wrong with a request, and what would be right.
type Refused = (StatusCode, [(header::HeaderName, &'static str); 2]);

/// The answer to the client's key, or what is wrong with the request.
fn accept(headers: &HeaderMap) -> Result<HeaderValue, Refused> {
    let wanted = [(header::UPGRADE, "websocket"), (header::SEC_WEBSOCKET_VERSION, VERSION)];
    let lists = |name: header::HeaderName, word: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let upgrades = lists(header::CONNECTION, "upgrade") && lists(header::UPGRADE, "websocket");
    if !upgrades || !lists(header::SEC_WEBSOCKET_VERSION, VERSION) {
        return Err((StatusCode::UPGRADE_REQUIRED, wanted));
    }
    let bad = (StatusCode::BAD_REQUEST, wanted);
    let key = headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok()).ok_or(bad.clone())?;
    if BASE64.decode(key).ok().is_none_or(|nonce| nonce.len() != 16) {
        return Err(bad);
    }
    let answer = BASE64.encode(Sha1::new().chain_update(key).chain_update(MAGIC).finalize());
    HeaderValue::from_str(&answer).map_err(|_| bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &str)]) -> Result<String, StatusCode> {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        accept(&headers).map(|value| value.to_str().unwrap().to_owned()).map_err(|(status, _)| status)
    }

    #[test]
    fn the_key_of_the_rfc_gets_the_answer_of_the_rfc() {
        // Section 1.3, with the headers as Firefox writes them.
        let pairs = [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        assert_eq!(asked(&pairs).as_deref(), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        for missing in 0..pairs.len() {
            let mut fewer = pairs.to_vec();
            fewer.remove(missing);
            assert!(asked(&fewer).is_err(), "without {}", pairs[missing].0);
        }
    }

    #[test]
    fn what_is_no_handshake_is_refused() {
        let with = |version: &str, key: &str| {
            asked(&[
                ("connection", "Upgrade"),
                ("upgrade", "WebSocket"),
                ("sec-websocket-version", version),
                ("sec-websocket-key", key),
            ])
        };
        assert_eq!(with("8", "dGhlIHNhbXBsZSBub25jZQ=="), Err(StatusCode::UPGRADE_REQUIRED));
        assert_eq!(with("13", "c2hvcnQ="), Err(StatusCode::BAD_REQUEST));
        assert_eq!(with("13", "not base64"), Err(StatusCode::BAD_REQUEST));
    }
}
