//! The day in order: the script and a seed in, timed steps out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::random::Random;
use super::script::{Said, Script};

/// Seconds at speed 1, from the opening of a round.
const FIRST_WORDS: f64 = 1.5;
const TALK: f64 = 46.0;
const CLOSE: f64 = 50.0;
/// From the opening of one round to that of the next.
const ROUND: f64 = 56.0;
/// When in the talk the theme team finds that two themes are one.
const MERGE: f64 = 0.62;
/// By how many places the order of speaking differs from that of the script.
const SHUFFLE: f64 = 4.0;

/// One thing that somebody does. Numbers are places in the script's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    OpenRound(usize),
    CloseRound(usize),
    Say(usize),
    Correct(usize),
    Withdraw(usize),
    Hold(usize),
    NameTheme(usize),
    MergeThemes(usize),
    Assign { said: usize, theme: usize },
    SetAside(usize),
    MarkRead(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// From the beginning, at speed 1.
    pub(super) at: Duration,
    pub(super) action: Action,
}

/// The same steps for the same seed.
pub(super) fn schedule(script: &Script, seed: u64) -> anyhow::Result<Vec<Step>> {
    let mut random = Random::new(seed);
    let mut drafts = Vec::new();
    for round in 1..=script.rounds.len() {
        let start = ROUND * (round - 1) as f64;
        drafts.push((start, Action::OpenRound(round)));
        drafts.push((start + CLOSE, Action::CloseRound(round)));
        talk(script, round, start + FIRST_WORDS, &mut random, &mut drafts)?;
    }
    for (merge, place) in script.merges.iter().zip(0..) {
        let round = script.themes[script.theme(&merge.from)?].round;
        let start = ROUND * round.saturating_sub(1) as f64 + FIRST_WORDS;
        drafts.push((start + TALK * MERGE, Action::MergeThemes(place)));
    }
    drafts.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Desk::new(script).code(drafts)
}

type Drafts = Vec<(f64, Action)>;

/// One round's words, each a little earlier or later than its place in the script, and what follows from them.
fn talk(
    script: &Script,
    round: usize,
    start: f64,
    random: &mut Random,
    drafts: &mut Drafts,
) -> anyhow::Result<()> {
    let in_round = script.contributions.iter().enumerate().filter(|(_, said)| said.round == round);
    let in_round: Vec<_> = in_round.collect();
    let count = in_round.len() as f64;
    for (turn, (place, said)) in in_round.into_iter().enumerate() {
        let turn = (turn as f64 + random.between(-SHUFFLE, SHUFFLE)).clamp(0.0, count);
        let at = start + TALK * turn / count;
        drafts.push((at, Action::Say(place)));
        follow(script, place, said, at, random, drafts)?;
    }
    Ok(())
}

/// What becomes of one contribution. Reading takes the theme team a while, and who withdraws does so later still.
fn follow(
    script: &Script,
    place: usize,
    said: &Said,
    at: f64,
    random: &mut Random,
    drafts: &mut Drafts,
) -> anyhow::Result<()> {
    let read_at = at + random.between(1.5, 4.5);
    for (key, more) in said.themes.iter().zip(0..) {
        let theme = script.theme(key)?;
        drafts.push((read_at + 0.2 * f64::from(more), Action::Assign { said: place, theme }));
    }
    if said.set_aside.is_some() {
        drafts.push((read_at, Action::SetAside(place)));
    }
    // What the second round leaves over stays unread, so that the paper has something to say about its limits.
    if said.themes.is_empty() && said.set_aside.is_none() && said.held.is_none() && said.round == 1 {
        drafts.push((read_at, Action::MarkRead(place)));
    }
    if said.held.is_some() {
        drafts.push((at + 1.0, Action::Hold(place)));
    }
    if said.correction.is_some() {
        drafts.push((at + 4.0, Action::Correct(place)));
    }
    if said.withdrawn {
        drafts.push((read_at + 3.0, Action::Withdraw(place)));
    }
    Ok(())
}

/// The theme team's own view of the day: a theme is named when it is first needed, and what was merged away is not
/// used any more.
struct Desk<'a> {
    script: &'a Script,
    named: BTreeSet<usize>,
    merged: BTreeMap<usize, usize>,
    assigned: BTreeSet<(usize, usize)>,
    steps: Vec<Step>,
}

impl<'a> Desk<'a> {
    fn new(script: &'a Script) -> Self {
        let (named, merged, assigned) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new());
        Self { script, named, merged, assigned, steps: Vec::new() }
    }

    fn code(mut self, drafts: Drafts) -> anyhow::Result<Vec<Step>> {
        for (at, action) in drafts {
            match action {
                Action::Assign { said, theme } => self.assign(at, said, theme),
                Action::MergeThemes(place) => self.merge(at, place)?,
                action => self.step(at, action),
            }
        }
        Ok(self.steps)
    }

    fn step(&mut self, at: f64, action: Action) {
        self.steps.push(Step { at: Duration::from_secs_f64(at), action });
    }

    fn name(&mut self, at: f64, theme: usize) {
        if self.named.insert(theme) {
            self.step(at, Action::NameTheme(theme));
        }
    }

    fn assign(&mut self, at: f64, said: usize, theme: usize) {
        let theme = self.merged.get(&theme).copied().unwrap_or(theme);
        self.name(at, theme);
        if self.assigned.insert((said, theme)) {
            self.step(at, Action::Assign { said, theme });
        }
    }

    fn merge(&mut self, at: f64, place: usize) -> anyhow::Result<()> {
        let merge = &self.script.merges[place];
        let (from, into) = (self.script.theme(&merge.from)?, self.script.theme(&merge.into)?);
        self.name(at, from);
        self.name(at, into);
        self.step(at, Action::MergeThemes(place));
        let moved: Vec<_> = self.assigned.iter().filter(|(_, theme)| *theme == from).copied().collect();
        for (said, theme) in moved {
            self.assigned.remove(&(said, theme));
            self.assigned.insert((said, into));
        }
        self.merged.insert(from, into);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(seed: u64) -> Vec<Step> {
        schedule(&Script::read().unwrap(), seed).unwrap()
    }

    #[test]
    fn the_order_comes_from_the_seed() {
        assert_eq!(steps(1), steps(1));
        assert_ne!(steps(1), steps(2));
    }

    #[test]
    fn the_day_takes_less_than_two_minutes_and_never_goes_back() {
        for seed in 0..20 {
            let steps = steps(seed);
            assert!(steps.windows(2).all(|pair| pair[0].at <= pair[1].at));
            let end = steps.last().unwrap().at;
            assert!((100..115).contains(&end.as_secs()), "seed {seed}: {end:?}");
        }
    }

    #[test]
    fn duplicates_are_found_while_people_still_speak() {
        for seed in 0..20 {
            let steps = steps(seed);
            let merges =
                steps.iter().enumerate().filter(|(_, step)| matches!(step.action, Action::MergeThemes(_)));
            for (place, _) in merges {
                let after = &steps[place..];
                assert!(after.iter().any(|step| matches!(step.action, Action::Say(_))), "seed {seed}");
            }
        }
    }
}
