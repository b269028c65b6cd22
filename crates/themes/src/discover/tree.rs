//! Joins what is alike, two by two, until there are as few groups as wanted.

/// The places of the members of each group, in order; groups by their first member.
///
/// Two groups are as far apart as their members are on average (UPGMA: Sokal and Michener, 1958), and the nearest two
/// are joined first. Chains of nearest neighbours find the same joins in the square of the count (Murtagh, 1983). Of
/// equal distances the one to the earlier group counts. What lies at one place is one group, even where that makes
/// fewer groups.
pub(super) fn groups(likeness: &[Vec<f64>], most: usize) -> Vec<Vec<usize>> {
    let mut joins = joins(likeness);
    // The sort is stable: of equally far ones, those that were found first.
    joins.sort_by(|one, other| one.apart.total_cmp(&other.apart));
    let mut group: Vec<usize> = (0..likeness.len()).collect();
    let wanted = likeness.len().saturating_sub(most);
    for (_, join) in
        joins.iter().enumerate().take_while(|(nth, join)| *nth < wanted || join.apart < NO_DISTANCE)
    {
        let (into, from) = (group[join.one].min(group[join.other]), group[join.one].max(group[join.other]));
        group.iter_mut().filter(|group| **group == from).for_each(|group| *group = into);
    }
    let mut groups = vec![vec![]; likeness.len()];
    group.into_iter().enumerate().for_each(|(place, group)| groups[group].push(place));
    groups.retain(|group| !group.is_empty());
    groups
}

/// Less is what rounding leaves.
const NO_DISTANCE: f64 = 1e-9;

/// The groups of these two places became one.
struct Join {
    apart: f64,
    one: usize,
    other: usize,
}

fn joins(likeness: &[Vec<f64>]) -> Vec<Join> {
    let mut apart: Vec<Vec<f64>> =
        likeness.iter().map(|row| row.iter().map(|likeness| 1.0 - likeness).collect()).collect();
    let mut sizes = vec![1.0; likeness.len()];
    // The groups that are left, by their first place.
    let mut left: Vec<usize> = (0..likeness.len()).collect();
    let mut joins: Vec<Join> = vec![];
    let mut chain: Vec<usize> = vec![];
    while left.len() > 1 {
        let last = *chain.last().unwrap_or(&left[0]);
        if chain.is_empty() {
            chain.push(last);
        }
        let before = chain.len().checked_sub(2).map(|place| chain[place]);
        match nearest(last, before, &left, &apart) {
            next if Some(next) == before => {
                chain.truncate(chain.len() - 2);
                let (into, from) = (last.min(next), last.max(next));
                joins.push(Join { apart: apart[into][from], one: into, other: from });
                left.retain(|group| *group != from);
                let both = sizes[into] + sizes[from];
                for other in left.iter().copied().filter(|other| *other != into) {
                    let mean = (sizes[into] * apart[into][other] + sizes[from] * apart[from][other]) / both;
                    (apart[into][other], apart[other][into]) = (mean, mean);
                }
                sizes[into] = both;
            }
            next => chain.push(next),
        }
    }
    joins
}

/// Of equally near ones the one before in the chain, or else the chain would have no end, then the earliest.
fn nearest(to: usize, before: Option<usize>, left: &[usize], apart: &[Vec<f64>]) -> usize {
    let others = before.into_iter().chain(left.iter().copied()).filter(|other| *other != to);
    others.reduce(|best, next| if apart[to][next] < apart[to][best] { next } else { best }).unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points on a line, as near as they are.
    fn on_a_line(points: &[f64]) -> Vec<Vec<f64>> {
        points.iter().map(|one| points.iter().map(|other| 1.0 - (one - other).abs()).collect()).collect()
    }

    #[test]
    fn the_nearest_are_joined_first() {
        let line = on_a_line(&[0.0, 5.0, 0.1, 5.2, 9.0, 0.3]);
        assert_eq!(groups(&line, 3), [vec![0, 2, 5], vec![1, 3], vec![4]]);
        assert_eq!(groups(&line, 1), [[0, 1, 2, 3, 4, 5]]);
        assert_eq!(groups(&line, 9).len(), 6);
        assert!(groups(&[], 3).is_empty());
    }

    #[test]
    fn equals_are_joined_all_the_same() {
        assert_eq!(groups(&on_a_line(&[1.0; 5]), 3), [[0, 1, 2, 3, 4]]);
        assert_eq!(groups(&on_a_line(&[0.0, 1.0, 2.0, 3.0]), 2), [[0, 1], [2, 3]]);
    }

    #[test]
    fn the_chain_joins_what_looking_at_every_pair_would() {
        let mixed = |n: u32| (n ^ n >> 15).wrapping_mul(2_246_822_519);
        let points: Vec<_> = (0..40).map(|n| f64::from(mixed(mixed(n + 1)) >> 8)).collect();
        let line = on_a_line(&points);
        for most in 1..40 {
            assert_eq!(groups(&line, most), by_every_pair(&line, most), "{most}");
        }
    }

    fn by_every_pair(likeness: &[Vec<f64>], most: usize) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = (0..likeness.len()).map(|place| vec![place]).collect();
        let apart = |one: &[usize], other: &[usize]| {
            let sum: f64 = one.iter().flat_map(|a| other.iter().map(|b| 1.0 - likeness[*a][*b])).sum();
            sum / (one.len() * other.len()) as f64
        };
        while groups.len() > most {
            let pairs = (0..groups.len()).flat_map(|one| (0..one).map(move |other| (other, one)));
            let (one, other) = pairs
                .min_by(|a, b| {
                    apart(&groups[a.0], &groups[a.1]).total_cmp(&apart(&groups[b.0], &groups[b.1]))
                })
                .unwrap();
            let joined = groups.remove(other);
            groups[one].extend(joined);
            groups[one].sort_unstable();
        }
        groups
    }
}
