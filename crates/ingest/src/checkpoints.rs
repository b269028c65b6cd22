//! When the record's tree is signed: at least every few seconds while it grows, when the assembly closes, and at the
//! end.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::AssemblyId;
use event_log::{Origin, Signer};
use tokio::time::{Instant, MissedTickBehavior};

use crate::{Error, Sequencer};

/// Checkpoints are at most this far apart while something is being recorded.
pub const CHECKPOINT_EVERY: Duration = Duration::from_secs(10);

/// The name that an assembly's checkpoints are signed under. It holds no address, so that it stays the same when the
/// server moves.
pub fn origin(assembly: AssemblyId) -> String {
    format!("plenary/a/{assembly}")
}

impl Sequencer {
    /// Signs from now on with the key in the file at `key`, which is made where it is missing; gives the verifier key
    /// that everybody may have. Needs a tokio runtime; ends with the writer.
    pub fn sign_every(&self, key: &Path, every: Duration) -> Result<String, Error> {
        let signer = Arc::new(Signer::open_or_create(key, Origin::new(&origin(self.assembly()))?)?);
        let verifier = signer.verifier().to_string();
        self.checkpoint(&signer);
        let sequencer = self.clone();
        tokio::spawn(async move {
            let mut tick = tokio::time::interval_at(Instant::now() + every, every);
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
            while !sequencer.has_ended() {
                tick.tick().await;
                sequencer.checkpoint_in_turn(&signer).await;
            }
        });
        Ok(verifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Hall, says};
    use event_log::Reader;

    /// What only the write-ahead log holds is guarded by nothing but the next checkpoint.
    #[tokio::test]
    async fn what_is_recorded_is_signed_before_long_without_anybody_asking() {
        let hall = Hall::open().await;
        let folder = hall.folder.path().join("hall");
        let key = hall.folder.path().join("signing.key");
        hall.sequencer.sign_every(&key, Duration::from_millis(5)).unwrap();
        let signed = || Reader::open(&folder).unwrap().checkpoint().unwrap().map_or(0, |last| last.size());
        for n in 1..4 {
            hall.sequencer.submit(says(n, "a")).await.unwrap();
            let head = hall.sequencer.head().borrow().map_or(0, event_log::Position::get);
            let begun = Instant::now();
            while signed() < head {
                assert!(begun.elapsed() < CHECKPOINT_EVERY, "event {head} is not signed");
                tokio::task::yield_now().await;
            }
        }
        assert!(CHECKPOINT_EVERY <= Duration::from_secs(10), "FORMAT.md and SECURITY.md promise ten seconds");
    }

    #[tokio::test]
    async fn what_was_recorded_is_signed_when_asked_and_at_the_end() {
        let hall = Hall::open().await;
        let folder = hall.folder.path().join("hall");
        let key = hall.folder.path().join("signing.key");
        let verifier = hall.sequencer.sign_every(&key, Duration::from_secs(3_600)).unwrap();
        hall.sequencer.submit(says(1, "a")).await.unwrap();
        let head = *hall.sequencer.head().borrow();
        hall.sequencer.stop().await;

        let signed = Reader::open(&folder).unwrap().checkpoint().unwrap().unwrap();
        assert_eq!(Some(signed.size()), head.map(event_log::Position::get));
        signed.verify(&[verifier.parse().unwrap()]).unwrap();
        assert!(signed.origin().starts_with("plenary/a/"));
    }
}
