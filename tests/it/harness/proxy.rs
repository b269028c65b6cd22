//! A line to NATS that can be made to swallow what goes through it, as a broken network does.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use super::Nats;

pub(crate) struct Proxy {
    pub(crate) url: String,
    line: Arc<Line>,
}

/// Whether bytes may pass. Threads that hold some wait here.
#[derive(Default)]
struct Line {
    swallows: Mutex<bool>,
    changed: Condvar,
}

impl Line {
    fn set(&self, swallows: bool) {
        *self.swallows.lock().unwrap() = swallows;
        self.changed.notify_all();
    }

    fn pass(&self) {
        let swallows = self.swallows.lock().unwrap();
        drop(self.changed.wait_while(swallows, |swallows| *swallows).unwrap());
    }
}

impl Proxy {
    /// Its threads end with the connections, and the last one with the test.
    pub(crate) fn to(nats: &Nats) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("nats://{}", listener.local_addr().unwrap());
        let (line, to) = (Arc::new(Line::default()), nats.url.trim_start_matches("nats://").to_owned());
        let passing = Arc::clone(&line);
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(&to) else { continue };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let passing = Arc::clone(&passing);
                    std::thread::spawn(move || carry(from, to, &passing));
                }
            }
        });
        Proxy { url, line }
    }

    /// From now on nothing arrives at either end, and nobody is told.
    pub(crate) fn swallow(&self) {
        self.line.set(true);
    }

    pub(crate) fn let_through(&self) {
        self.line.set(false);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, line: &Line) {
    let mut part = [0; 8_192];
    while let Ok(read @ 1..) = from.read(&mut part) {
        line.pass();
        if to.write_all(&part[..read]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}
