//! Beside each theme, how far its figures may come from few people, one link, copies or one burst. Hints, not proof: they
//! never change what is counted or shown, only how a number should be read.

use std::collections::BTreeMap;

use domain::{Channel, LinkId, SampleId, SamplePurpose, ThemeId};
use serde::Serialize;

use crate::figure::{Figure, Of, Query, Side, State, Unit};
use crate::quality::{Estimate, estimate_of};
use crate::ranking;
use crate::views::{Drawn, Views};

/// From where on an indicator is worth a look, fixed here for all assemblies. Shares are in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Thresholds {
    /// Below so many contributions shares say little, and nothing is hinted at.
    pub contributions_at_least: u64,
    pub largest_voice_percent: u64,
    pub largest_voices_percent: u64,
    pub largest_link_percent: u64,
    /// By how much that has to be more than the same link's share of everything.
    pub largest_link_points_more: u64,
    pub copies_percent: u64,
    /// The busiest minute, in hundredths of the one in the middle.
    pub burst_percent: u64,
    pub burst_at_least: u64,
    /// Or, where there are hardly any other minutes, in hundredths of all its contributions.
    pub burst_share_percent: u64,
    /// And not likelier than this by chance, in ten-thousandths.
    pub burst_chance_at_most: u64,
    /// By how many places the rank moves.
    pub rank_places: u64,
    /// By how many points a group's share of the members is under its share of the population.
    pub missing_points: u64,
    /// Below so many voices that took a side on a contribution, it says nothing of agreement.
    pub sides_at_least: u64,
    /// From which share of those the smaller side is large enough to call them divided.
    pub divided_percent: u64,
}

pub const THRESHOLDS: Thresholds = Thresholds {
    contributions_at_least: 8,
    largest_voice_percent: 25,
    largest_voices_percent: 60,
    largest_link_percent: 50,
    largest_link_points_more: 20,
    copies_percent: 20,
    burst_percent: 500,
    burst_at_least: 10,
    burst_share_percent: 50,
    burst_chance_at_most: 100,
    rank_places: 3,
    missing_points: 5,
    sides_at_least: 5,
    divided_percent: 33,
};

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Indicators {
    pub voices: Figure,
    pub largest_voice: Figure,
    pub largest_voices: Figure,
    pub corrected: Figure,
    pub held: Figure,
    pub by_channel: Vec<Figure>,
    pub links: Figure,
    pub largest_link: Option<LargestLink>,
    pub copies: Figure,
    pub largest_family: Figure,
    pub without_copies: Without,
    pub busiest_minute: Figure,
    pub median_minute: Figure,
    pub burst_chance: Figure,
    pub within_a_second: Figure,
    /// Voices that have said nothing outside of this theme. Where most say one thing only, that is most of them.
    pub sole_voices: Figure,
    pub rank: Figure,
    /// Its place if only the room had spoken.
    pub rank_in_room: Figure,
    pub worst_rank: u64,
    /// Contributions that an engine had suggested for this theme before a person put them there.
    pub helped: Figure,
    pub audit: Option<AuditOf>,
    /// What is over its threshold.
    pub hints: Vec<Hint>,
    /// What the record cannot tell about this theme.
    pub untold: Vec<Untold>,
}

/// What came through one link. A table's tablet is one; so is the link that everybody at home shares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LargestLink {
    pub link: LinkId,
    pub contributions: Figure,
    pub everywhere: Figure,
    pub without: Without,
}

/// The theme's figures as they would be without something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Without {
    pub tables: Figure,
    pub remote_voices: Figure,
    pub contributions: Figure,
    pub rank: Figure,
}

/// What a random sample says of the themes that were put to contributions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AuditOf {
    pub sample: SampleId,
    pub read: Figure,
    pub in_theme: Figure,
    /// With 95 % confidence; once all of the sample has been read.
    pub estimate: Option<Estimate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    OneVoice,
    FewVoices,
    OneLink,
    Copies,
    Burst,
    RankMoves,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Untold {
    /// How somebody was verified stands in no record: only through which channel and link they came.
    WhoWasVerified,
    /// Addresses and devices of people are not kept, so one careful person with two phones counts twice.
    WhoHasTwoPhones,
    /// No contribution has a voice: tables have none.
    Voices,
    /// No contribution came through a link, as in an import.
    Links,
    /// When these were said is not known, as in an import.
    Times,
    /// No random sample of all that was unread has been drawn.
    AuditSample,
    /// Nobody has counted who was invited and who came.
    WhoWasNotReached,
}

