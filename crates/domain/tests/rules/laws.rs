//! What holds on every day, however it goes: random people ask for random things, and some of it is allowed.

use std::collections::HashSet;

use domain::{Assembly, Command, Context, Contribute, Event, Fact, Kind, Rejection, Role};
use proptest::prelude::*;

use crate::given::*;

/// So few people and things that they keep meeting.
fn people() -> impl Strategy<Value = Context> {
    prop_oneof![
        4 => Just(organiser()),
        3 => Just(team()),
        2 => Just(moderator()),
        3 => (1_u16..4).prop_map(at_table),
        3 => (1_u8..4).prop_map(voice),
        1 => Just(observer()),
    ]
}

fn speaking() -> impl Strategy<Value = Command> {
    let kinds = prop::sample::select(Kind::ALL.to_vec());
    let point = (1_u128..6, kinds, prop::option::of(1_u16..4), any::<bool>()).prop_map(
        |(n, kind, in_round, read_back)| {
            say(Contribute { kind, read_back, round: in_round.map(round), ..point(n) })
        },
    );
    prop_oneof![
        4 => point,
        1 => (1_u128..6).prop_map(correct),
        1 => (1_u128..6).prop_map(withdraw),
        1 => (1_u128..6).prop_map(read_back),
        1 => (1_u128..6).prop_map(hold),
        1 => (1_u128..6).prop_map(release),
    ]
}

fn running() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (1_u16..4).prop_map(open),
        2 => (1_u16..4).prop_map(close),
        1 => (1_u16..5).prop_map(ask),
        1 => (1_u128..3, 1_u16..5).prop_map(|(n, table)| issue(n, Role::Facilitator, Some(table))),
        1 => (1_u128..3).prop_map(revoke),
        1 => (1_u16..5).prop_map(|n| Command::SeatTable { table: table(n), seats: 8 }),
        1 => Just(convene(2, 3)),
    ]
}

pub(crate) fn coding() -> impl Strategy<Value = Command> {
    let names = prop::sample::select(vec!["Fares", "fares", "Shelters", "Night buses"]);
    prop_oneof![
        3 => (1_u128..5, names.clone()).prop_map(|(n, text)| name(n, text)),
        1 => (1_u128..5, names).prop_map(|(n, text)| rename(n, text)),
        1 => (1_u128..5, 1_u128..5).prop_map(|(n, into)| merge(n, into)),
        1 => (1_u128..5).prop_map(retire),
        4 => (1_u128..6, 1_u128..5).prop_map(|(n, to)| assign(n, to)),
        1 => (1_u128..6, 1_u128..5).prop_map(|(n, from)| unassign(n, from)),
        1 => (1_u128..6).prop_map(mark_read),
        1 => (1_u128..6).prop_map(set_aside),
        1 => (1_u128..5, 1_u128..5, 1_u128..6).prop_map(|(n, into, of)| split_theme(n, into, &[of])),
        2 => (1_u16..8).prop_map(undo),
        1 => Just(name_frame()),
        3 => (1_u128..6, 1_u128..5).prop_map(|(n, into)| code(n, &[into])),
        1 => (1_u128..6, 1_u128..5).prop_map(|(n, into)| code_unread(n, &[into])),
        1 => (1_u128..6).prop_map(put_back),
        1 => (1_u128..6, 1_u128..5).prop_map(|(n, into)| code_again(n, &[into])),
        1 => (1_u128..6, 1_u128..5).prop_map(|(n, to)| pin(n, to, None)),
        1 => (1_u128..6, 1_u128..5).prop_map(|(n, from)| unpin(n, from)),
    ]
}

fn engines() -> impl Strategy<Value = Command> {
    let purposes = prop::sample::select(domain::SamplePurpose::ALL.to_vec());
    prop_oneof![
        2 => (1_u128..3).prop_map(propose),
        1 => (1_u128..3, 1_u128..5, any::<bool>())
            .prop_map(|(n, to, new)| accept(n, to, new.then_some("Shelters"), &[1])),
        1 => (1_u128..3).prop_map(dismiss),
        2 => (1_u128..6, 1_u128..5).prop_map(|(n, of)| suggest(n, of)),
        2 => (1_u128..6, 1_u128..6).prop_map(|(n, first)| find_alike(n, first)),
        1 => (1_u128..6).prop_map(tell_apart),
        1 => (1_u128..3).prop_map(|n| propose_wording(n, &[1])),
        1 => (1_u128..3, 1_u128..5).prop_map(|(n, to)| take_wording(n, to, &[1])),
        1 => (1_u128..6, 0_u16..3).prop_map(|(n, wording)| understand(n, wording)),
        1 => (1_u128..4, purposes).prop_map(|(n, purpose)| draw(n, purpose, 2)),
    ]
}

