//! Who reads what just now, so that two people never get the same contribution.
//!
//! It is kept in memory and never recorded: after a restart everybody gets what they are given then. Time is handed in.

use std::collections::{BTreeSet, VecDeque};

use domain::{ContributionId, LinkId, Timestamp, VoiceTag};

use super::steps::Steps;

/// For so long somebody keeps what they were given after their page was last heard of.
pub(super) const LEASE_MS: u64 = 120_000;
/// Most people that are remembered; one more, and the one who was heard of longest ago is forgotten.
const SEATS_MAX: usize = 200;
/// Most that one person has skipped and does not want to see again before the others.
const SKIPPED_MAX: usize = 200;

/// One session at the desk, by a tag of its voice that stands in no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member(pub(crate) VoiceTag);

/// Somebody at the desk, and the link by which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) member: Member,
    pub(crate) link: Option<LinkId>,
}

/// That somebody holds a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holding {
    pub(super) who: Who,
    /// From 1; the second session of the same link is 2.
    pub(super) number: usize,
    pub(super) item: ContributionId,
    pub(super) since: Timestamp,
}

#[derive(Clone, Copy)]
struct Lease {
    item: ContributionId,
    since: Timestamp,
    until: Timestamp,
}

struct Seat {
    who: Who,
    number: usize,
    seen: Timestamp,
    lease: Option<Lease>,
    skipped: VecDeque<ContributionId>,
    steps: Steps,
}

/// Everybody at the desk of one assembly. No contribution is held by two.
#[derive(Default)]
pub(crate) struct Team {
    seats: Vec<Seat>,
}

impl Team {
    /// What `who` reads next: their own while it is still in the stream, else the first that nobody else holds.
    pub(super) fn take(
        &mut self,
        who: Who,
        stream: &[ContributionId],
        now: Timestamp,
    ) -> Option<ContributionId> {
        let others: BTreeSet<_> =
            self.held(now).filter(|held| held.who != who).map(|held| held.item).collect();
        let seat = self.seat(who, now);
        let own = seat.lease.map(|lease| lease.item).filter(|item| stream.contains(item));
        let free = |item: &&ContributionId| !others.contains(item);
        let fresh = |item: &&ContributionId| free(item) && !seat.skipped.contains(item);
        let next = own.filter(|item| !others.contains(item));
        let next = next.or_else(|| stream.iter().find(fresh).copied());
        let next =
            next.or_else(|| seat.skipped.iter().filter(|item| stream.contains(item)).find(free).copied());
        match next {
            Some(item) => self.hold(who, item, now),
            None => self.seat(who, now).lease = None,
        }
        next
    }

    /// Gives `who` exactly this one, unless somebody else holds it: then it says who.
    pub(super) fn claim(&mut self, who: Who, item: ContributionId, now: Timestamp) -> Option<Holding> {
        let other = self.holder_of(item, now).filter(|held| held.who != who);
        if other.is_none() {
            self.hold(who, item, now);
        }
        other
    }

    /// The page of `who` is still open.
    pub(super) fn renew(&mut self, who: Who, now: Timestamp) {
        if let Some(item) = self.seat(who, now).lease.map(|lease| lease.item) {
            self.claim(who, item, now);
        }
    }

    /// Lets go of it, so that others can read it. `who` sees it again when nothing else is left.
    pub(super) fn skip(&mut self, who: Who, item: ContributionId, now: Timestamp) {
        let seat = self.seat(who, now);
        seat.lease = seat.lease.filter(|lease| lease.item != item);
        seat.skipped.retain(|skipped| *skipped != item);
        seat.skipped.push_back(item);
        if seat.skipped.len() > SKIPPED_MAX {
            seat.skipped.pop_front();
        }
    }

    pub(super) fn holder_of(&self, item: ContributionId, now: Timestamp) -> Option<Holding> {
        self.held(now).find(|held| held.item == item)
    }

    /// What is held, by whoever has held theirs longest first.
    pub(super) fn held(&self, now: Timestamp) -> impl Iterator<Item = Holding> {
        let mut held: Vec<_> = self.seats.iter().filter_map(|seat| seat.holding(now)).collect();
        held.sort_by_key(|held| (held.since, held.item));
        held.into_iter()
    }

    pub(super) fn steps(&mut self, who: Who, now: Timestamp) -> &mut Steps {
        &mut self.seat(who, now).steps
    }

    /// A lease that has run out ends when somebody else gets its contribution.
    fn hold(&mut self, who: Who, item: ContributionId, now: Timestamp) {
        for seat in self.seats.iter_mut().filter(|seat| seat.who != who) {
            seat.lease = seat.lease.filter(|lease| lease.item != item);
        }
        let seat = self.seat(who, now);
        let since = seat.lease.filter(|lease| lease.item == item).map_or(now, |lease| lease.since);
        seat.lease = Some(Lease { item, since, until: Timestamp(now.millis().saturating_add(LEASE_MS)) });
    }

    fn seat(&mut self, who: Who, now: Timestamp) -> &mut Seat {
        let at = self.seats.iter().position(|seat| seat.who == who).unwrap_or_else(|| self.sit(who, now));
        let seat = &mut self.seats[at];
        seat.seen = now;
        seat
    }

    /// Somebody new; their place.
    fn sit(&mut self, who: Who, now: Timestamp) -> usize {
        if self.seats.len() >= SEATS_MAX {
            let oldest = (0..self.seats.len()).min_by_key(|at| self.seats[*at].seen);
            oldest.map(|at| self.seats.swap_remove(at));
        }
        let same = self.seats.iter().filter(|seat| seat.who.link == who.link);
        let number = same.map(|seat| seat.number).max().unwrap_or(0) + 1;
        let (lease, skipped, steps) = (None, VecDeque::new(), Steps::default());
        self.seats.push(Seat { who, number, seen: now, lease, skipped, steps });
        self.seats.len() - 1
    }
}

