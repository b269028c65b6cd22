//! How fast the engine is, and whether it comes to the same state whoever runs it.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;
use themes::text::{Fnv, Words};
use themes::{Engine, Item, ThemeKey};

const THEMES: u64 = 40;
/// Contributions that are suggested for and learnt from one by one, each by the clock.
const TIMED: usize = 20_000;
/// Contributions that are replayed to compare hashes.
const REPLAYED: usize = 4_000;
/// Threads that replay at the same time.
const THREADS: [usize; 3] = [1, 2, 4];

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Speed {
    themes: u64,
    suggest_and_learn_p50_us: u128,
    suggest_and_learn_p99_us: u128,
    replayed: usize,
    replay_s: f64,
    state_hash: String,
    same_state_in: String,
}

/// What is said, again and again, each time by somebody else: all texts that are there, in two languages.
struct Said {
    texts: Vec<String>,
}

impl Said {
    fn read(data: &Path) -> Result<Self, csv::Error> {
        let mut texts = Vec::new();
        let klimarat = [
            "2vkxcncppn.2022-07-07",
            "5tzfrp5eaa.2022-07-07",
            "7z7ejpbmv5.2022-08-08",
            "9xnndurbfm.2022-07-07",
        ];
        let klimarat = klimarat.map(|part| format!("polis-klimarat/austria-climate.{part}.comments.csv"));
        let files = ["nhs-fft-v6/comments.csv".to_owned(), "nhs-phase1/text_data.csv".to_owned()];
        for file in files.into_iter().chain(klimarat) {
            let column = if file.starts_with("nhs-fft") {
                8
            } else if file.starts_with("nhs") {
                3
            } else {
                7
            };
            let mut reader = csv::Reader::from_path(data.join(file))?;
            for row in reader.records() {
                texts.extend(row?.get(column).filter(|text| !text.is_empty()).map(str::to_owned));
            }
        }
        Ok(Self { texts })
    }

    /// A contribution and what it is about. Nobody has tagged all these texts with 40 themes, so the longest word
    /// decides: something that can be learnt.
    fn get(&self, number: usize) -> (Item, &str, [ThemeKey; 1]) {
        // Mixed, so that languages and questions are.
        let text = &self.texts[number * 7_919 % self.texts.len()];
        let words = Words::of(text);
        let longest = words.iter().max_by_key(|word| word.folded.len());
        let theme = longest.map_or(0, |word| Fnv::new(0).with(word.folded.as_bytes()).sum() % THEMES);
        (Item(number as u64), text, [ThemeKey(u128::from(theme))])
    }

    fn learn(&self, engine: &mut Engine, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let (item, text, themes) = self.get(number);
            engine.hear(text);
            engine.learn(item, text, &themes);
        }
    }
}

pub(crate) fn speed(data: &Path, contributions: usize) -> Result<Speed, csv::Error> {
    let said = Said::read(data)?;
    let mut engine = Engine::new();
    let timed = TIMED.min(contributions);
    let mut times: Vec<_> = (0..timed).map(|number| one(&said, &mut engine, number)).collect();
    times.sort_unstable();
    let micros = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_micros();
    let begun = now();
    let mut engine = Engine::new();
    said.learn(&mut engine, 0..contributions);
    let replay_s = begun.elapsed().as_secs_f64();
    Ok(Speed {
        themes: THEMES,
        suggest_and_learn_p50_us: micros(50),
        suggest_and_learn_p99_us: micros(99),
        replayed: contributions,
        replay_s: (replay_s * 10.0).round() / 10.0,
        state_hash: hex(engine.state_hash()),
        same_state_in: replays(&said),
    })
}

#[expect(clippy::disallowed_methods, reason = "the crate is told no time; what measures it has a clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A contribution comes in, themes are suggested, and what was right is learnt.
fn one(said: &Said, engine: &mut Engine, number: usize) -> Duration {
    let (item, text, themes) = said.get(number);
    let begun = now();
    engine.hear(text);
    let suggested = engine.suggest(text, 3);
    engine.learn(item, text, &themes);
    let took = begun.elapsed();
    std::hint::black_box(suggested);
    took
}

/// Live (with suggestions) and replayed (in two parts), by 1, 2 and 4 threads at once.
fn replays(said: &Said) -> String {
    let mut live = Engine::new();
    (0..REPLAYED).for_each(|number| {
        one(said, &mut live, number);
    });
    let expected = live.state_hash();
    let replay = |cut: usize| {
        let mut engine = Engine::new();
        said.learn(&mut engine, 0..cut);
        said.learn(&mut engine, cut..REPLAYED);
        engine.state_hash() == expected
    };
    let of_threads = |threads: usize| {
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|thread| scope.spawn(move || replay(REPLAYED * (thread + 1) / (threads + 1))))
                .collect();
            running.into_iter().filter_map(|running| running.join().ok()).filter(|same| *same).count()
        })
    };
    let same: usize = THREADS.into_iter().map(of_threads).sum();
    format!("{same} of {} replays, by 1, 2 and 4 threads", THREADS.iter().sum::<usize>())
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
