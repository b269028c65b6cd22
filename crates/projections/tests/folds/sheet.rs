//! The figures as a table that a spreadsheet opens.

use projections::{summary, summary_csv};
use proptest::prelude::*;

use crate::coverage::any_day;
use crate::figures::figures;
use crate::given::*;

fn table_of(day: &Day) -> String {
    let views = day.views();
    let mut out = Vec::new();
    summary_csv::write(&views, &summary(&views, &words), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

#[test]
fn a_small_day_gives_this_table() {
    let mut day = Day::with_themes();
    day.says(1, By::Table(1)).says(2, By::Phone(1)).assigns([1, 2], 1);
    let table = table_of(&day);
    let expected = [
        "part,figure,theme,round,unit,side,value,of,of_unit,of_query,query,suppression,position,contributions",
        "findings,by_round,Night buses,1,contributions,,2,2,contributions,round=1,THEME&round=1,none,13,10 11",
    ];
    let id = format!("theme={}", theme(1));
    let expected = expected.map(|row| row.replace("THEME", &id));
    assert_eq!(table.lines().take(2).collect::<Vec<_>>(), expected);
    for row in [
        "took_part,tables,,,tables,,1,3,seated-tables,,,none,13,10 11",
        "took_part,remote_voices,,,voices,remote,1,,,,side=remote,none,13,11",
        "took_part,other_contributions,,,contributions,other,0,2,contributions,,side=other,none,13,",
        "findings,contributions,Night buses,,contributions,,2,2,contributions,,THEME,none,13,10 11",
        "findings,remote_voices,Night buses,,voices,remote,1,1,voices,side=remote,THEME&side=remote,none,13,11",
        "method,unread,,,contributions,,0,2,contributions,,state=unread,none,13,",
    ] {
        let row = row.replace("THEME", &id);
        assert!(table.lines().any(|line| line == row), "{row}\nis not in\n{table}");
    }
}

#[test]
fn a_name_that_begins_like_a_formula_stays_a_text() {
    for name in ["=HYPERLINK(\"x\")", "+1", "-2+3", "@SUM(A1)"] {
        let mut day = Day::convened();
        day.names(1, name).says(1, By::Phone(1)).assigns([1], 1);
        let found = rows(&table_of(&day)).into_iter().find(|row| &row[0] == "findings").unwrap();
        assert_eq!(found[2], format!("'{name}"));
    }
}

#[test]
fn a_name_with_commas_and_quotes_reads_back() {
    let name = "Fares, \"fair\" or not";
    let mut day = Day::convened();
    day.names(1, name).says(1, By::Phone(1)).assigns([1], 1);
    assert!(rows(&table_of(&day)).iter().any(|row| &row[2] == name));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_figure_of_the_paper_has_a_row_with_its_contributions(day in any_day()) {
        let paper = serde_json::to_value(summary(&day.views(), &words)).unwrap();
        let rows = rows(&table_of(&day));
        prop_assert_eq!(rows.len(), figures(&paper).len());
        for row in rows.iter().filter(|row| &row[4] == "contributions") {
            prop_assert_eq!(row[6].parse(), Ok(row[13].split_whitespace().count()), "{:?}", row);
        }
    }
}
