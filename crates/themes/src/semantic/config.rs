//! What `config.json` says of the shape of a model.

use serde::Deserialize;

use super::{BadModel, TOKENS_MAX};
use crate::WIDTH;

/// Bounds within which no product of sizes and no sum overflows.
const LAYERS_MAX: usize = 48;
const INNER_MAX: usize = 4096;
const WORDS_MAX: usize = 1 << 20;

/// The sizes of a BERT model. The names in the file are those of the library `transformers`.
#[derive(Deserialize)]
pub(super) struct Shape {
    #[serde(rename = "model_type")]
    kind: String,
    #[serde(rename = "hidden_act")]
    activation: String,
    #[serde(rename = "hidden_size")]
    width: usize,
    #[serde(rename = "num_hidden_layers")]
    pub(super) layers: usize,
    #[serde(rename = "num_attention_heads")]
    pub(super) heads: usize,
    #[serde(rename = "intermediate_size")]
    pub(super) inner: usize,
    #[serde(rename = "vocab_size")]
    pub(super) words: usize,
    #[serde(rename = "max_position_embeddings")]
    pub(super) positions: usize,
    #[serde(rename = "type_vocab_size")]
    pub(super) types: usize,
    /// What is added to a variance before it divides.
    #[serde(rename = "layer_norm_eps")]
    pub(super) epsilon: f32,
}

impl Shape {
    pub(super) fn read(config: &[u8]) -> Result<Self, BadModel> {
        let shape: Self = serde_json::from_slice(config).map_err(BadModel::Config)?;
        let unknown = |key, found: &dyn ToString, known: String| {
            Err(BadModel::Unknown { key, found: found.to_string(), known })
        };
        if shape.kind != "bert" {
            return unknown("model_type", &shape.kind, "bert".to_owned());
        }
        if shape.activation != "gelu" {
            return unknown("hidden_act", &shape.activation, "gelu".to_owned());
        }
        if !WIDTH.is_multiple_of(shape.heads.max(1)) {
            return unknown("num_attention_heads", &shape.heads, format!("a divisor of {WIDTH}"));
        }
        if !(1e-12..=1e-3).contains(&shape.epsilon) {
            return unknown("layer_norm_eps", &shape.epsilon, "1e-12 to 1e-3".to_owned());
        }
        let sizes = [
            ("hidden_size", shape.width, WIDTH, WIDTH),
            ("num_hidden_layers", shape.layers, 1, LAYERS_MAX),
            ("num_attention_heads", shape.heads, 1, WIDTH),
            ("intermediate_size", shape.inner, 1, INNER_MAX),
            ("vocab_size", shape.words, 1, WORDS_MAX),
            ("max_position_embeddings", shape.positions, TOKENS_MAX, WORDS_MAX),
            ("type_vocab_size", shape.types, 1, WORDS_MAX),
        ];
        let wrong = sizes.into_iter().find(|(_, found, least, most)| !(least..=most).contains(&found));
        match wrong {
            Some((key, found, least, most)) if least == most => unknown(key, &found, least.to_string()),
            Some((key, found, least, most)) => unknown(key, &found, format!("{least} to {most}")),
            None => Ok(shape),
        }
    }
}
