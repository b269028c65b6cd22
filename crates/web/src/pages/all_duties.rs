//! What boards owe over the years: every assembly that this instance serves, with what is open first.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Date;
use projections::Views;
use projections::duties::{DutyCounts, PromiseCounts};

use crate::house::House;
use crate::pages::duties::rows::{self, DutyRow, Line, PromiseRow};
use crate::pages::duties::today;
use crate::pages::{address, clock, draw};
use crate::say::{Catalogue, Message, say};

#[derive(Template)]
#[template(path = "all_duties.html")]
struct Page {
    t: Catalogue,
    line: Line,
    promise_line: Line,
    /// Each with the assembly that it comes from.
    open: Vec<(Message, DutyRow)>,
    promises: Vec<(Message, PromiseRow)>,
    years: Vec<Row>,
}

/// One assembly, or a year as a whole.
struct Row {
    year: i32,
    /// The address and the title; a sum has none.
    assembly: Option<(String, String)>,
    duties: DutyCounts,
    promises: PromiseCounts,
}

pub(crate) async fn page(State(house): State<Arc<House>>) -> Response {
    let mut told = Told::default();
    for hall in house.slugs().into_iter().filter_map(|slug| house.hall(&slug)) {
        hall.projection.read(|views| told.add(views, hall.slug.as_str()));
    }
    draw(StatusCode::OK, &told.page())
}

#[derive(Default)]
struct Told {
    open: Vec<(Date, Message, DutyRow)>,
    promises: Vec<(Date, Message, PromiseRow)>,
    rows: Vec<Row>,
}

impl Told {
    fn add(&mut self, views: &Views, slug: &str) {
        let (ledger, today) = (&views.frame.ledger, today(views));
        let Some(about) = views.frame.about.as_ref().filter(|_| !ledger.duties.is_empty()) else { return };
        let year = clock(views).day(about.convened_at).parts().0;
        let of = || say("all-of").text("assembly", &about.title).text("year", year);
        let open = ledger.listed().into_iter().filter(|(_, duty)| duty.replies.is_empty());
        let row = |number, duty| rows::duty_row(views, slug, number, duty, today);
        self.open.extend(open.map(|(number, duty)| (duty.due(), of(), row(number, duty))));
        let promises = ledger.commitments.iter().filter(|(_, promise)| promise.delivered.is_none());
        self.promises.extend(promises.map(|(number, promise)| {
            let row = rows::promise_row(views, slug, *number, promise, today);
            (promise.made.what.due, of(), row)
        }));
        self.rows.push(Row {
            year,
            assembly: Some((address(slug, "duties"), about.title.to_string())),
            duties: ledger.duty_counts(today),
            promises: ledger.promise_counts(today),
        });
    }

    fn page(mut self) -> Page {
        self.open.sort_by_key(|(due, ..)| *due);
        self.promises.sort_by_key(|(due, ..)| *due);
        let all = Row::sum(0, &self.rows);
        Page {
            t: Catalogue,
            line: Line::of_duties(&all.duties),
            promise_line: Line::of_promises(&all.promises),
            open: self.open.into_iter().map(|(_, of, row)| (of, row)).collect(),
            promises: self.promises.into_iter().map(|(_, of, row)| (of, row)).collect(),
            years: years(self.rows),
        }
    }
}

/// The latest year first; where it had several assemblies, their sum stands below them.
fn years(rows: Vec<Row>) -> Vec<Row> {
    let mut by_year: BTreeMap<i32, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_year.entry(row.year).or_default().push(row);
    }
    let with_sum = |(year, mut rows): (i32, Vec<Row>)| {
        if rows.len() > 1 {
            rows.push(Row::sum(year, &rows));
        }
        rows
    };
    by_year.into_iter().rev().flat_map(with_sum).collect()
}

impl Row {
    fn sum(year: i32, rows: &[Row]) -> Self {
        let (mut duties, mut promises) = (DutyCounts::default(), PromiseCounts::default());
        for row in rows {
            duties.owed += row.duties.owed;
            duties.answered += row.duties.answered;
            duties.answered_late += row.duties.answered_late;
            duties.due += row.duties.due;
            duties.overdue += row.duties.overdue;
            duties.most_overdue_days = duties.most_overdue_days.max(row.duties.most_overdue_days);
            promises.made += row.promises.made;
            promises.kept += row.promises.kept;
            promises.kept_late += row.promises.kept_late;
            promises.open += row.promises.open;
            promises.overdue += row.promises.overdue;
            promises.reports_overdue += row.promises.reports_overdue;
        }
        Self { year, assembly: None, duties, promises }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::duties::diary::Diary;

    #[test]
    fn what_is_open_comes_from_every_assembly_and_the_longest_overdue_first() {
        let mut earlier = Diary::convened("2024-05-01T10:00:00Z", 5);
        earlier.at("2024-05-04T09:00:00Z").publishes(1, &[1, 2]).replies(1, "Yes.");
        earlier.promises(1, "2024-09-01");
        let mut later = Diary::convened("2025-05-01T10:00:00Z", 5);
        later.at("2025-05-04T09:00:00Z").publishes(1, &[1]);
        let mut told = Told::default();
        told.add(&later.views, "later");
        told.add(&earlier.views, "earlier");
        told.add(&Diary::without_rule("2025-06-01T10:00:00Z").views, "none");

        let page = told.page();
        let hrefs: Vec<_> = page.open.iter().map(|(_, row)| row.href.as_str()).collect();
        assert_eq!(hrefs, ["/a/earlier/duty/2", "/a/later/duty/1"]);
        assert_eq!(page.promises[0].1.href, "/a/earlier/duty/1#promise-1");
        let counts = page.years.iter().map(|row| (row.year, row.duties.owed, row.promises.made));
        assert_eq!(counts.collect::<Vec<_>>(), [(2025, 1, 0), (2024, 2, 1)]);
        assert_eq!(page.line.counts[0].to_string(), "3 owed");
    }
}
