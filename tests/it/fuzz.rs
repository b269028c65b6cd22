//! The properties of tests/fuzz over its seeds and over thousands of changed ones, the same ones in every run. Looking
//! for more is what scripts/fuzz is for; what it finds becomes a seed and is checked here for ever.

use std::collections::BTreeSet;

use fuzz::{Property, TARGETS, Taken};

/// Changed inputs for each target. Signing and verifying are slow in a debug build.
const CHANGED: usize = 3_000;
const CHANGED_SIGNED: usize = 300;

#[test]
fn frames() {
    holds("frame", CHANGED);
}

#[test]
fn imports() {
    holds("import", CHANGED);
}

#[test]
fn leaves() {
    holds("leaf", CHANGED);
}

#[test]
fn notes() {
    holds("note", CHANGED_SIGNED);
}

#[test]
fn proofs() {
    holds("proof", CHANGED);
}

#[test]
fn receipts() {
    holds("receipt", CHANGED);
}

#[test]
fn sockets() {
    holds("socket", CHANGED);
}

/// A target that nobody runs, or one without seeds, would look like one that finds nothing.
#[test]
fn every_target_is_run_and_has_seeds() {
    let names: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let manifest = crate::tidy::toml("tests/fuzz/libfuzzer/Cargo.toml");
    let targets = manifest["bin"].as_array().unwrap().iter();
    assert_eq!(targets.map(|bin| bin["name"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>(), names);
    let folders = crate::tidy::root().join("tests/fuzz/seeds").read_dir().unwrap();
    assert_eq!(
        folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>(),
        names
    );
}

fn holds(name: &str, changed: usize) {
    let (_, property) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
    let seeds = seeds(name);
    let taken = seeds.iter().filter(|seed| run(*property, seed) == Taken::Yes).count();
    assert!(taken > 0, "no seed of {name} is taken, so nothing is shown");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut after_change = [0, 0];
    for _ in 0..changed {
        let bytes = random.changed(&seeds);
        after_change[usize::from(run(*property, &bytes) == Taken::Yes)] += 1;
    }
    let [refused, taken] = after_change;
    assert!(refused > 0 && taken > 0, "of the changed ones {refused} were refused and {taken} taken");
}

/// The bytes are named where the property panics, because the panic itself does not know them.
fn run(property: Property, bytes: &[u8]) -> Taken {
    let run = std::panic::catch_unwind(|| property(bytes));
    run.unwrap_or_else(|_| panic!("it was with these bytes: \"{}\"", bytes.escape_ascii()))
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = crate::tidy::root().join("tests/fuzz/seeds").join(name);
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// The generator xorshift64 (Marsaglia, 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    /// A seed with one to four changes: a bit, a byte, a piece of any seed put in, or a piece taken out.
    fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let place = self.below(bytes.len() + 1);
            let end = (place + self.below(40)).min(bytes.len());
            match self.below(4) {
                0 if place < bytes.len() => bytes[place] ^= 1 << self.below(8),
                1 => bytes.insert(place, self.below(256) as u8),
                2 => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len() + 1);
                    let to = (from + self.below(40)).min(other.len());
                    bytes.splice(place..place, other[from..to].iter().copied());
                }
                _ => drop(bytes.drain(place..end)),
            }
        }
        bytes
    }
}
