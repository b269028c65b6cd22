//! Taking batches from a queue, for a thread whose callers mostly come back as soon as they are answered.

use tokio::sync::mpsc;

/// How often the thread looks again, giving way to others in between, before it sleeps: about 100 µs on an idle machine.
/// To be woken takes about half as long as the disk takes to sync, and whoever waits for an answer pays for it.
const LOOKS: u32 = 400;

/// Waits until something is there, puts up to `most` into `taken`, and says whether there was anything: there is not
/// when every sender has gone. Must not be called on a runtime's own thread.
pub fn take<T>(queue: &mut mpsc::Receiver<T>, taken: &mut Vec<T>, most: usize) -> bool {
    for _ in 0..LOOKS {
        if !queue.is_empty() {
            break;
        }
        std::thread::yield_now();
    }
    queue.blocking_recv_many(taken, most) > 0
}