/// What the indicators of all themes share.
pub(super) struct Shared<'a> {
    views: &'a Views,
    themes: Of,
    voices: Of,
    ranks: Ranks,
    in_room: Ranks,
    without_copies: Ranks,
    without_link: BTreeMap<LinkId, Ranks>,
    audit: Option<&'a Drawn>,
}

/// The places of all themes, counted by one query, and what that query leaves in all.
struct Ranks {
    query: Query,
    order: Vec<ThemeId>,
    contributions: Of,
    remote_voices: Of,
}

impl Ranks {
    fn of(views: &Views, query: Query) -> Self {
        Self {
            query,
            order: ranking::ranked(views, &query),
            contributions: Of::count(views, query, Unit::Contributions),
            remote_voices: Of::count(views, query.on(Side::Remote), Unit::Voices),
        }
    }

    fn figure(&self, views: &Views, theme: ThemeId, of: &Of) -> Figure {
        let place = self.order.iter().position(|one| *one == theme).map_or(0, |place| place as u64 + 1);
        Figure::counted(views, Query { theme: Some(theme), ..self.query }, Unit::Rank, place, Some(of))
    }
}

impl<'a> Shared<'a> {
    pub(super) fn of(views: &'a Views) -> Self {
        let all = Query::default();
        let mut audits = views.frame.samples.iter().rev();
        let is_audit =
            |drawn: &&Drawn| drawn.sample.purpose == SamplePurpose::Audit && drawn.sample.round.is_none();
        Self {
            views,
            themes: Of::count(views, all, Unit::Themes),
            voices: Of::count(views, all, Unit::Voices),
            ranks: Ranks::of(views, all),
            in_room: Ranks::of(views, all.on(Side::Room)),
            without_copies: Ranks::of(views, all.in_state(State::Original)),
            without_link: BTreeMap::new(),
            audit: audits.find(is_audit),
        }
    }

    pub(super) fn indicators(&mut self, theme: ThemeId) -> Indicators {
        let (views, query) = (self.views, Query::theme(theme));
        let said = Of::count(views, query, Unit::Contributions);
        let voices = Of::count(views, query, Unit::Voices);
        let of_said = |query: Query, unit| query.figure(views, unit, Some(&said));
        let state = |state| of_said(query.in_state(state), Unit::Contributions);
        let channel = |channel| of_said(Query { channel: Some(channel), ..query }, Unit::Contributions);
        let sole = Query { sole: Some(theme), ..query };
        let mut found = Indicators {
            voices: query.figure(views, Unit::Voices, Some(&self.voices)),
            largest_voice: of_said(query, Unit::LargestVoice),
            largest_voices: of_said(query, Unit::LargestVoices),
            corrected: state(State::Corrected),
            held: state(State::Held),
            by_channel: Channel::ALL.into_iter().map(channel).collect(),
            links: query.figure(views, Unit::Links, None),
            largest_link: self.largest_link(theme, &said),
            copies: state(State::Copy),
            largest_family: of_said(query, Unit::LargestFamily),
            without_copies: self.without(&self.without_copies, theme),
            busiest_minute: of_said(query, Unit::BusiestMinute),
            median_minute: of_said(query, Unit::MedianMinute),
            burst_chance: query.figure(views, Unit::BurstChance, None),
            within_a_second: of_said(query, Unit::WithinASecond),
            sole_voices: sole.figure(views, Unit::Voices, Some(&voices)),
            rank: self.ranks.figure(views, theme, &self.themes),
            rank_in_room: self.in_room.figure(views, theme, &self.themes),
            worst_rank: 0,
            helped: of_said(Query { helped: Some(theme), ..query }, Unit::Contributions),
            audit: self.audit.map(|drawn| audit_of(views, drawn, theme)),
            hints: Vec::new(),
            untold: Vec::new(),
        };
        found.worst_rank = found.ranks().map(|figure| figure.value).max().unwrap_or_default();
        (found.hints, found.untold) = (found.hints(), found.untold(views));
        found
    }

    fn without(&self, left: &Ranks, theme: ThemeId) -> Without {
        let (views, query) = (self.views, Query { theme: Some(theme), ..left.query });
        let seated = Of::count(views, Query::default(), Unit::SeatedTables);
        Without {
            tables: query.figure(views, Unit::Tables, Some(&seated)),
            remote_voices: query.on(Side::Remote).figure(views, Unit::Voices, Some(&left.remote_voices)),
            contributions: query.figure(views, Unit::Contributions, Some(&left.contributions)),
            rank: left.figure(views, theme, &self.themes),
        }
    }

