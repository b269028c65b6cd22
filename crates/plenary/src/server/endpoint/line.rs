//! One connection for one question, plain or under TLS.

use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use http_body_util::Full;
use hyper::Uri;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

/// Where to call, and how to know whom one speaks to.
pub(super) struct Line {
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// A connection that ends when it is dropped.
pub(super) struct Open {
    pub(super) sender: SendRequest<Full<Bytes>>,
    driver: JoinHandle<()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Line {
    pub(super) fn to(url: &Uri) -> anyhow::Result<Self> {
        let host = url.host().context("`model.url` names no machine")?;
        // An address of version 6 stands in brackets in a URL and nowhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let (tls, usual) = match url.scheme_str() {
            Some("https") => (Some((trusting()?, ServerName::try_from(host.clone())?)), 443),
            Some("http") => (None, 80),
            _ => bail!("`model.url` has to begin with http:// or https://"),
        };
        Ok(Self { host, port: url.port_u16().unwrap_or(usual), tls })
    }

    pub(super) async fn open(&self) -> anyhow::Result<Open> {
        let plain = TcpStream::connect((self.host.as_str(), self.port)).await?;
        match &self.tls {
            Some((connector, name)) => speak(connector.connect(name.clone(), plain).await?).await,
            None => speak(plain).await,
        }
    }
}

async fn speak(over: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> anyhow::Result<Open> {
    let (sender, connection) = http1::handshake(TokioIo::new(over)).await?;
    // What goes wrong on the line, whoever waits for the answer hears of.
    let driver = tokio::spawn(async move { drop(connection.await) });
    Ok(Open { sender, driver })
}

/// Trusts whom this machine trusts.
fn trusting() -> anyhow::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(anyhow!(
            "this machine has no certificates to trust, and `model.url` begins with https://"
        ));
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