fn on_the_day() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => prop::option::of(1_u16..4).prop_map(advance),
        1 => Just(Command::SetCountdown { minutes: Some(5) }),
        1 => (1_u128..6).prop_map(|n| Command::SetScreen { scene: domain::Scene::Quote(said(n)) }),
        1 => (1_u16..5, 1_u16..5).prop_map(|(table, into)| merge_tables(table, into)),
        1 => (1_u16..5, 3_u16..6).prop_map(|(table, into)| split_table(table, into)),
        2 => (1_u128..6).prop_map(react),
        1 => (1_u128..3).prop_map(open_poll),
        2 => (1_u128..3, 1_u8..5).prop_map(|(n, option)| cast(n, &[option])),
        1 => (1_u128..3, 1_u16..10).prop_map(|(n, seat)| cast_at_seat(n, seat)),
        1 => (1_u128..3).prop_map(|n| Command::EnterHandCount(hands(n, &[1, 2, 3]))),
        1 => (1_u128..3).prop_map(close_poll),
    ]
}

/// The last step may end the day, so that what follows the end is tried too.
fn day() -> impl Strategy<Value = Vec<Step>> {
    let asked = prop_oneof![4 => speaking(), 2 => running(), 4 => coding(), 2 => engines(), 3 => on_the_day(), 0 => Just(Command::Close)];
    let steps = prop::collection::vec((people(), asked), 0..80);
    let evening = prop::collection::vec(
        (people(), prop_oneof![speaking(), running(), coding(), engines(), on_the_day()]),
        0..12,
    );
    (steps, any::<bool>(), evening).prop_map(|(steps, ends, evening)| {
        let end = ends.then(|| (organiser(), Command::Close));
        let begun = after(convened(), steps);
        after(after(begun, end), evening)
    })
}

/// Those that mean the same when they are said twice; everything else is refused the second time.
fn may_be_said_twice(command: &Command) -> bool {
    matches!(
        command,
        Command::AskQuestion { .. }
            | Command::SeatTable { .. }
            | Command::Correct { .. }
            | Command::RenameTheme { .. }
            | Command::DefineTheme { .. }
            | Command::NameFrame { .. }
            | Command::Suggest(_)
            | Command::Understand { .. }
            | Command::SetCountdown { .. }
            | Command::SetScreen { .. }
            | Command::Vote { .. }
            | Command::CastBallot(_)
            | Command::EnterHandCount(_)
    )
}

/// Lives through a day and gives what was recorded.
fn live(steps: &[Step], mut look: impl FnMut(&Assembly, &Step, &[Fact])) -> (Assembly, Vec<(Context, Fact)>) {
    let mut assembly = Assembly::default();
    let mut record = Vec::new();
    for step in steps {
        let Ok(facts) = assembly.decide(&step.1, &step.0) else { continue };
        for fact in &facts {
            fold(&mut assembly, fact, &step.0);
        }
        look(&assembly, step, &facts);
        record.extend(facts.into_iter().map(|fact| (step.0, fact)));
    }
    (assembly, record)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_was_decided_is_folded_and_not_decided_again(steps in day()) {
        live(&steps, |assembly, (who, command), facts| {
            assert!(command.admits().contains(&who.actor.role));
            assert!(!facts.is_empty(), "{command:?} was allowed and nothing happened");
            match assembly.decide(command, who) {
                Ok(_) => assert!(may_be_said_twice(command), "{command:?} happened twice"),
                Err(no) => assert!(!may_be_said_twice(command), "{command:?}: {no}"),
            }
            if !matches!(command, Command::Convene(_)) {
                let words = facts[0].words.as_ref().map(domain::ContributionText::as_str);
                assert!(command.repeats(&facts[0].event, words), "{command:?} does not know its own event");
            }
        });
    }

    #[test]
    fn a_replayed_assembly_decides_as_the_live_one(steps in day()) {
        let (live, record) = live(&steps, |_, _, _| {});
        let mut replayed = Assembly::default();
        for (who, fact) in &record {
            let json = serde_json::to_string(&fact.event).unwrap();
            replayed.evolve(&serde_json::from_str(&json).unwrap(), &meta(who));
        }
        for (who, command) in &steps {
            prop_assert_eq!(replayed.decide(command, who), live.decide(command, who), "{:?}", command);
        }
    }

    #[test]
    fn a_record_makes_sense_from_its_first_event_to_its_last(steps in day()) {
        let (_, record) = live(&steps, |_, _, _| {});
        let mut said = HashSet::new();
        let (mut open, mut ended) = (None, false);
        for (_, fact) in &record {
            match &fact.event {
                Event::Contributed(now) => {
                    assert!(said.insert(now.contribution) && !ended, "{now:?}");
                    prop_assert_eq!(fact.words.is_none(), false);
                }
                Event::RoundOpened { round } => prop_assert_eq!(open.replace(*round), None),
                Event::RoundClosed { round } => prop_assert_eq!(open.take(), Some(*round)),
                Event::Closed {} => ended = true,
                event => {
                    let known = event.contribution().is_none_or(|id| said.contains(&id));
                    prop_assert!(known, "{event:?} is about nothing");
                }
            }
        }
    }

    #[test]
    fn nobody_is_told_that_an_id_was_used_who_uses_a_new_one(steps in day(), who in people()) {
        let (assembly, _) = live(&steps, |_, _, _| {});
        for command in [say(point(99)), name(99, "Never said before")] {
            prop_assert_ne!(assembly.decide(&command, &who), Err(Rejection::IdUsedForSomethingElse));
        }
    }
}
