//! The drill's time, which runs so many times faster than the record's and may change its speed on the way.

use std::time::{Duration, Instant};

pub(super) struct Clock {
    /// The drill's time at `since`.
    then: Duration,
    since: Instant,
    speed: f64,
}

impl Clock {
    /// Begins at 0. A speed of 0 is as fast as it goes.
    pub(super) fn start(speed: f64, now: Instant) -> Self {
        Self { then: Duration::ZERO, since: now, speed }
    }

    pub(super) fn set_speed(&mut self, speed: f64, now: Instant) {
        (self.then, self.since, self.speed) = (self.at(now), now, speed);
    }

    /// How long it takes until the drill's time is `due`; nothing where it is there.
    pub(super) fn left(&self, due: Duration, now: Instant) -> Option<Duration> {
        if self.speed == 0.0 {
            return None;
        }
        let left = due.saturating_sub(self.at(now)).div_f64(self.speed);
        (!left.is_zero()).then_some(left)
    }

    /// Something that was due at `due` is done now, though the clock itself may stand.
    pub(super) fn reach(&mut self, due: Duration, now: Instant) {
        if self.speed == 0.0 {
            (self.then, self.since) = (self.then.max(due), now);
        }
    }

    fn at(&self, now: Instant) -> Duration {
        self.then + now.duration_since(self.since).mul_f64(self.speed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_runs_as_fast_as_it_was_told_last() {
        let start = Instant::now();
        let second = |n| Duration::from_secs(n);
        let mut clock = Clock::start(4.0, start);
        assert_eq!(clock.left(second(40), start), Some(second(10)));
        assert_eq!(clock.left(second(40), start + second(9)), Some(second(1)));
        assert_eq!(clock.left(second(40), start + second(10)), None);
        clock.set_speed(1.0, start + second(5));
        assert_eq!(clock.left(second(40), start + second(5)), Some(second(20)));
        clock.set_speed(0.0, start + second(15));
        assert_eq!(clock.left(second(40), start + second(15)), None);
        clock.reach(second(40), start + second(15));
        clock.set_speed(1.0, start + second(20));
        assert_eq!(clock.left(second(41), start + second(20)), Some(second(1)));
    }
}
