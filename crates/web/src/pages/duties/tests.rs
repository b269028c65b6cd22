//! Time travel: what the pages say of the same record at different moments.

use askama::Template;
use domain::Verdict;

use super::diary::Diary;
use super::*;

/// The page's words as one line, without tags.
fn words(diary: &Diary) -> String {
    let html = Part::of(&diary.views, "buses", diary.today()).render().unwrap();
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside => text.push(letter),
            _ => {}
        }
        if letter == '>' {
            text.push(' ');
        }
    }
    let text = text.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(diary: &Diary, expected: &[&str]) {
    let words = words(diary);
    for part in expected {
        assert!(words.contains(part), "{part:?} is not in: {words}");
    }
}

fn place() -> Place {
    Place { address: "https://plenary.example/a/buses".to_owned(), assembly: uuid::Uuid::from_u128(0xa55e) }
}

#[test]
fn a_day_ends_at_midnight_on_the_assemblys_wall_in_summer_and_in_winter() {
    // Easter 2027: Friday 26 and Monday 29 March are bank holidays, and the clocks go forward on the 28th.
    let mut diary = Diary::convened("2027-03-20T10:00:00Z", 1);
    diary.at("2027-03-25T23:59:59Z").publishes(1, &[1]);
    for (at, timing) in [
        ("2027-03-26T00:00:00Z", "4 days left"),
        ("2027-03-30T22:59:59Z", "Due today"),
        ("2027-03-30T23:00:00Z", "1 overdue by 1 day"),
        // The clocks go back on 31 October.
        ("2027-10-30T22:59:59Z", "1 overdue by 214 days"),
        ("2027-10-31T23:59:59Z", "1 overdue by 215 days"),
        ("2027-11-01T00:00:00Z", "1 overdue by 216 days"),
    ] {
        says(diary.at(at), &[timing, "Due 30 March 2027", "As of"]);
    }
}

#[test]
fn a_leap_day_and_the_holidays_around_new_year_are_counted() {
    let mut diary = Diary::convened("2027-12-01T10:00:00Z", 3);
    // Friday 24 December: Monday and Tuesday are bank holidays.
    diary.at("2027-12-24T12:00:00Z").publishes(1, &[1]);
    says(&diary, &["Due 31 December 2027", "bank holidays are known until 14 April 2028"]);
    // Thursday 24 February 2028.
    diary.at("2028-02-24T12:00:00Z").publishes(2, &[1, 2]);
    says(&diary, &["Due 29 February 2028", "2 owed · 0 answered · 1 due · 1 overdue by 55 days"]);
    says(
        diary.at("2028-03-01T12:00:00Z"),
        &["2 owed · 0 answered · 0 due · 2 overdue, the longest by 61 days"],
    );
}

#[test]
fn neither_a_holding_reply_nor_another_owner_moves_the_day_and_what_was_late_stays_so() {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[1]);
    diary.at("2027-05-11T09:00:00Z").holds_off(1).reassigns(1, "Head of everything");
    says(
        &diary,
        &["Due today", "Holding reply given; the answer is still owed", "Head of everything answers."],
    );
    diary.at("2027-05-20T09:00:00Z");
    says(&diary, &["1 overdue by 9 days", "Overdue by 9 days"]);
    diary.replies(1, "There will be night buses.");
    let late = "Answered on 20 May 2027, 9 days late";
    says(&diary, &["1 owed · 1 answered · 1 of them late · 0 due", late]);
    diary
        .at("2029-06-01T09:00:00Z")
        .replies(1, "There will be many night buses.")
        .rejoins(1, Verdict::Partly);
    says(&diary, &[late, "The representatives say: this answers it partly"]);
}

