//! How much time the open round still has. Pages that run script count it down; the others say until when.

use projections::Views;

use crate::pages::clock;
use crate::presence::now;

pub(crate) struct Countdown {
    /// As people read it.
    pub(crate) until: String,
    /// The end, and the server's clock as the page is drawn: milliseconds since 1970.
    pub(crate) until_ms: u64,
    pub(crate) now_ms: u64,
}

impl Countdown {
    pub(crate) fn of(views: &Views) -> Option<Self> {
        let until = views.frame.countdown?;
        Some(Self { until: clock(views).time(until), until_ms: until.millis(), now_ms: now().millis() })
    }
}
