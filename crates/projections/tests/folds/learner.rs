//! The theme engines as a fold: what they learn follows from what people confirmed, and from nothing else.

use std::cell::RefCell;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Command, Event, Suggested};
use projections::{Learner, Position, Recorded, Saying};
use themes::Embedding;

use crate::given::*;

const BUSES: [&str; 6] = [
    "The last bus leaves at six and nobody can get home from work",
    "Buses on Sundays come once an hour and often not at all",
    "My bus is always late in the evening",
    "There is no night bus to the hospital any more",
    "The bus timetable at our stop has been wrong since spring",
    "Two buses went past me because they were full",
];
const FARES: [&str; 6] = [
    "A single ticket costs more than driving into town",
    "Fares went up twice this year and wages did not",
    "Families cannot afford four tickets for a short trip",
    "Why does a return fare cost more than a day pass?",
    "The price of a monthly ticket is too high for students",
    "Cash fares should not cost more than paying by card",
];

/// Twelve have spoken; a person has read eight of them, four for each theme.
fn day() -> Day {
    let mut day = Day::with_themes();
    for n in 0..12 {
        day.says(n + 1, By::Phone(n as u8));
    }
    day.assigns([1, 3, 5, 7], 1).assigns([2, 4, 6, 8], 2);
    day
}

/// What was said at a position of [`day`] and of what follows it: buses and fares in turns.
fn words(day: &Day) -> impl Fn(Position) -> Option<String> + use<> {
    let said: Vec<_> =
        day.events.iter().filter(|recorded| recorded.has_words).map(|said| said.position).collect();
    move |at| {
        let n = said.iter().position(|position| *position == at)?;
        let texts = if n % 2 == 0 { BUSES } else { FARES };
        Some(texts[n / 2 % texts.len()].to_owned())
    }
}

fn learnt(events: &[Recorded], words: &dyn Fn(Position) -> Option<String>) -> Learner {
    let mut learner = Learner::default();
    events.iter().for_each(|recorded| learner.apply(recorded, words));
    learner
}

/// Records what was said as the server does, and learns on.
fn record(
    day: &mut Day,
    learner: &mut Learner,
    sayings: Vec<Saying>,
    words: &dyn Fn(Position) -> Option<String>,
) {
    for saying in sayings {
        let event = match saying.command {
            Command::Suggest(suggested) => Event::Suggested(*suggested),
            Command::FindAlike { contribution, first, engine } => {
                Event::AlikeFound { contribution, first, engine }
            }
            Command::ProposeTheme(candidate) => Event::ThemeProposed(*candidate),
            other => panic!("{other:?}"),
        };
        day.then(event);
        learner.apply(day.events.last().unwrap(), words);
    }
}

