//! The worked example of FORMAT.md, made anew and held against what stands there.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{NewEvent, Origin, Position, Reader, Sealed, Signer, Width, Writer, tree};

const DOCUMENT: &str = include_str!("../FORMAT.md");
const ASSEMBLY: Uuid = Uuid::from_u128(0x0190_8e2c_5a00_7000_8000_0000_0000_0001);
const KEY_FILE: &str = "plenary-log-key/v1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_8e2c_5b00_7000_8000_0000_0000_0000 + n)
}

/// The three events of the example; only the first has private words.
fn events() -> Vec<NewEvent> {
    let event = |kind: &str, n: u128, payload: &str| NewEvent {
        kind: kind.into(),
        schema: 1,
        stream: "round/1".into(),
        channel: Some("room".into()),
        device: None,
        voice: None,
        id: Some(id(n)),
        reference: None,
        payload: RawValue::from_string(payload.into()).unwrap(),
        words: None,
    };
    let random = std::array::from_fn(|index| index as u8);
    let words = Some(Sealed::with(&random, "The bus stops at six.").unwrap());
    let voice = Some("5f0c".into());
    vec![
        NewEvent { words, voice, ..event("contributed", 1, r#"{"kind":"point"}"#) },
        NewEvent { channel: None, id: None, ..event("round_closed", 2, "null") },
        NewEvent { reference: Some(id(1)), ..event("withdrawn", 3, "null") },
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Written here once more, from the words of the document alone.
fn code(leaf: &[u8]) -> String {
    let digits: Vec<_> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
    let bits: String = leaf[..10].iter().map(|byte| format!("{byte:08b}")).collect();
    let values = bits.as_bytes().chunks(5).map(|five| str::from_utf8(five).unwrap());
    let text: String = values.map(|five| digits[usize::from_str_radix(five, 2).unwrap()]).collect();
    [&text[..4], &text[4..8], &text[8..12], &text[12..]].join("-")
}

#[track_caller]
fn stands_there(part: &str) {
    assert!(DOCUMENT.contains(part), "FORMAT.md lacks:\n{part}");
}

fn record() -> (tempfile::TempDir, Writer, Signer) {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), ASSEMBLY).unwrap();
    writer.append(&events(), 1_760_000_000_123).unwrap();
    let path = folder.path().join("log.key");
    fs::write(&path, KEY_FILE).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let origin = Origin::new(&format!("plenary.example/a/{ASSEMBLY}")).unwrap();
    let signer = Signer::open_or_create(&path, origin).unwrap();
    (folder, writer, signer)
}

#[test]
fn the_events_and_their_leaves_are_those_of_the_document() {
    let (folder, _writer, _signer) = record();
    let page = Reader::open(folder.path()).unwrap().page(None, 10).unwrap();
    for event in &page {
        stands_there(str::from_utf8(&event.bytes).unwrap());
        stands_there(&hex(&event.leaf));
        stands_there(&code(&event.leaf));
    }
    let words = events().remove(0).words.unwrap();
    stands_there(&hex(words.key()));
    stands_there(&hex(words.bytes()));
    stands_there(&hex(&words.commitment()));
    stands_there(&hex(&tree::node(&page[0].leaf, &page[1].leaf)));
}

#[test]
fn the_tiles_are_those_of_the_document() {
    let (folder, _writer, _signer) = record();
    let reader = Reader::open(folder.path()).unwrap();
    let width = Width::new(3).unwrap();
    let leaves: String = reader.page(None, 10).unwrap().iter().map(|event| hex(&event.leaf)).collect();
    assert_eq!(hex(&reader.tile(0, 0, width).unwrap().unwrap()), leaves);
    let bundle = reader.entries(0, width).unwrap().unwrap();
    stands_there(&format!("`{}`", hex(&bundle[..10])));
    stands_there(&format!("{} bytes", bundle.len()));
    stands_there(&hex(&<sha2::Sha256 as sha2::Digest>::digest(&bundle)));
}

#[test]
fn the_checkpoint_and_the_proof_are_those_of_the_document() {
    let (folder, mut writer, signer) = record();
    let checkpoint = writer.checkpoint(&signer).unwrap();
    stands_there(&hex(checkpoint.root()));
    stands_there(KEY_FILE);
    stands_there(&signer.verifier().to_string());
    stands_there(&checkpoint.to_string());
    let proof = Reader::open(folder.path()).unwrap().proof(Position::FIRST).unwrap().unwrap();
    stands_there(&proof.to_string());
}
