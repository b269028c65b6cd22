//! Those who do not behave: frames that are none, and requests that are never finished.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::line::{Line, TEXT, dial};
use super::served::{SLUG, Served};

const BAD_FRAMES: usize = 10_000;
const HALF_REQUESTS: usize = 500;

pub(crate) struct Found {
    /// By how much the server's memory was larger at the end of it.
    pub(crate) grown_kib: u64,
}

/// Makes trouble for so long.
pub(crate) async fn make(served: &Served, lasts: Duration) -> Result<Found> {
    let before = served.resident_kib()?;
    let mut half = Vec::new();
    for number in 0..HALF_REQUESTS {
        let stream = dial(served.address, number).await?;
        stream.writable().await?;
        stream.try_write(format!("GET /a/{SLUG}/live HTTP/1.1\r\nHost: x\r\nUpgr").as_bytes())?;
        half.push(stream);
    }
    let began = Instant::now();
    for number in 0..BAD_FRAMES {
        let mut line = Line::open(served.address, &format!("/a/{SLUG}/live"), None, number).await?;
        match number % 5 {
            0 => line.send(TEXT, b"{\"id\":").await?,
            1 => line.send(TEXT, b"\xff\xfe\xfd").await?,
            // A reserved bit, a fragment of a ping, and a frame without a mask.
            2 => line.send(TEXT | 0x40, b"{}").await?,
            3 => line.send(0x09, b"there?").await?,
            _ => line.write(&[TEXT, 2, b'{', b'}']).await?,
        }
        // What is refused with words leaves the connection open; the others are closed by the server.
        let patience =
            tokio::time::timeout(Duration::from_millis(if number % 5 == 0 { 0 } else { 2 }), line.drained());
        let _ = patience.await;
        // Spread over the whole time.
        let due = began + lasts.mul_f64(number as f64 / BAD_FRAMES as f64);
        tokio::time::sleep_until(due.into()).await;
    }
    let grown_kib = served.resident_kib()?.saturating_sub(before);
    drop(half);
    Ok(Found { grown_kib })
}
