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
        "part,theme,round,unit,side,value,of,query,position,contributions",
        "took part,,,contributions,,2,,,13,10 11",
        "took part,,,tables,,1,3,,13,10 11",
        "took part,,,voices,remote,1,,side=remote,13,11",
        "took part,,,contributions,other,0,,side=other,13,",
        "took part,,,voices,other,0,,side=other,13,",
    ];
    assert_eq!(table.lines().take(6).collect::<Vec<_>>(), expected);
    let id = theme(1);
    for row in [
        format!("finding,Night buses,,contributions,,2,2,theme={id},13,10 11"),
        format!("finding,Night buses,,voices,remote,1,1,theme={id}&side=remote,13,11"),
        format!("finding,Night buses,1,contributions,,2,2,theme={id}&round=1,13,10 11"),
        "method,,,contributions,,2,2,state=themed,13,10 11".to_owned(),
        "method,,,contributions,,0,2,state=unread,13,".to_owned(),
    ] {
        assert!(table.lines().any(|line| line == row), "{row}\nis not in\n{table}");
    }
}

#[test]
fn a_name_that_begins_like_a_formula_stays_a_text() {
    for name in ["=HYPERLINK(\"x\")", "+1", "-2+3", "@SUM(A1)"] {
        let mut day = Day::convened();
        day.names(1, name).says(1, By::Phone(1)).assigns([1], 1);
        let found = rows(&table_of(&day)).into_iter().find(|row| &row[0] == "finding").unwrap();
        assert_eq!(found[1], format!("'{name}"));
    }
}

#[test]
fn a_name_with_commas_and_quotes_reads_back() {
    let name = "Fares, \"fair\" or not";
    let mut day = Day::convened();
    day.names(1, name).says(1, By::Phone(1)).assigns([1], 1);
    assert!(rows(&table_of(&day)).iter().any(|row| &row[1] == name));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_figure_of_the_paper_has_a_row_with_its_contributions(day in any_day()) {
        let paper = serde_json::to_value(summary(&day.views(), &words)).unwrap();
        let rows = rows(&table_of(&day));
        prop_assert_eq!(rows.len(), figures(&paper).len());
        for row in rows.iter().filter(|row| &row[3] == "contributions") {
            prop_assert_eq!(row[5].parse(), Ok(row[9].split_whitespace().count()), "{:?}", row);
        }
    }
}
