//! What is still open of earlier assemblies of the same board: the first thing on the agenda of the next one.

use domain::Timestamp;
use projections::Views;

use crate::house::{Hall, House};
use crate::pages::clock;
use crate::pages::duties::rows::{self, DutyRow, PromiseRow};
use crate::pages::duties::today;

/// One earlier assembly with something open.
pub(crate) struct Carried {
    pub(crate) assembly: String,
    pub(crate) year: i32,
    pub(crate) duties: Vec<DutyRow>,
    pub(crate) promises: Vec<PromiseRow>,
}

/// No views may be held by whoever asks: those of the other assemblies are read here, one after the other.
pub(crate) fn carried(house: &House, hall: &Hall) -> Vec<Carried> {
    let known = |views: &Views| {
        let about = views.frame.about.as_ref()?;
        Some((about.board.clone(), about.convened_at))
    };
    let Some((board, convened)) = hall.projection.read(known) else { return Vec::new() };
    let others = house.slugs().into_iter().filter(|slug| *slug != hall.slug);
    let halls = others.filter_map(|slug| house.hall(&slug));
    let mut open: Vec<(Timestamp, Carried)> = halls
        .filter_map(|other| {
            other.projection.read(|views| {
                let (of, at) = known(views)?;
                (of == board && at < convened).then_some(())?;
                Carried::of(views, other.slug.as_str()).map(|carried| (at, carried))
            })
        })
        .collect();
    open.sort_by_key(|(at, _)| *at);
    open.into_iter().map(|(_, carried)| carried).collect()
}

impl Carried {
    pub(crate) fn of(views: &Views, slug: &str) -> Option<Self> {
        let (about, today) = (views.frame.about.as_ref()?, today(views));
        let mut duties = rows::duties(views, slug, today);
        duties.retain(|duty| duty.open);
        let mut promises = rows::promises(views, slug, today);
        promises.retain(|promise| promise.open);
        let year = clock(views).day(about.convened_at).parts().0;
        let assembly = about.title.to_string();
        let some = !duties.is_empty() || !promises.is_empty();
        some.then_some(Self { assembly, year, duties, promises })
    }
}
