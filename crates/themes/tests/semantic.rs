//! The sentence model, with a small one made here. The real one is read by the tests of the whole.
#![cfg(test)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use themes::{BadModel, Embedding, Model, TOKENS_MAX, WIDTH};

/// A model's three files, to be spoilt in one place each.
#[derive(Clone)]
struct Files {
    config: Value,
    vocabulary: String,
    tables: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
}

const INNER: usize = 24;
const WORDS: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\nbus\nis\nlate\n##r\n,\na\n##n\n北\nuber\n";

impl Files {
    /// One layer, with numbers as a simple generator gives them.
    fn new() -> Self {
        let count = WORDS.lines().count();
        let mut files = Self {
            config: json!({
                "model_type": "bert", "hidden_act": "gelu", "hidden_size": WIDTH, "num_hidden_layers": 1,
                "num_attention_heads": 12, "intermediate_size": INNER, "vocab_size": count,
                "max_position_embeddings": TOKENS_MAX, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
            }),
            vocabulary: WORDS.to_owned(),
            tables: BTreeMap::new(),
        };
        files.table("embeddings.word_embeddings.weight", &[count, WIDTH]);
        files.table("embeddings.position_embeddings.weight", &[TOKENS_MAX, WIDTH]);
        files.table("embeddings.token_type_embeddings.weight", &[2, WIDTH]);
        files.pair("embeddings.LayerNorm", &[WIDTH]);
        for part in
            ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"]
        {
            files.pair(&format!("encoder.layer.0.{part}"), &[WIDTH, WIDTH]);
        }
        files.pair("encoder.layer.0.attention.output.LayerNorm", &[WIDTH]);
        files.pair("encoder.layer.0.intermediate.dense", &[INNER, WIDTH]);
        files.pair("encoder.layer.0.output.dense", &[WIDTH, INNER]);
        files.pair("encoder.layer.0.output.LayerNorm", &[WIDTH]);
        files
    }

    fn pair(&mut self, name: &str, shape: &[usize]) {
        self.table(&format!("{name}.weight"), shape);
        self.table(&format!("{name}.bias"), &shape[..1]);
    }

    fn table(&mut self, name: &str, shape: &[usize]) {
        let mut state = self.tables.len() as u32 + 1;
        let numbers = (0..shape.iter().product()).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (f32::from((state >> 16) as u16) / 65_536.0 - 0.5) * 0.2
        });
        self.tables.insert(name.to_owned(), (shape.to_vec(), numbers.collect()));
    }

    /// A safetensors file.
    fn weights(&self) -> Vec<u8> {
        let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
        header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
        for (name, (shape, numbers)) in &self.tables {
            let from = data.len();
            data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            let entry = json!({"dtype": "F32", "shape": shape, "data_offsets": [from, data.len()]});
            header.insert(name.clone(), entry);
        }
        let header = serde_json::to_vec(&header).unwrap();
        [(header.len() as u64).to_le_bytes().to_vec(), header, data].concat()
    }

    fn read(&self) -> Result<Model, BadModel> {
        Model::read(self.config.to_string().as_bytes(), self.vocabulary.as_bytes(), &self.weights())
    }
}

/// What is wrong with files that were spoilt like this.
fn fault(spoil: impl FnOnce(&mut Files)) -> String {
    let mut files = Files::new();
    spoil(&mut files);
    files.read().err().expect("is a model").to_string()
}