#[test]
fn promises_and_their_reports_have_days_of_their_own() {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[1]).replies(1, "Yes.");
    diary.at("2027-11-30T09:00:00Z").promises(1, "2028-06-01");
    says(&diary, &["1 made · 0 kept · 1 open", "Next progress report due 29 February 2028"]);
    says(diary.at("2028-03-01T09:00:00Z"), &["1 progress report overdue", "overdue since 29 February 2028"]);
    says(diary.reports(1), &["Next progress report due 29 August 2028"]);
    says(diary.at("2028-06-11T09:00:00Z"), &["1 overdue", "Overdue by 10 days"]);
    says(
        diary.delivers(1),
        &["1 made · 1 kept · 1 of them late · 0 open", "Kept on 11 June 2028, 10 days late"],
    );
}

#[test]
fn where_nothing_is_owed_the_page_says_why() {
    says(&Diary::without_rule("2027-05-01T10:00:00Z"), &["No rule was fixed before this assembly"]);
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    says(
        &diary,
        &["has not been published yet", "no theme would be owed an answer yet", "heard at 2 tables or more"],
    );
    says(diary.publishes(1, &[]), &["No theme of the published paper reached the rule"]);
}

/// A duty that was answered late, with everything that can follow, and one that is open.
fn eventful() -> Diary {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[1, 2]).holds_off(1).reassigns(1, "Head of everything");
    diary.at("2027-05-20T09:00:00Z").replies(1, "Yes, & soon.").replies(1, "Yes, <very> soon.");
    diary.rejoins(1, Verdict::DoesNot).promises(1, "2027-06-01").reports(1);
    diary
}