fn suggested(sayings: &[Saying]) -> Vec<&Suggested> {
    let of = |saying: &&Saying| matches!(saying.command, Command::Suggest(_));
    sayings
        .iter()
        .filter(of)
        .map(|saying| match &saying.command {
            Command::Suggest(suggested) => &**suggested,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn what_nobody_has_read_gets_a_suggestion_with_the_words_that_spoke_for_it() {
    let mut day = day();
    let words = words(&day);
    let mut learner = learnt(&day.events, &words);
    let sayings = learner.sayings(&words, None);
    let made = suggested(&sayings);
    assert_eq!(made.iter().map(|made| made.contribution).collect::<Vec<_>>(), [9, 10, 11, 12].map(said));
    for (made, of) in made.iter().zip([1, 2, 1, 2]) {
        assert_eq!(made.themes[0].theme, theme(of), "{made:?}");
        assert_eq!(made.learnt, 8);
        let text = words(day.views().entry(made.contribution).unwrap().0).unwrap();
        for why in &made.themes[0].why {
            assert!(text.get(why.from as usize..why.to as usize).is_some_and(|word| !word.trim().is_empty()));
        }
    }
    // Once it stands in the record it is not said again, until much more has been learnt.
    record(&mut day, &mut learner, sayings, &words);
    assert_eq!(learner.sayings(&words, None), []);
    assert_eq!(
        suggested(&learnt(&day.events, &words).sayings(&words, None)),
        Vec::<&Suggested>::new(),
        "nor after a restart"
    );
}

#[test]
fn the_same_record_teaches_the_same_whatever_was_asked_meanwhile() {
    let mut day = day();
    day.merges(1, 2);
    day.then(Event::ChangeUndone { change: domain::ChangeNumber::new(3).unwrap(), reason: reason() });
    day.then(Event::PutBack { contribution: said(3) });
    let words = words(&day);
    let whole = learnt(&day.events, &words);
    for split in 0..day.events.len() {
        let mut learner = learnt(&day.events[..split], &words);
        drop(learner.sayings(&words, None));
        day.events[split..].iter().for_each(|recorded| learner.apply(recorded, &words));
        assert_eq!(learner.state_hash(), whole.state_hash(), "asked after {split} events");
    }
    let thread =
        std::thread::scope(|scope| scope.spawn(|| learnt(&day.events, &words).state_hash()).join().unwrap());
    assert_eq!(thread, whole.state_hash());
    assert_ne!(
        learnt(&day.events[..20], &words).state_hash(),
        whole.state_hash(),
        "and another record something else"
    );
}

fn understood(day: &mut Day, n: u128, model: &str) {
    let model = domain::Label::parse(model).unwrap();
    day.then(Event::Understood { contribution: said(n), wording: 0, model });
}

/// What the record holds for a day in which models spoke, too: for those, numbers that follow from the position.
fn with_meanings(day: &Day, words: &dyn Fn(Position) -> Option<String>, at: Position) -> Option<String> {
    let event = &day.events[at.get() as usize - 1].event;
    if !matches!(event, Event::Understood { .. }) {
        return words(at);
    }
    let numbers = std::array::from_fn(|place| ((place as u64 * at.get()) % 17) as f32 - 8.0);
    Some(STANDARD.encode(Embedding::of(&numbers).to_bytes()))
}

#[test]
fn what_a_model_says_teaches_whenever_it_is_heard_and_speaks_for_a_new_suggestion() {
    let mut day = day();
    let words = words(&day);
    let plain = learnt(&day.events, &words);
    let mut learner = learnt(&day.events, &words);
    let sayings = learner.sayings(&words, None);
    record(&mut day, &mut learner, sayings, &words);
    for n in [1, 2, 9] {
        understood(&mut day, n, "semantic-1");
    }
    let open = |at| with_meanings(&day, &words, at);
    let whole = learnt(&day.events, &open);
    assert_ne!(whole.state_hash(), plain.state_hash());
    for split in 0..day.events.len() {
        let mut learner = learnt(&day.events[..split], &open);
        drop(learner.sayings(&open, None));
        day.events[split..].iter().for_each(|recorded| learner.apply(recorded, &open));
        assert_eq!(learner.state_hash(), whole.state_hash(), "asked after {split} events");
    }
    let mut learner = whole;
    let sayings = learner.sayings(&open, None);
    let made = suggested(&sayings);
    assert!(made.iter().all(|made| made.contribution == said(9)), "only this one was understood: {made:?}");
    assert!(made.iter().all(|made| made.engine.as_str() == "lexical-1+semantic-1"));
}

#[test]
fn the_model_that_spoke_last_counts_and_those_before_it_are_passed_over() {
    let mut day = day();
    let words = words(&day);
    for n in 1..=12 {
        understood(&mut day, n, "one");
    }
    let switch = day.events.len();
    understood(&mut day, 3, "other");
    let opened = RefCell::new(BTreeSet::new());
    let open = |at| {
        opened.borrow_mut().insert(at);
        with_meanings(&day, &words, at)
    };
    let mut learner = learnt(&day.events[..switch], &open);
    let before = learner.state_hash();
    opened.take();

    learner.apply(&day.events[switch], &open);
    let sayings = learner.sayings(&open, None);

    assert_ne!(learner.state_hash(), before);
    assert!(suggested(&sayings).iter().all(|made| made.engine.as_str() == "lexical-1+other"));
    let first =
        day.events.iter().find(|recorded| matches!(recorded.event, Event::Understood { .. })).unwrap();
    let opened = opened.take();
    let meanings: Vec<_> = opened.range(first.position..).collect();
    assert_eq!(meanings, [&day.events[switch].position], "of the other meanings none was looked at");
    // Where the first one speaks again, all that it has ever said is there.
    let mut day = day.clone();
    day.says(13, By::Phone(13));
    understood(&mut day, 13, "one");
    let open = |at| with_meanings(&day, &words, at);
    let mut learner = learnt(&day.events, &open);
    assert!(suggested(&learner.sayings(&open, None)).len() > 1);
    let entry = day.views().entry(said(3)).unwrap().1.clone();
    assert_eq!(entry.meant.keys().map(domain::Label::as_str).collect::<Vec<_>>(), ["one", "other"]);
    day.then(Event::Corrected { contribution: said(3) });
    assert!(day.views().entry(said(3)).unwrap().1.meant.is_empty(), "it was about other words");
}

#[test]
fn words_that_were_erased_are_known_to_be_known() {
    let mut day = day();
    let words = words(&day);
    let mut learner = learnt(&day.events, &words);
    assert!(!learner.is_tainted());
    day.then(Event::Erased { contribution: said(1), by: domain::ErasedBy::Contributor, reason: None });
    learner.apply(day.events.last().unwrap(), &words);
    assert!(learner.is_tainted());
}

#[test]
fn a_near_copy_is_said_once_and_never_after_a_person_told_it_apart() {
    let mut day = day();
    // The thirteenth says what the first said, as a text that is passed around does.
    day.says(13, By::Phone(13));
    let words = words(&day);
    let mut learner = learnt(&day.events, &words);
    let of = |sayings: &[Saying]| -> Vec<_> {
        sayings
            .iter()
            .filter_map(|saying| match &saying.command {
                Command::FindAlike { contribution, first, .. } => Some((*contribution, *first)),
                _ => None,
            })
            .collect()
    };
    let sayings = learner.sayings(&words, None);
    assert_eq!(of(&sayings), [(said(13), said(1))]);
    record(&mut day, &mut learner, sayings, &words);
    assert_eq!(of(&learner.sayings(&words, None)), []);
    day.then(Event::ToldApart { contribution: said(13) });
    let mut again = learnt(&day.events, &words);
    assert_eq!(of(&again.sayings(&words, None)), []);
}

#[test]
fn what_fits_no_theme_is_proposed_once_there_is_enough_of_it() {
    let mut day = Day::with_themes();
    // So short that nobody would call them copies of each other.
    let openings = ["Again", "For months", "Mother says", "We see", "Sadly"];
    let lift = ["the lift is broken", "station lift stands still", "no lift works", "a lift is missing"];
    let books = [
        "our library shuts early",
        "library has no books",
        "library hours shrink",
        "they closed the library",
    ];
    let mut texts = std::collections::BTreeMap::new();
    for n in 0..40_usize {
        day.says(n as u128 + 1, By::Phone(n as u8));
        let subject = if n % 2 == 0 { lift[n / 10] } else { books[n / 10] };
        texts.insert(day.events.last().unwrap().position, format!("{} {subject}", openings[n / 2 % 5]));
        day.reads(n as u128 + 1);
    }
    let words = |at: Position| texts.get(&at).cloned();
    let mut learner = learnt(&day.events, &words);
    let mut sayings = Vec::new();
    // Copies are said first, one lot at a time.
    while sayings.iter().all(|saying: &Saying| !matches!(saying.command, Command::ProposeTheme(_))) {
        let more = learner.sayings(&words, None);
        assert!(!more.is_empty(), "nothing was proposed");
        record(&mut day, &mut learner, more.clone(), &words);
        sayings.extend(more);
    }
    let views = day.views();
    let proposed: Vec<_> = views.frame.candidates.values().map(|proposed| &proposed.candidate).collect();
    assert!((1..=20).contains(&proposed.len()));
    for candidate in proposed {
        assert_eq!(candidate.exemplars.len(), 5);
        let text = words(views.entry(candidate.phrase_of).unwrap().0).unwrap();
        assert!(
            text.get(candidate.phrase.from as usize..candidate.phrase.to as usize).is_some(),
            "{candidate:?}"
        );
    }
    assert_eq!(learner.sayings(&words, None), [], "not again while people have not decided");
}
