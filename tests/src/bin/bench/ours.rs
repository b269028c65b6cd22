//! Our crowd behind the two addresses that the load client of the other servers knows: whoever is at `/ws` hears every
//! text that comes in at `/pub`. The crowd, its connections and its writes are those of the live feed.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpSocket;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use web::live::{Batch, Crowd, Frame, Opening, Upgrade, connect};

/// Connections that wait to be taken in; a hall comes back all at once.
const BACKLOG: u32 = 4_096;
/// Most messages that go out in one write.
const BATCH_FRAMES_MAX: usize = 64;

/// Serves until it is killed.
pub(crate) fn serve(port: u16) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let crowd = Crowd::new("bench".to_owned(), Arc::new(Nothing));
        let (said, messages) = unbounded_channel();
        tokio::spawn(pass_on(crowd.clone(), messages));
        let router = Router::new()
            .route("/ws", get(async move |upgrade: Upgrade| listen(upgrade, crowd.clone())))
            .route("/pub", get(async move |upgrade: Upgrade| publish(upgrade, said.clone())));
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], port)))?;
        axum::serve(socket.listen(BACKLOG)?, router).await.context("serve")
    })
}

struct Nothing;

impl Opening for Nothing {
    fn opening(&self, _after: Option<u64>) -> Batch {
        Batch::default()
    }

    fn afresh(&self) -> Batch {
        Batch::default()
    }

    fn heartbeat(&self) -> Batch {
        Batch::of(vec![Frame::text(b"{}")])
    }

    fn at(&self) -> (u64, Frame) {
        (0, Frame::text(b"{}"))
    }
}

fn listen(upgrade: Upgrade, crowd: Crowd) -> Response {
    connect(upgrade, crowd, None, None, |_: &[u8]| None::<std::future::Ready<String>>)
}

/// The publisher listens too, as any client of the feed does; it sits in a crowd of its own.
fn publish(upgrade: Upgrade, said: UnboundedSender<Frame>) -> Response {
    let alone = Crowd::new("bench".to_owned(), Arc::new(Nothing));
    connect(upgrade, alone, None, None, move |text: &[u8]| {
        // Nobody takes it when the server ends.
        drop(said.send(Frame::text(text)));
        None::<std::future::Ready<String>>
    })
}

async fn pass_on(crowd: Crowd, mut messages: UnboundedReceiver<Frame>) {
    let mut frames = Vec::new();
    while messages.recv_many(&mut frames, BATCH_FRAMES_MAX).await > 0 {
        crowd.say(&Batch::of(std::mem::take(&mut frames)), Arc::new(Nothing)).await;
    }
}
