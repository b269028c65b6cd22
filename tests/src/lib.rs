//! The tests of the whole: they start the real binary, a real NATS server and a real browser.
