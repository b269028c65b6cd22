//! A sentence model that turns a text into an [`Embedding`]: BERT with 384 numbers a token, such as all-MiniLM-L6-v2.
//!
//! [`Model::read`] takes the bytes of the model's three files and says what is wrong with them; [`Model::embed`] takes one
//! text. On the way: [`vocabulary`] cuts it into pieces of words, [`bert`] lets them attend to each other, and the mean of
//! what comes out, with length one, is rounded.
//!
//! Invariants. The same bytes in give the same bytes out on every machine: every sum is of `f32` in one fixed order, nothing
//! but `+ - * /`, square roots and comparisons is used, and no product is fused with a sum. A text is embedded by itself, so
//! nothing depends on what else there is to embed. A model that was read never overflows, whatever the text.

mod arithmetic;
mod bert;
mod config;
mod linear;
mod vocabulary;
mod weights;

use sha2::{Digest, Sha256};

use crate::{Embedding, WIDTH};

/// The most tokens of a text that are looked at, the two at its ends included: about 90 words of English. What comes
/// after them counts for nothing.
pub const TOKENS_MAX: usize = 128;

/// Why the files of a model were not taken.
#[derive(Debug, thiserror::Error)]
pub enum BadModel {
    #[error("config.json is not that of a BERT model: {0}")]
    Config(#[source] serde_json::Error),
    /// `known` is what would do.
    #[error("config.json has {key} = {found}, and this program can do with {known}")]
    Unknown { key: &'static str, found: String, known: String },
    #[error("the vocabulary is not UTF-8")]
    NotText,
    #[error("the vocabulary has {found} words, and config.json says {said}: it is that of another model")]
    Words { found: usize, said: usize },
    #[error("the vocabulary has no {0}: it is that of another kind of model")]
    NoWord(&'static str),
    /// This program writes every word in small letters before it looks it up.
    #[error("the vocabulary has capital letters ({0}): it is that of another kind of model")]
    Capitals(String),
    #[error("the vocabulary has {0:?} twice")]
    Twice(String),
    #[error("the weights are not a safetensors file: {0}")]
    NotWeights(String),
    #[error("the weights have no {0}")]
    Missing(String),
    #[error("{name} has the shape {found:?}, and config.json makes it {said:?}")]
    Shape { name: String, found: Vec<usize>, said: Vec<usize> },
    #[error("{name} is of type {found}, and this program reads F32")]
    Type { name: String, found: String },
    #[error("{0} lies beyond the end of the file: it was cut off")]
    CutOff(String),
    #[error("{0} holds a number that no model has")]
    Number(String),
}

/// A sentence model in memory, about as big as its files. Any number of threads may use it at once.
pub struct Model {
    name: String,
    vocabulary: vocabulary::Vocabulary,
    bert: bert::Bert,
}

impl Model {
    /// Changes whenever the same files would give other numbers for the same text.
    const ID: &str = "semantic-1";

    /// The bytes of `config.json`, `vocab.txt` and `model.safetensors`.
    ///
    /// # Errors
    ///
    /// The first thing that keeps the three from being one BERT model with 384 numbers a token and small letters.
    pub fn read(config: &[u8], vocabulary: &[u8], weights: &[u8]) -> Result<Self, BadModel> {
        let hash = hash([config, vocabulary, weights]);
        let shape = config::Shape::read(config)?;
        let vocabulary = vocabulary::Vocabulary::read(vocabulary, shape.words)?;
        let bert = bert::Bert::read(&shape, &weights::Weights::read(weights)?)?;
        let name = format!("{} bert-{}x{WIDTH} {hash}", Self::ID, shape.layers);
        Ok(Self { name, vocabulary, bert })
    }

    /// The way in which this program counts, the shape of the model, and the first half of a SHA-256 of its three files: two
    /// models of one name give the same numbers for the same text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the first [`TOKENS_MAX`] tokens of a text mean. A text without words has a meaning too, always the same.
    pub fn embed(&self, text: &str) -> Embedding {
        Embedding::of(&self.bert.forward(&self.vocabulary.tokens(text)))
    }
}

/// 32 digits over the files and where each of them ends.
fn hash(files: [&[u8]; 3]) -> String {
    let mut sum = Sha256::new();
    for file in files {
        sum.update((file.len() as u64).to_be_bytes());
        sum.update(file);
    }
    sum.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