#[test]
fn every_step_is_an_entry_of_the_feed_with_a_name_that_stays() {
    let mut diary = eventful();
    let feed = |diary: &Diary| feed::atom(&diary.views, &place(), diary.today());
    let before = feed(&diary);
    let ids = |xml: &str| -> Vec<String> {
        xml.split("<id>").skip(2).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    // Published, two owed, holding, reassigned, two versions, rejoined, promised, reported; and two became overdue.
    assert_eq!(ids(&before).len(), 12);
    let after = feed(diary.delivers(1));
    assert_eq!(ids(&after)[1..], ids(&before));
    assert!(ids(&after).iter().all(|id| id.starts_with("urn:uuid:00000000-0000-8000-")), "{after}");
    assert_eq!(ids(&after).into_iter().collect::<std::collections::BTreeSet<_>>().len(), 13, "{after}");
    assert!(before.contains("<updated>2027-05-20T09:00:00Z</updated>"), "{before}");
    assert!(before.contains("Fares &amp; &lt;tickets&gt;") && before.contains("9 days late."), "{before}");
}

#[test]
fn the_calendar_holds_a_day_for_each_thing_that_is_open() {
    let mut diary = eventful();
    let text = calendar::write(&diary.views, &place());
    let unfolded = text.replace("\r\n ", "");
    for line in [
        "UID:duty-2@00000000-0000-0000-0000-00000000a55e",
        "DTSTAMP:20270504T090000Z",
        "DTSTART;VALUE=DATE:20270511",
        "SUMMARY:Answer due: Fares & <tickets>",
        "UID:promise-1@00000000-0000-0000-0000-00000000a55e",
        "DTSTART;VALUE=DATE:20270601",
        "DESCRIPTION:Head of buses answers.\\nA bus every half hour\\; until midnight\\, each day",
        "UID:report-2027-08-20-1@00000000-0000-0000-0000-00000000a55e",
        "URL:https://plenary.example/a/buses/duty/1",
    ] {
        assert!(unfolded.lines().any(|found| found == line), "{line} is not in {unfolded}");
    }
    assert!(!unfolded.contains("UID:duty-1@"), "it was answered");
    assert!(text.split_terminator("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    diary.replies(2, "No.").delivers(1);
    holds_a_note_alone(&calendar::write(&diary.views, &place()), "20270520");
}

#[test]
fn what_the_board_decided_is_news_that_leads_to_the_evidence() {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[]).at("2027-06-01T09:00:00Z").decides("The <timetable>");
    let feed = feed::atom(&diary.views, &place(), diary.today());
    for part in [
        "<title>Decision 1: The &lt;timetable&gt;</title>",
        "<updated>2027-06-01T09:00:00Z</updated>\n<author>",
        "href=\"https://plenary.example/a/buses/decision/1\"",
        "<content>Later buses.\n\nNone ran before.</content>",
    ] {
        assert!(feed.contains(part), "{part} is not in {feed}");
    }
}

/// RFC 5545 wants something in every calendar, and what is done shall be in nobody's.
#[track_caller]
fn holds_a_note_alone(text: &str, day: &str) {
    let began: Vec<_> = text.lines().filter(|line| line.starts_with("BEGIN:")).collect();
    assert_eq!(began, ["BEGIN:VCALENDAR", "BEGIN:VJOURNAL"]);
    for line in ["UID:nothing@00000000-0000-0000-0000-00000000a55e", &format!("DTSTART;VALUE=DATE:{day}")] {
        assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
    }
    assert!(text.contains("DTSTAMP:") && text.contains("SUMMARY:Nothing is due"), "{text}");
}

#[test]
fn a_calendar_without_anything_open_still_holds_a_note() {
    // Half past midnight in London's summer is the day before in UTC.
    let diary = Diary::convened("2027-04-30T23:30:00Z", 5);
    holds_a_note_alone(&calendar::write(&diary.views, &place()), "20270501");
}

#[test]
fn what_became_overdue_is_news_on_the_day_after_and_stays_news() {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[1, 2]);
    let feed = |diary: &Diary| feed::atom(&diary.views, &place(), diary.today());
    let says =
        "<title>Duty 1: overdue. Director of buses owed an answer to “Night buses” by 11 May 2027</title>";
    assert!(
        !feed(diary.at("2027-05-11T22:59:59Z")).contains("overdue"),
        "it is due until the end of the day"
    );

    let overdue = feed(diary.at("2027-05-11T23:00:00Z"));
    assert!(
        overdue.contains(says) && overdue.contains("<published>2027-05-11T23:00:00Z</published>"),
        "{overdue}"
    );
    assert!(
        overdue.contains("<updated>2027-05-11T23:00:00Z</updated>\n<author>"),
        "the feed itself is newer: {overdue}"
    );
    let id = |xml: &str| {
        let rest = xml.split_once(says).unwrap().1;
        rest.split("<id>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    let named = id(&overdue);
    assert_eq!(
        feed(diary.at("2029-01-01T10:00:00Z")),
        overdue,
        "as long as nothing happens, nothing changes in it"
    );
    assert_eq!(id(&feed(diary.replies(1, "Yes."))), named, "a late answer was overdue, and stays so");
    diary.promises(1, "2029-02-01").at("2029-03-01T10:00:00Z").delivers(1);
    let kept_late = feed(&diary);
    assert!(
        kept_late.contains("<title>Promise 1: overdue. Head of buses promised it by 1 February 2029</title>"),
        "{kept_late}"
    );
    let at = |part: &str| kept_late.find(part).unwrap();
    assert!(
        at("Promise 1: kept") < at("Promise 1: overdue") && at("Promise 1: overdue") < at(says),
        "the newest first"
    );
}

#[test]
fn open_data_counts_what_the_page_counts() {
    let diary = eventful();
    let document = open::Document::of(&diary.views, "buses", diary.today());
    let json = serde_json::to_value(&document).unwrap();
    let timings: Vec<_> = json["duties"].as_array().unwrap().iter().map(|duty| &duty["timing"]).collect();
    assert_eq!(timings, ["overdue", "done-late"]);
    assert_eq!((&json["counts"]["overdue"], &json["duties"][0]["days"]), (&1.into(), &9.into()));
    assert_eq!(json["duties"][1]["verdict"], "does-not");
    assert_eq!(json["promises"][0]["next_report"], "2027-08-20");
}
