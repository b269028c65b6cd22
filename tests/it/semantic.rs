//! A real sentence model: all-MiniLM-L6-v2, from the folder that `PLENARY_MODEL` names.

use std::path::PathBuf;

use themes::{BadModel, Embedding, Model};

/// Where the model is, or nothing where no folder is named; then this says so.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("PLENARY_MODEL").map(PathBuf::from);
    if folder.is_none() {
        println!("the sentence model: PLENARY_MODEL names no folder, so nothing was checked");
    }
    folder
}

/// `config.json`, `vocab.txt` and `model.safetensors`.
pub(crate) fn files() -> Option<[Vec<u8>; 3]> {
    let folder = folder()?;
    let file =
        |name: &str| std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    Some(["config.json", "vocab.txt", "model.safetensors"].map(file))
}

fn cosine(one: &Embedding, other: &Embedding) -> f32 {
    one.to_vector().iter().zip(other.to_vector()).map(|(one, other)| one * other).sum()
}

/// FNV-1a with 64 bits.
fn hash(embeddings: &[Embedding]) -> u64 {
    let bytes = embeddings.iter().flat_map(Embedding::to_bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn it_says_what_its_authors_publish_and_the_same_bytes_everywhere() {
    let Some([config, vocabulary, weights]) = files() else { return };
    let model = Model::read(&config, &vocabulary, &weights).unwrap();
    let name = model.name();
    assert!(name.starts_with("semantic-1 bert-6x384 ") && name.len() == 54, "{name}");
    let embeddings = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
        .map(|text| model.embed(text));
    // As in the quickstart of the library `sentence-transformers`.
    for (one, other, published) in [(0, 1, 0.6660), (0, 2, 0.1046), (1, 2, 0.1411)] {
        let cosine = cosine(&embeddings[one], &embeddings[other]);
        assert!((cosine - published).abs() < 0.003, "{one} and {other}: {cosine}, not {published}");
    }
    assert_eq!(hash(&embeddings), 1_222_767_186_802_443_632, "other machines give other bytes");
}

#[test]
fn half_of_it_is_refused() {
    let Some([config, vocabulary, weights]) = files() else { return };
    for part in [0, 7, 1_000, weights.len() / 2, weights.len() - 1] {
        assert!(Model::read(&config, &vocabulary, &weights[..part]).is_err(), "{part} bytes");
    }
    let cut = Model::read(&config, &vocabulary, &weights[..weights.len() / 2]);
    assert!(matches!(cut, Err(BadModel::CutOff(_))));
    let (cut, _) = vocabulary.split_at(vocabulary.len() / 2);
    assert!(matches!(Model::read(&config, cut, &weights), Err(BadModel::Words { .. } | BadModel::NotText)));
}
