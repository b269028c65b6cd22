//! Agreement and division: what people at home took a side on.

use domain::Vote;
use projections::summary;
use projections::summary::Judged;

use crate::given::*;

/// A contribution of each person, read, and how many at home agree and disagree with it.
fn judged(counts: &[(u8, u8)]) -> Day {
    let mut day = Day::with_themes();
    for (n, (agree, disagree)) in (1..).zip(counts) {
        day.says(n, By::Phone(u8::try_from(n).unwrap())).assigns([n], 1);
        for person in 0..*agree {
            day.reacts(100 + person, n, Vote::Agree);
        }
        for person in 0..*disagree {
            day.reacts(150 + person, n, Vote::Disagree);
        }
        day.reacts(200, n, Vote::Pass);
    }
    day
}

fn told(judged: &[Judged]) -> Vec<(u64, u64, u64)> {
    judged.iter().map(|one| (one.agree.value, one.disagree.value, one.pass.value)).collect()
}

#[test]
fn what_nearly_all_took_one_side_on_is_told_from_what_divides() {
    let found =
        summary(&judged(&[(4, 0), (5, 0), (1, 9), (3, 3), (6, 5), (20, 2)]).views(), &words).agreement;
    assert_eq!(told(&found.united), [(20, 2, 1), (1, 9, 1), (5, 0, 1)], "four sides are too few");
    assert_eq!(told(&found.divided), [(6, 5, 1), (3, 3, 1)]);
    assert_eq!(found.united[0].agree.of, Some(23));
}

#[test]
fn five_of_each_are_shown_and_no_voice_twice_in_a_row() {
    let mut day = judged(&[(9, 0); 7]);
    let found = summary(&day.views(), &words).agreement;
    assert_eq!((found.united.len(), found.divided.len()), (5, 0));
    day.says(50, By::Phone(1)).says(51, By::Phone(1)).assigns([50, 51], 1);
    for person in 0..30 {
        day.reacts(100 + person, 50, Vote::Agree).reacts(100 + person, 51, Vote::Agree);
    }
    let found = summary(&day.views(), &words).agreement;
    assert_eq!(told(&found.united).iter().filter(|(agree, ..)| *agree == 30).count(), 1);
}

#[test]
fn what_may_not_be_read_is_not_told() {
    let mut day = judged(&[(9, 0), (8, 0)]);
    day.holds(1);
    let found = summary(&day.views(), &words).agreement;
    assert_eq!(told(&found.united), [(8, 0, 1)]);
    assert!(summary(&Day::with_themes().views(), &words).agreement.united.is_empty());
}
