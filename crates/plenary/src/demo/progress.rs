//! How far the day is: one line that is written over on a terminal, a line every tenth elsewhere.

use std::io::{IsTerminal, Write, stderr};

const WIDTH: usize = 24;

pub(crate) struct Progress {
    steps: usize,
    done: usize,
    shown: Option<usize>,
    terminal: bool,
}

impl Progress {
    pub(crate) fn new(steps: usize) -> Self {
        Self { steps, done: 0, shown: None, terminal: stderr().is_terminal() }
    }

    /// One more step is done. Whoever closed standard error does not want to see it.
    pub(crate) fn step(&mut self, what: &str) {
        self.done += 1;
        let percent = self.done * 100 / self.steps.max(1);
        let shown = if self.terminal { percent } else { percent / 10 };
        if self.shown.replace(shown) == Some(shown) && self.done < self.steps {
            return;
        }
        let line = line(percent, what);
        let mut out = stderr().lock();
        drop(if self.terminal { write!(out, "\r\x1b[K{line}") } else { writeln!(out, "{line}") });
        drop(out.flush());
    }
}

/// The bar may stop anywhere; what is written next begins on a line of its own.
impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal && self.shown.is_some() {
            drop(writeln!(stderr().lock()));
        }
    }
}

fn line(percent: usize, what: &str) -> String {
    let full = WIDTH * percent.min(100) / 100;
    format!("[{}{}] {percent:>3} %  {what}", "#".repeat(full), ".".repeat(WIDTH - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_long_at_every_moment() {
        assert_eq!(line(0, "x"), format!("[{}]   0 %  x", ".".repeat(WIDTH)));
        assert_eq!(line(100, "x"), format!("[{}] 100 %  x", "#".repeat(WIDTH)));
        assert_eq!(line(50, "x").len(), line(7, "x").len());
    }
}