    /// The link through which most came; of several the one with the lowest number.
    fn largest_link(&mut self, theme: ThemeId, said: &Of) -> Option<LargestLink> {
        let views = self.views;
        let mut through = BTreeMap::<LinkId, u64>::new();
        for link in views.of_theme(theme).filter_map(|(_, entry)| entry.device) {
            *through.entry(link).or_default() += 1;
        }
        let (link, _) = through.into_iter().min_by_key(|(link, count)| (std::cmp::Reverse(*count), *link))?;
        let query = Query { link: Some(link), ..Query::default() };
        let but = Query { but_link: Some(link), ..Query::default() };
        self.without_link.entry(link).or_insert_with(|| Ranks::of(views, but));
        let in_theme = Query { theme: Some(theme), ..query };
        Some(LargestLink {
            link,
            contributions: in_theme.figure(views, Unit::Contributions, Some(said)),
            everywhere: query.figure(views, Unit::Contributions, Some(&self.ranks.contributions)),
            without: self.without(self.without_link.get(&link)?, theme),
        })
    }
}

fn audit_of(views: &Views, drawn: &Drawn, theme: ThemeId) -> AuditOf {
    let query = Query { sample: Some(drawn.sample.sample), ..Query::default() };
    let all = Of::count(views, query, Unit::Contributions);
    let read = query.in_state(State::Read);
    let of_read = Of::count(views, read, Unit::Contributions);
    AuditOf {
        sample: drawn.sample.sample,
        read: read.figure(views, Unit::Contributions, Some(&all)),
        in_theme: Query { theme: Some(theme), ..read }.figure(views, Unit::Contributions, Some(&of_read)),
        estimate: estimate_of(views, drawn, theme),
    }
}

/// In hundredths; nothing of nothing is nothing.
fn percent(part: u64, of: u64) -> u64 {
    (100 * part).checked_div(of).unwrap_or_default()
}

fn share(figure: &Figure) -> u64 {
    percent(figure.value, figure.of.unwrap_or_default())
}

impl Indicators {
    /// Its place as it is, and as it would be without what may be doubted.
    fn ranks(&self) -> impl Iterator<Item = &Figure> {
        let link = self.largest_link.as_ref().map(|link| &link.without.rank);
        [&self.rank, &self.rank_in_room, &self.without_copies.rank].into_iter().chain(link)
    }

    fn hints(&self) -> Vec<Hint> {
        let least = &THRESHOLDS;
        let said = self.copies.of.unwrap_or_default();
        let (busiest, median) = (self.busiest_minute.value, self.median_minute.value);
        let burst = busiest >= least.burst_at_least
            && (percent(busiest, median) >= least.burst_percent
                || share(&self.busiest_minute) >= least.burst_share_percent)
            && self.burst_chance.value <= least.burst_chance_at_most;
        let one_link = self.largest_link.as_ref().is_some_and(|link| {
            let (here, everywhere) = (share(&link.contributions), share(&link.everywhere));
            here >= least.largest_link_percent && here >= everywhere + least.largest_link_points_more
        });
        let hints = [
            (Hint::OneVoice, share(&self.largest_voice) >= least.largest_voice_percent),
            (Hint::FewVoices, share(&self.largest_voices) >= least.largest_voices_percent),
            (Hint::OneLink, one_link),
            (Hint::Copies, share(&self.copies) >= least.copies_percent),
            (Hint::Burst, burst),
            (Hint::RankMoves, self.worst_rank >= self.rank.value + least.rank_places),
        ];
        let is_enough = said >= least.contributions_at_least;
        hints.into_iter().filter(|(_, holds)| is_enough && *holds).map(|(hint, _)| hint).collect()
    }

    fn untold(&self, views: &Views) -> Vec<Untold> {
        let cases = [
            (Untold::WhoWasVerified, true),
            (Untold::WhoHasTwoPhones, true),
            (Untold::Voices, self.voices.value == 0),
            (Untold::Links, self.links.value == 0),
            (Untold::Times, self.busiest_minute.value == 0),
            (Untold::AuditSample, self.audit.is_none()),
            (Untold::WhoWasNotReached, views.frame.ledger.composition.is_none()),
        ];
        cases.into_iter().filter(|(_, holds)| *holds).map(|(untold, _)| untold).collect()
    }
}
