//! What happens when everybody moves on, when a tablet comes back late, when tables merge, and in polls.

use domain::event::Contributed;
use domain::{Channel, Command, Context, Contribute, Event, Scene, Timestamp};

use crate::given::*;

fn table_and_time(steps: &[Step], who: Context, said: Contribute) -> (Option<u16>, Option<u64>) {
    let events = when(steps, &(who, say(said))).unwrap();
    let Event::Contributed(Contributed { table, said_at, .. }) = &events[0] else { panic!("{events:?}") };
    (table.map(domain::TableNumber::get), said_at.map(Timestamp::millis))
}

#[test]
fn one_action_moves_everyone() {
    let events = when(&in_round_1(), &(organiser(), advance(Some(2)))).unwrap();
    let until = Some(Timestamp(1_000 + 20 * 60_000));
    let expected = [
        Event::RoundClosed { round: round(1) },
        Event::RoundOpened { round: round(2) },
        Event::CountdownSet { until },
        Event::ScreenSet { scene: Scene::Hearing },
    ];
    assert_eq!(events, expected);
    let closes = when(&in_round_1(), &(organiser(), advance(None))).unwrap();
    assert_eq!(closes, [Event::RoundClosed { round: round(1) }]);
}

#[test]
fn a_table_may_come_back_after_its_round_and_says_when_it_was_said() {
    let over = after(in_round_1(), [(organiser(), close(1)), (organiser(), open(2))]);
    let late = Contribute { round: Some(round(1)), said_at: Some(Timestamp(900)), ..point(7) };
    assert_eq!(table_and_time(&over, later(at_table(3), 9_999), late), (Some(3), Some(900)));
}

#[test]
fn nothing_was_said_later_than_it_is_recorded() {
    let ahead = Contribute { said_at: Some(Timestamp(u64::MAX)), ..point(7) };
    assert_eq!(table_and_time(&in_round_1(), at_table(1), ahead), (Some(1), Some(1_000)));
}

#[test]
fn people_at_home_have_a_minute_of_grace_in_the_round_that_they_name() {
    let over = after(in_round_1(), [(organiser(), close(1)), (organiser(), open(2))]);
    let named = say(Contribute { round: Some(round(1)), ..point(7) });
    assert!(when(&over, &(later(voice(1), 60), named)).is_ok());
}

#[test]
fn a_card_is_kept_beside_the_contribution_that_was_written_on_it() {
    let card = Contribute { card: "a-0123".parse().ok(), ..point(7) };
    let events = when(&in_round_1(), &(at_table(1), say(card))).unwrap();
    let keyed = Event::CardKeyed { contribution: said(7), card: "A-0123".parse().unwrap() };
    assert_eq!(events[1..], [keyed]);
}

/// Table 2 was merged into table 1 in second 10, and both into table 3 in second 20.
fn merged() -> Vec<Step> {
    let merges = [(later(organiser(), 10), merge_tables(2, 1)), (later(organiser(), 20), merge_tables(1, 3))];
    after(in_round_1(), merges)
}

#[test]
fn a_merged_table_speaks_for_the_one_that_it_went_to_from_then_on() {
    let at = |seconds: u64| Contribute { said_at: Some(Timestamp(1_000 + seconds * 1_000)), ..point(7) };
    for (seconds, expected) in [(9, 2), (10, 1), (19, 1), (20, 3), (99, 3)] {
        let (table, _) = table_and_time(&merged(), later(at_table(2), 99), at(seconds));
        assert_eq!(table, Some(expected), "said in second {seconds}");
    }
}

#[test]
fn merged_tables_answer_for_what_either_has_said() {
    let day = after(
        in_round_1(),
        [(at_table(1), say(point(1))), (at_table(2), say(point(2))), (organiser(), merge_tables(2, 1))],
    );
    for (number, contribution) in [(1, 2), (2, 1), (2, 2)] {
        let corrected = when(&day, &(at_table(number), correct(contribution)));
        assert!(corrected.is_ok(), "table {number}, contribution {contribution}");
    }
}

#[test]
fn a_table_that_is_seated_again_speaks_for_itself() {
    let seat = Command::SeatTable { table: table(2), seats: 8 };
    let day = after(merged(), [(organiser(), seat)]);
    assert_eq!(table_and_time(&day, later(at_table(2), 99), point(7)).0, Some(2));
}

#[test]
fn a_new_table_of_a_split_may_speak() {
    let day = after(in_round_1(), [(organiser(), split_table(1, 9))]);
    assert_eq!(table_and_time(&day, at_table(9), point(7)).0, Some(9));
}

#[test]
fn people_at_home_may_vote_for_as_long_as_the_stream_lags() {
    let over = after(polling(), [(organiser(), close_poll(4))]);
    let cast = when(&over, &(later(voice(1), 30), cast(4, &[2, 1]))).unwrap();
    let ballot = Event::BallotCast { poll: poll(4), choice: vec![2, 1], table: None, seat: None };
    assert_eq!(cast, [ballot]);
}

#[test]
fn a_seat_votes_at_its_table_and_a_keypad_without_one() {
    let seated = when(&polling(), &(at_table(1), cast_at_seat(4, 8))).unwrap();
    assert!(matches!(seated[0], Event::BallotCast { table: Some(at), .. } if at == table(1)));
    let keypad = Context { channel: Channel::Nats, ..voice(3) };
    let pressed = when(&polling(), &(keypad, cast_at_seat(4, 212))).unwrap();
    assert!(matches!(pressed[0], Event::BallotCast { table: None, seat: Some(_), .. }));
}

#[test]
fn hands_count_once_a_second_person_has_found_the_same() {
    let counts = hands(4, &[3, 2, 1]);
    let entered = (on_device(organiser(), 1), Command::EnterHandCount(counts.clone()));
    let day = after(polling(), [entered, (organiser(), close_poll(4))]);
    let confirmed = when(&day, &(on_device(moderator(), 2), Command::ConfirmHandCount(counts))).unwrap();
    let expected = Event::HandCountConfirmed { poll: poll(4), table: None, counts: vec![3, 2, 1] };
    assert_eq!(confirmed, [expected]);
}