/// 64 bits of all bytes, for figures that have to be the same on every machine.
fn hash(embeddings: &[Embedding]) -> u64 {
    let bytes = embeddings.iter().flat_map(Embedding::to_bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn a_small_model_gives_the_same_bytes_on_every_machine() {
    let model = Files::new().read().unwrap();
    let long = "the bus is later, ".repeat(100);
    let texts = ["", "The bus is late", "Überlänger, 北!", "bus\u{0}\u{301} \u{202e}is", long.as_str()];
    let embeddings = texts.map(|text| model.embed(text));
    assert_eq!(hash(&embeddings), 1_866_173_384_976_268_433, "the arithmetic of the model has changed");
}

#[test]
fn words_are_told_apart_by_letters_alone() {
    let model = Files::new().read().unwrap();
    let same = |one: &str, other: &str| model.embed(one) == model.embed(other);
    assert!(same("The BUS is late", " the\tb\u{fc}s\u{a0}is  late\n"));
    assert!(same("later,later", "later , later") && same("北bus", "北 bus"));
    assert!(same("Über", "uber") && same("lateran", "lateran\u{200b}"));
    assert!(!same("the bus is late", "late is the bus") && !same("later", "late"));
    // One piece that is not known makes the whole word unknown, and so does too long a word.
    assert!(same("latex", "x") && same(&"a".repeat(101), "x"));
}

#[test]
fn what_comes_after_the_last_token_counts_for_nothing() {
    let model = Files::new().read().unwrap();
    let full = "bus ".repeat(TOKENS_MAX - 2);
    assert_eq!(model.embed(&full), model.embed(&format!("{full} late")));
    assert_ne!(model.embed(&full), model.embed(&format!("late {full}")));
    let one_less = "bus ".repeat(TOKENS_MAX - 3);
    assert_ne!(model.embed(&one_less), model.embed(&format!("{one_less} late")));
}

#[test]
fn every_threads_answer_is_the_same() {
    let model = Files::new().read().unwrap();
    let alone = model.embed("the bus is late");
    let of_many = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| model.embed("the bus is late"))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(of_many.iter().all(|one| *one == alone));
}

#[test]
fn a_wrong_configuration_is_named() {
    let with = |key: &str, value: Value| fault(|files| files.config[key] = value);
    let rows = [
        ("model_type", json!("roberta"), "model_type = roberta, and this program can do with bert"),
        ("hidden_act", json!("relu"), "hidden_act = relu"),
        ("hidden_size", json!(768), "hidden_size = 768, and this program can do with 384"),
        ("num_hidden_layers", json!(0), "num_hidden_layers = 0, and this program can do with 1 to 48"),
        ("num_hidden_layers", json!(2), "the weights have no encoder.layer.1.attention.self.query.weight"),
        ("num_attention_heads", json!(7), "num_attention_heads = 7"),
        ("num_attention_heads", json!(0), "num_attention_heads = 0"),
        ("intermediate_size", json!(1_u64 << 60), "intermediate_size = 1152921504606846976"),
        ("intermediate_size", json!(32), "has the shape [24, 384], and config.json makes it [32, 384]"),
        ("max_position_embeddings", json!(64), "max_position_embeddings = 64"),
        ("layer_norm_eps", json!(0.0), "layer_norm_eps = 0"),
        ("vocab_size", json!(-1), "config.json is not that of a BERT model"),
        ("vocab_size", Value::Null, "config.json is not that of a BERT model"),
    ];
    for (key, value, said) in rows {
        let fault = with(key, value);
        assert!(fault.contains(said), "{fault}");
    }
}

#[test]
fn a_vocabulary_of_another_model_is_named() {
    let with = |from: &str, to: &str| fault(|files| files.vocabulary = files.vocabulary.replace(from, to));
    assert!(with("the\n", "").contains("has 13 words, and config.json says 14"));
    assert!(with("[CLS]", "<s>").contains("the vocabulary has no [CLS]"));
    assert!(with("late", "Late").contains("capital letters (Late)"));
    assert!(with("late", "bus").contains("has \"bus\" twice"));
    assert!(fault(|files| files.vocabulary.clear()).contains("has 0 words"));
    assert!(Model::read(b"", b"", b"").err().is_some_and(|bad| matches!(bad, BadModel::Config(_))));
    let files = Files::new();
    let not_text = Model::read(files.config.to_string().as_bytes(), b"\xff\xfe", &files.weights());
    assert!(matches!(not_text, Err(BadModel::NotText)));
}

#[test]
fn wrong_weights_are_named() {
    let of = |file: &[u8]| {
        let files = Files::new();
        let read = Model::read(files.config.to_string().as_bytes(), files.vocabulary.as_bytes(), file);
        read.err().expect("is a model").to_string()
    };
    let whole = Files::new().weights();
    assert!(of(&[]).contains("it has no header"));
    assert!(of(&[0xff; 64]).contains("its header is too long"));
    assert!(of(&whole[..500]).contains("it ends in its header"));
    assert!(of(b"\x02\0\0\0\0\0\0\0[]").contains("not a safetensors file"));
    assert!(of(b"\x02\0\0\0\0\0\0\0{}").contains("the weights have no embeddings.word_embeddings.weight"));
    assert!(of(&whole[..whole.len() - 1]).contains("lies beyond the end of the file: it was cut off"));
    let first = "embeddings.word_embeddings.weight";
    let number = |number: f32| fault(|files| files.tables.get_mut(first).unwrap().1[5] = number);
    for wrong in [f32::NAN, f32::INFINITY, -1e6] {
        assert!(number(wrong).contains("embeddings.word_embeddings.weight holds a number that no model has"));
    }
    let header = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = whole.windows(from.len()).position(|bytes| bytes == from.as_bytes()).unwrap();
        let mut file = whole.clone();
        file[at..at + to.len()].copy_from_slice(to.as_bytes());
        of(&file)
    };
    assert!(header("\"F32\"", "\"F16\"").contains("is of type F16, and this program reads F32"));
    assert!(
        header("\"data_offsets\":[0,", "\"data_offsets\":[9,")
            .contains("its bytes are not those of its shape")
    );
    assert!(header("\"data_offsets\":[0,", "\"data_offsets\":[-,").contains("not a safetensors file"));
    assert!(header("\"shape\"", "\"share\"").contains("missing field `shape`"));
}

#[test]
fn numbers_as_great_as_they_may_be_do_not_overflow() {
    let mut files = Files::new();
    for (_, numbers) in files.tables.values_mut() {
        numbers.iter_mut().for_each(|number| *number = if *number > 0.0 { 1_000.0 } else { -1_000.0 });
    }
    let model = files.read().unwrap();
    assert!(model.embed("the bus is late").values().iter().any(|value| value.abs() == 127));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_file_and_no_text_is_too_strange(at in 0_usize..3_000, byte: u8, text in "\\PC{0,40}") {
        let files = Files::new();
        let mut weights = files.weights();
        weights[at] = byte;
        if let Ok(model) = Model::read(files.config.to_string().as_bytes(), files.vocabulary.as_bytes(), &weights) {
            let embedding = model.embed(&text);
            prop_assert_eq!(Embedding::from_bytes(&embedding.to_bytes()), Ok(embedding));
        }
    }
}
