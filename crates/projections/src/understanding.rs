//! What words mean to a sentence model: asked of the model once, kept in the record under seal, and read back from there by
//! whoever replays it, with or without the model.
//!
//! Every model has a name of its own, and numbers of one model say nothing about those of another. So an entry lists
//! what it means by model, and whoever learns goes by one model at a time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Command, Label, Meaning};
use event_log::Position;
use themes::Embedding;

use crate::learner::{Saying, same_id};
use crate::quotes::OpenWords;
use crate::views::{Entry, Views};

/// A sentence model, as whoever runs the engines has it. It takes its time: about 0.1 s a text.
pub trait SentenceModel: Send + Sync {
    /// Which one it is. Another name means that the same words would give other numbers.
    fn name(&self) -> &Label;

    fn embed(&self, text: &str) -> Embedding;
}

/// The numbers as the record keeps them.
fn written(embedding: &Embedding) -> Option<Meaning> {
    Meaning::parse(&STANDARD.encode(embedding.to_bytes())).ok()
}

/// The numbers that the record keeps; nothing where somebody else has written something else.
pub(crate) fn read(meaning: &str) -> Option<Embedding> {
    Embedding::from_bytes(&STANDARD.decode(meaning).ok()?).ok()
}

/// Where there is something that the model has not been asked about: what still waits to be read comes first.
pub(crate) fn not_understood<'a>(views: &'a Views, model: &Label, most: usize) -> Vec<(Position, &'a Entry)> {
    let new = |(_, entry): &(&Position, &Entry)| entry.may_be_read() && !entry.meant.contains_key(model);
    let found = |unread: bool| {
        let entries = views.entries.iter().filter(new);
        entries.filter(move |(_, entry)| entry.is_unread() == unread).map(|(at, entry)| (*at, entry))
    };
    found(true).chain(found(false)).take(most).collect()
}

/// Asks the model about these. What was corrected meanwhile is refused by the rules, and asked about again.
pub(crate) fn understood(
    asked: &[(Position, &Entry)],
    model: &dyn SentenceModel,
    words: &OpenWords<'_>,
) -> Vec<Saying> {
    let saying = |(_, entry): &(Position, &Entry)| {
        let text = entry.words_at.and_then(words)?;
        let meaning = written(&model.embed(&text))?;
        let (contribution, wording, model) = (entry.contribution, entry.corrections, model.name().clone());
        let id = same_id(&format!("understood {model}"), &[contribution.0], wording.into());
        Some(Saying { id, command: Command::Understand { contribution, wording, model, meaning } })
    };
    asked.iter().filter_map(saying).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        let embedding = Embedding::of(&std::array::from_fn(|place| place as f32 - 100.0));
        let written = written(&embedding).unwrap();
        assert_eq!(written.as_words().as_str().len(), 516);
        assert_eq!(read(written.as_words().as_str()), Some(embedding));
        for wrong in ["", "AAAA", "We waited."] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
