//! Which contributions the desk offers, and in which order.

use domain::{ContributionId, LinkId, RoundNumber, SamplePurpose, TableNumber};
use projections::quality::sampled;
use projections::{Attention, Entry, Position, Views};

use crate::link::Form;
use crate::pages::address;

/// What somebody at the desk wants to read.
#[derive(Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) round: Option<RoundNumber>,
    pub(super) table: Option<TableNumber>,
    /// What waits to be coded a second time, instead of what nobody has read.
    pub(super) double: bool,
    /// Exactly this one.
    pub(super) contribution: Option<ContributionId>,
}

impl Asked {
    /// From an address or from the hidden fields of a form, which have the same names.
    pub(super) fn of(form: &Form) -> Self {
        Self {
            round: form.get("round").and_then(|round| round.parse().ok()),
            table: form.get("table").and_then(|table| table.parse().ok()),
            double: form.get("sample") == Some("double"),
            contribution: form.get("contribution").and_then(|id| id.parse().ok()),
        }
    }

    /// The address of the desk that offers the same.
    pub(super) fn address(&self, slug: &str, more: &[(&str, String)]) -> String {
        address(slug, &self.page(more))
    }

    /// The same from the assembly's address on.
    pub(super) fn page(&self, more: &[(&str, String)]) -> String {
        let narrowed = [
            ("round", self.round.map(|round| round.to_string())),
            ("table", self.table.map(|table| table.to_string())),
            ("sample", self.double.then(|| "double".to_owned())),
        ];
        let narrowed = narrowed.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let pairs: Vec<_> =
            narrowed.chain(more.iter().cloned()).map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { "desk".to_owned() } else { format!("desk?{}", pairs.join("&")) }
    }

    fn holds(&self, entry: &Entry) -> bool {
        self.round.is_none_or(|round| round == entry.round)
            && self.table.is_none_or(|table| Some(table) == entry.table)
    }
}

/// What is offered to whoever holds that link: those of an audit sample first, because an estimate waits for them, then
/// the oldest.
pub(super) fn stream(views: &Views, asked: &Asked, link: Option<LinkId>) -> Vec<(Position, ContributionId)> {
    let sampled =
        sampled(views, if asked.double { SamplePurpose::DoubleCoding } else { SamplePurpose::Audit });
    let wanted = |entry: &Entry| match asked.double {
        true => sampled.contains(&entry.contribution) && may_code_again(entry, link),
        false => entry.waits_to_be_read(),
    };
    let all = views.entries.iter().filter(|(_, entry)| wanted(entry) && asked.holds(entry));
    let mut stream: Vec<_> = all.map(|(position, entry)| (*position, entry.contribution)).collect();
    if !asked.double && !sampled.is_empty() {
        // The sort keeps the order of those that are alike.
        stream.sort_by_key(|(_, id)| !sampled.contains(id));
    }
    stream
}

/// Whoever coded it first says nothing about agreement by coding it again.
fn may_code_again(entry: &Entry, link: Option<LinkId>) -> bool {
    entry.attention != Attention::Unread
        && entry.again.is_none()
        && entry.coder != link
        && entry.may_be_read()
}
