//! The days on which something is due, as a calendar that phones and desks can subscribe to (RFC 5545): one event for the
//! day of each open duty, open promise and next progress report. Where nothing is open it holds a note that says so,
//! because a calendar must hold something (§3.6), and one that is empty may be taken for a broken one.

use domain::{Date, Timestamp};
use projections::Views;
use projections::duties::Commitment;

use super::Place;
use super::rows::name_of;
use super::told::{last_at, open_duties, stamp};
use crate::pages::clock;
use crate::say::{Message, say};

/// Octets of one line, without its end.
const LINE_MAX: usize = 75;

struct Day {
    uid: String,
    on: Date,
    stamp: Timestamp,
    summary: Message,
    about: String,
    url: String,
}

pub(super) fn write(views: &Views, place: &Place) -> String {
    let title = views.frame.about.as_ref().map(|about| about.title.to_string()).unwrap_or_default();
    let mut out = String::new();
    let mut put = |line: &str| fold(&mut out, line);
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plenary//Duties 1//EN", "METHOD:PUBLISH"] {
        put(line);
    }
    put(&format!("X-WR-CALNAME:{}", escaped(&say("feed-title").text("title", title).to_string())));
    let days = days(views, place);
    if days.is_empty() {
        let at = last_at(views);
        put("BEGIN:VJOURNAL");
        put(&format!("UID:nothing@{}", place.assembly));
        put(&format!("DTSTAMP:{}", utc(at)));
        put(&format!("DTSTART;VALUE=DATE:{}", date(clock(views).day(at))));
        put(&format!("SUMMARY:{}", escaped(&say("cal-nothing").to_string())));
        put(&format!("URL:{}/duties", place.address));
        put("END:VJOURNAL");
    }
    for day in days {
        put("BEGIN:VEVENT");
        put(&format!("UID:{}", day.uid));
        put(&format!("DTSTAMP:{}", utc(day.stamp)));
        put(&format!("DTSTART;VALUE=DATE:{}", date(day.on)));
        put(&format!("SUMMARY:{}", escaped(&day.summary.to_string())));
        put(&format!("DESCRIPTION:{}", escaped(&day.about)));
        put(&format!("URL:{}", day.url));
        put("TRANSP:TRANSPARENT");
        put("END:VEVENT");
    }
    put("END:VCALENDAR");
    out
}

fn days(views: &Views, place: &Place) -> Vec<Day> {
    let ledger = &views.frame.ledger;
    let mut days: Vec<_> = open_duties(ledger)
        .map(|(number, duty)| Day {
            uid: format!("duty-{number}@{}", place.assembly),
            on: duty.due(),
            stamp: stamp(duty),
            summary: say("cal-duty").text("name", name_of(views, duty)),
            about: say("cal-by").text("owner", duty.owner()).to_string(),
            url: format!("{}/duty/{number}", place.address),
        })
        .collect();
    let open = ledger.commitments.values().filter(|promise| promise.delivered.is_none());
    for promise in open {
        days.push(promised(views, promise, place));
        days.extend(reported(views, promise, place));
    }
    days.sort_by_key(|day| day.on);
    days
}

fn promised(views: &Views, promise: &Commitment, place: &Place) -> Day {
    let made = &promise.made.what;
    Day {
        uid: format!("promise-{}@{}", made.commitment, place.assembly),
        on: made.due,
        stamp: promise.made.at,
        summary: say("cal-promise").text("name", name(views, promise)),
        about: format!("{}\n{}", say("cal-by").text("owner", &made.owner), made.text),
        url: format!("{}/duty/{}", place.address, made.duty),
    }
}

fn reported(views: &Views, promise: &Commitment, place: &Place) -> Option<Day> {
    let on = promise.next_report(views.frame.ledger.clock.as_ref())?;
    let stamp = promise.reports.last().map_or(promise.made.at, |report| report.at);
    let uid = format!("report-{on}-{}@{}", promise.made.what.commitment, place.assembly);
    let summary = say("cal-report").text("name", name(views, promise));
    Some(Day { uid, on, stamp, summary, ..promised(views, promise, place) })
}

fn name(views: &Views, promise: &Commitment) -> String {
    let duty = views.frame.ledger.duties.get(&promise.made.what.duty);
    duty.map(|duty| name_of(views, duty)).unwrap_or_default()
}

/// DATE (RFC 5545, §3.3.4).
fn date(on: Date) -> String {
    on.to_string().replace('-', "")
}

/// TEXT (RFC 5545, §3.3.11).
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace('\n', "\\n")
}

/// A line of more than 75 octets goes on in the next one behind a space (§3.1); no character is cut in two.
fn fold(out: &mut String, line: &str) {
    let mut left = LINE_MAX;
    for letter in line.chars() {
        if letter.len_utf8() > left {
            out.push_str("\r\n ");
            left = LINE_MAX - 1;
        }
        left -= letter.len_utf8();
        out.push(letter);
    }
    out.push_str("\r\n");
}

fn utc(at: Timestamp) -> String {
    let moment = i64::try_from(at.millis()).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH).strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_behind_a_space_and_no_character_is_cut() {
        for text in ["short".to_owned(), "x".repeat(75), "x".repeat(76), "é".repeat(200), "🚌".repeat(90)]
        {
            let mut folded = String::new();
            fold(&mut folded, &text);
            let lines: Vec<_> = folded.strip_suffix("\r\n").unwrap().split("\r\n").collect();
            assert!(lines.iter().all(|line| line.len() <= 75), "{folded}");
            assert!(lines.iter().skip(1).all(|line| line.starts_with(' ')));
            assert_eq!(folded.strip_suffix("\r\n").unwrap().replace("\r\n ", ""), text);
        }
    }

    #[test]
    fn what_has_a_meaning_in_a_calendar_is_escaped() {
        assert_eq!(escaped("a;b,c\\d\ne"), "a\\;b\\,c\\\\d\\ne");
    }
}
