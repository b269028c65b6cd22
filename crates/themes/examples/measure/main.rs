//! Measures the engine, with a sentence model or without: how often its suggestions are right, and how fast it is. `scripts/bench themes` runs it.

mod args;
mod corpus;
mod metrics;
mod numpy;
mod rows;
mod semantic;
mod speed;
mod table;

use std::error::Error;
use std::path::{Path, PathBuf};

use args::{Args, Order};
use corpus::{Corpus, Map, Side};
use rows::Features;
use semantic::Meanings;
use serde::Serialize;

/// Themes with fewer texts are left out, as in the script of the protocol.
const TEXTS_MIN: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let Some(args) = Args::read(std::env::args().skip(1))? else {
        println!("{}", args::USAGE);
        return Ok(());
    };
    match &args.files {
        Some((training, test)) => of_files(training, test, &args),
        None => of_public_data(&data(), &args),
    }
}

/// The folder with the public data.
fn data() -> PathBuf {
    let data =
        std::env::var_os("PLENARY_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    data.join("themes")
}

/// One line of JSON a row, and nothing else.
fn of_files(training: &Path, test: &Path, args: &Args) -> Result<(), Box<dyn Error>> {
    let map = args.map.as_deref().map_or_else(|| Ok(Map::default()), Map::read)?;
    let corpus = Corpus::of_two(training, test, &map)?.with_themes_of(TEXTS_MIN);
    say_what_is_there(&corpus);
    let meanings = meanings(args, &corpus)?;
    for features in with_and_without(meanings.as_ref()) {
        match args.order {
            Order::Arrival => rows::arrival(&corpus, features).iter().try_for_each(print)?,
            Order::Any => rows::EXAMPLES
                .iter()
                .try_for_each(|examples| print(&rows::batch(&corpus, *examples, features)))?,
        }
    }
    Ok(())
}

fn meanings(args: &Args, corpus: &Corpus) -> Result<Option<Meanings>, Box<dyn Error>> {
    args.model.as_deref().map(|folder| semantic::read(folder, corpus)).transpose()
}

/// Words and letters alone first.
fn with_and_without(meanings: Option<&Meanings>) -> impl Iterator<Item = Features<'_>> + Clone {
    [Some(Features(None)), meanings.map(|meanings| Features(Some(meanings)))].into_iter().flatten()
}

fn of_public_data(data: &Path, args: &Args) -> Result<(), Box<dyn Error>> {
    let corpus =
        Corpus::read(&data.join("nhs-fft-v6/comments.csv"), &Map::default())?.with_themes_of(TEXTS_MIN);
    say_what_is_there(&corpus);
    let meanings = meanings(args, &corpus)?;
    let all = with_and_without(meanings.as_ref());
    let arrival: Vec<_> = all.clone().flat_map(|features| rows::arrival(&corpus, features)).collect();
    if args.order == Order::Arrival {
        table::arrival(&arrival);
        return arrival.iter().try_for_each(print);
    }
    let of = |examples| all.clone().map(move |features| (examples, features));
    let batch = rows::EXAMPLES.iter().flat_map(|examples| of(*examples));
    let batch: Vec<_> = batch.map(|(examples, features)| rows::batch(&corpus, examples, features)).collect();
    table::batch(&batch);
    table::arrival(&arrival);
    batch.iter().try_for_each(print)?;
    arrival.iter().try_for_each(print)?;
    meanings.iter().try_for_each(|meanings| print(&meanings.speed))?;
    print(&speed::speed(data, args.contributions)?)
}

fn say_what_is_there(corpus: &Corpus) {
    let (training, test) = (corpus.of(Side::Training).count(), corpus.of(Side::Test).count());
    eprintln!(
        "{training} texts to train on, {test} to test on, {} themes; drawn as numpy draws",
        corpus.themes.len()
    );
}

fn print(row: &impl Serialize) -> Result<(), Box<dyn Error>> {
    println!("{}", serde_json::to_string(row)?);
    Ok(())
}