impl Seat {
    fn holding(&self, now: Timestamp) -> Option<Holding> {
        let lease = self.lease.filter(|lease| lease.until > now)?;
        Some(Holding { who: self.who, number: self.number, item: lease.item, since: lease.since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn who(n: u8) -> Who {
        Who { member: Member(VoiceTag([n; 16])), link: Some(LinkId(Uuid::from_u128(u128::from(n) / 10))) }
    }

    fn items(n: u128) -> Vec<ContributionId> {
        (1..=n).map(|n| ContributionId(Uuid::from_u128(n))).collect()
    }

    const NOW: Timestamp = Timestamp(1_000_000);

    fn later(ms: u64) -> Timestamp {
        Timestamp(NOW.millis() + ms)
    }

    #[test]
    fn six_people_get_six_contributions_the_oldest_first() {
        let (mut team, stream) = (Team::default(), items(8));
        let got: Vec<_> = (1..=6).map(|n| team.take(who(n), &stream, NOW).unwrap()).collect();
        assert_eq!(got, stream[..6]);
        assert_eq!(team.held(NOW).map(|held| held.item).collect::<Vec<_>>(), stream[..6]);
    }

    #[test]
    fn whoever_comes_back_gets_their_own_and_whoever_comes_late_the_next() {
        let (mut team, stream) = (Team::default(), items(3));
        assert_eq!(team.take(who(1), &stream, NOW), Some(stream[0]));
        assert_eq!(team.take(who(2), &stream, NOW), Some(stream[1]));
        assert_eq!(team.take(who(1), &stream, later(LEASE_MS - 1)), Some(stream[0]), "their own");
        assert_eq!(team.take(who(3), &stream, later(LEASE_MS)), Some(stream[1]), "the second ran out");
        assert_eq!(team.take(who(2), &stream, later(LEASE_MS)), Some(stream[2]), "it is another's by now");
        assert_eq!(team.take(who(4), &stream, later(LEASE_MS)), None, "everything is held");
        let own = team.take(who(3), &stream, later(10 * LEASE_MS));
        assert_eq!(own, Some(stream[1]), "it ran out, and nobody took it");
    }

    #[test]
    fn an_open_page_keeps_its_contribution_and_a_closed_one_two_minutes() {
        let (mut team, stream) = (Team::default(), items(2));
        team.take(who(1), &stream, NOW);
        for minute in 1..10 {
            team.renew(who(1), later(minute * 60_000));
        }
        let now = later(10 * 60_000);
        assert_eq!(team.take(who(2), &stream, now), Some(stream[1]));
        let held = team.holder_of(stream[0], now).unwrap();
        assert_eq!((held.who, held.since), (who(1), NOW), "since when is not forgotten");
        assert_eq!(team.holder_of(stream[0], later(9 * 60_000 + LEASE_MS)), None);
    }

    #[test]
    fn what_was_coded_or_skipped_is_let_go() {
        let (mut team, stream) = (Team::default(), items(3));
        team.take(who(1), &stream, NOW);
        assert_eq!(team.take(who(1), &stream[1..], NOW), Some(stream[1]), "the first was coded");
        team.skip(who(1), stream[1], NOW);
        assert_eq!(team.take(who(2), &stream[1..], NOW), Some(stream[1]), "skipped is for others");
        assert_eq!(team.take(who(1), &stream[1..], NOW), Some(stream[2]));
        team.skip(who(1), stream[2], NOW);
        assert_eq!(team.take(who(1), &stream[1..], NOW), Some(stream[2]), "unless nothing else is left");
        team.skip(who(1), stream[2], NOW);
        team.take(who(2), &[], NOW);
        assert_eq!(team.take(who(1), &stream[1..], NOW), Some(stream[1]), "skipped longest ago");
        assert_eq!(team.take(who(1), &[], NOW), None);
        assert_eq!(team.held(NOW).count(), 0, "whoever has nothing to read holds nothing");
    }

    #[test]
    fn a_chosen_one_is_given_unless_somebody_else_holds_it() {
        let (mut team, stream) = (Team::default(), items(4));
        team.take(who(1), &stream, NOW);
        assert_eq!(team.claim(who(2), stream[0], NOW).unwrap().who, who(1));
        assert_eq!(team.claim(who(2), stream[3], NOW), None);
        assert_eq!(team.take(who(2), &stream, NOW), Some(stream[3]));
        assert_eq!(team.claim(who(2), stream[0], later(LEASE_MS)), None, "it ran out");
        assert_eq!(team.take(who(1), &stream, later(LEASE_MS)), Some(stream[1]));
    }

    #[test]
    fn sessions_of_one_link_are_numbered_and_the_longest_unheard_is_forgotten() {
        let (mut team, stream) = (Team::default(), items(300));
        for n in [10, 20, 11, 12] {
            team.take(who(n), &stream, later(u64::from(n)));
        }
        let numbers: Vec<_> = team.held(NOW).map(|held| (held.who, held.number)).collect();
        assert_eq!(numbers, [(who(10), 1), (who(11), 2), (who(12), 3), (who(20), 1)]);
        for n in 21..=u8::MAX {
            team.take(who(n), &stream, later(1_000));
        }
        assert_eq!(team.seats.len(), SEATS_MAX);
        assert!(team.held(NOW).all(|held| held.who != who(10)));
    }
}
