//! The listening side: an address, the pages on it, and an orderly end.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use socket2::{Domain, Socket, Type};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use web::House;

/// Who connects and does not finish asking within this time is let go of, so that idle connections cannot pile up.
const HEADER_READ: Duration = Duration::from_secs(10);
/// Connections that may wait to be taken in.
const BACKLOG: i32 = 4_096;
/// Requests that are being answered when the end comes get this long.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// Most sockets of one process.
const SOCKETS_MAX: u64 = 100_000;
/// Databases, logs and the like.
const FILES_BESIDE: u64 = 4_096;

/// An address that is ours, with nobody answering on it yet.
pub(crate) struct Bound {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

pub(crate) fn bind(address: SocketAddr) -> anyhow::Result<Bound> {
    let listener = listen(address).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "{address} is in use by another program; choose another `listen` address in the configuration, or stop \
             that program"
        ),
        _ => anyhow::Error::new(error).context(format!("listen on {address}")),
    })?;
    listener.set_nonblocking(true).with_context(|| format!("listen on {address}"))?;
    let address = listener.local_addr().with_context(|| format!("listen on {address}"))?;
    Ok(Bound { listener, address })
}

/// A hall comes back all at once, and the standard library lets no more than 128 wait to be taken in.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Pages and feeds that are being served.
pub(crate) struct Serving {
    house: Arc<House>,
    handle: Handle<SocketAddr>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Each listener is an open file, and most systems let a program have 1,024 of them unless it asks for what it may have.
fn raise_file_limit() {
    match rlimit::increase_nofile_limit(SOCKETS_MAX + FILES_BESIDE) {
        Ok(limit) if limit < SOCKETS_MAX => {
            tracing::info!(limit, "fewer people can be connected at once than this program can serve");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files stays as it is"),
    }
}

impl Serving {
    pub(crate) fn start(bound: Bound, house: Arc<House>) -> anyhow::Result<Self> {
        raise_file_limit();
        let handle = Handle::new();
        let mut server = axum_server::from_tcp(bound.listener).context("listen")?.handle(handle.clone());
        server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_READ);
        let pages = web::router(house.clone()).into_make_service();
        let task = tokio::spawn(server.serve(pages));
        Ok(Self { house, handle, task })
    }

    /// Takes no more requests, answers those that are there, and lets every writer finish what it has taken.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.handle.graceful_shutdown(Some(LAST_REQUESTS));
        self.house.stop().await;
        self.task.await.context("the server's task")?.context("serve")
    }
}

/// Ctrl-C, and what whoever manages services sends to stop one. From when this is made, neither ends the process by
/// itself: make it before anybody is told that the server is there.
pub(crate) struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let interrupt = signal(SignalKind::interrupt()).context("listen for Ctrl-C")?;
        let terminate = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
        Ok(Self { interrupt, terminate })
    }

    /// Waits for the first of them.
    pub(crate) async fn told(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Waits until a record cannot be written any more, and says which and why. Nothing may be acknowledged after that,
/// so the process has to end and start anew from what is on the disk.
pub(crate) async fn broken_record(house: &House) -> anyhow::Error {
    let (broken_in, mut broken) = tokio::sync::mpsc::channel(1);
    for slug in house.slugs() {
        let Some(sequencer) = house.sequencer(&slug) else { continue };
        let (mut failed, broken_in) = (sequencer.failed(), broken_in.clone());
        tokio::spawn(async move {
            // A channel that closes is a sequencer that was stopped in order.
            let why = failed.wait_for(Option::is_some).await.map(|why| why.clone().unwrap_or_default());
            if let Ok(why) = why {
                drop(broken_in.send(anyhow!("the record of `{slug}` takes no more events: {why}")).await);
            }
        });
    }
    // The sender above is kept, so this waits for ever where nothing breaks.
    broken.recv().await.unwrap_or_else(|| anyhow!("the records are not watched any more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named() {
        let first = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let Err(error) = bind(first.address) else { panic!("bound twice") };
        assert!(error.to_string().starts_with(&format!("{} is in use by another program", first.address)));
    }
}
