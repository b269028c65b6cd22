//! `verify receipt`: whether a receipt file holds what it says, from the file alone.

use std::path::Path;

use anyhow::{Context, anyhow};
use event_log::{PROOF_LIMIT, Position, Proof, Told};
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::{Global, VerifyReceipt};
use crate::output::Output;
use crate::signing;

#[derive(Serialize)]
struct Verified {
    receipt: ingest::Receipt,
    position: Position,
    kind: String,
    /// In UTC.
    recorded_at: String,
    /// Whether there are words in the file; they are the ones that the event commits to.
    words: Option<&'static str>,
    log: String,
    /// How many events the checkpoint is over.
    size: u64,
    /// Whether a key was named and has signed the checkpoint.
    signature: Option<&'static str>,
}

pub(super) fn run(global: &Global, args: &VerifyReceipt) -> anyhow::Result<()> {
    let verified = verify(&args.file, args.vkey.as_deref())
        .with_context(|| format!("the receipt {} does not hold", args.file.display()))?;
    Output::of(global).print(&verified, || verified.text())
}

fn verify(file: &Path, vkey: Option<&str>) -> anyhow::Result<Verified> {
    let length = std::fs::metadata(file)?.len();
    if length > PROOF_LIMIT as u64 {
        return Err(anyhow!("it is longer than a receipt can be"));
    }
    let text = std::fs::read(file)?;
    let proof: Proof = String::from_utf8(text).map_err(|_| anyhow!("it is not text"))?.parse()?;
    let Told { event, opening } = proof.told()?;
    match vkey {
        Some(named) => proof.verify(&event.leaf, &signing::named_keys(named)?)?,
        None => proof.includes(&event.leaf)?,
    }
    let millis = i64::try_from(event.recorded_at_ms).context("its time")?;
    Ok(Verified {
        receipt: ingest::Receipt::of_leaf(&event.leaf),
        position: event.position,
        kind: event.kind,
        recorded_at: Timestamp::from_millisecond(millis).context("its time")?.to_string(),
        words: opening.map(|_| "match"),
        log: proof.checkpoint.origin().to_owned(),
        size: proof.checkpoint.size(),
        signature: vkey.map(|_| "right"),
    })
}

impl Verified {
    fn text(&self) -> String {
        let words = match self.words {
            Some(_) => "the words in the file are the ones that were recorded",
            None => "there are no words in the file",
        };
        let signature = match self.signature {
            Some(_) => "the key that you named has signed it",
            None => "who signed it was not checked, because no key was named with --vkey",
        };
        let Self { receipt, position, kind, recorded_at, log, size, .. } = self;
        format!(
            "{receipt} is event {position} (`{kind}`), recorded at {recorded_at}; {words}; it is in the checkpoint of \
             `{log}` over {size} events; {signature}"
        )
    }
}
