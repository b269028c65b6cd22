use super::*;
use crate::toml_file;

const MAP: &str =
    "text = \"t\"\nid = \"id\"\nset_aside = [\"no\"]\n[themes]\none_hot = [\"Buses\", \"Cost\"]\n";
const HEADER: &str = "id,t,Buses,Cost,no\n";

fn read(map: &str, csv: &[u8]) -> Sheet {
    let map = Map::checked(toml_file::parse(map).unwrap()).unwrap();
    Sheet::of(csv, "file", map, &TimeZone::UTC).unwrap()
}

fn rows(lines: &str) -> Sheet {
    read(MAP, format!("{HEADER}{lines}").as_bytes())
}

fn words(row: &Row) -> Option<&str> {
    row.words.as_ref().map(ContributionText::as_str)
}

#[test]
fn cells_are_read_as_a_spreadsheet_wrote_them() {
    for (line, expected) in [
        ("a,plain,,,", Some("plain")),
        ("a,\"one, two\",,,", Some("one, two")),
        ("a,\"she said \"\"no\"\"\",,,", Some("she said \"no\"")),
        ("a,\"two\nlines\",,,", Some("two\nlines")),
        ("a,\"two\r\nlines\",,,", Some("two\nlines")),
        ("a,soft\u{b}break,,,", Some("soft\nbreak")),
        ("a,  ,,,", None),
        ("a,,,,", None),
    ] {
        let sheet = rows(line);
        assert_eq!(
            sheet.rows.iter().map(words).collect::<Vec<_>>(),
            [expected],
            "{line:?}: {:?}",
            sheet.refused
        );
    }
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_are_no_part_of_the_file() {
    let sheet = read(MAP, format!("\u{feff}{}a,b,,,\r\n\r\n", HEADER.replace('\n', "\r\n")).as_bytes());
    assert_eq!((sheet.count, sheet.rows.len()), (1, 1));
    assert_eq!((sheet.rows[0].id.as_str(), sheet.rows[0].number), ("a", 2));
}

#[test]
fn each_bad_row_is_refused_by_its_number_and_the_others_stay() {
    let long = "x".repeat(4_001);
    for (line, said) in [
        ("a,b\n", "2 cells where the header has 5"),
        ("a,b,,,,\n", "6 cells where the header has 5"),
        (",b,,,\n", "it has no id"),
        ("first,b,,,\n", "the id `first`, which row 2 has already"),
        (&format!("a,{long},,,\n"), "4001 characters long"),
        ("a,b\u{0}c,,,\n", "U+0000"),
    ] {
        let sheet = rows(&format!("first,x,,,\n{line}last,x,,,\n"));
        let ids: Vec<_> = sheet.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!((sheet.count, ids), (3, vec!["first", "last"]), "{line:?}");
        assert_eq!((sheet.refused.len(), sheet.refused[0].row), (1, 3), "{line:?}");
        assert!(sheet.refused[0].reason.contains(said), "{line:?}: {}", sheet.refused[0].reason);
    }
}

#[test]
fn what_is_not_utf_8_refuses_its_row_only() {
    let mut csv = format!("{HEADER}a,caf").into_bytes();
    csv.extend_from_slice(b"\xe9,,,\nb,fine,,,\n");
    let sheet = read(MAP, &csv);
    assert_eq!(sheet.refused, [Refused { row: 2, reason: "it is not text in UTF-8".to_owned() }]);
    assert_eq!(sheet.rows.len(), 1);
}

#[test]
fn the_coding_follows_the_themes_first_and_the_marks_then() {
    let themes =
        |keys: &[&str], marked| Coding::Themes { keys: keys.iter().map(|&key| key.into()).collect(), marked };
    let aside = |reason: &str| Coding::SetAside(Reason::parse(reason).unwrap());
    for (line, expected) in [
        ("a,words,1,,", themes(&["buses"], Marked::No)),
        ("a,words,1,yes,", themes(&["buses", "cost"], Marked::No)),
        ("a,words,0,X,1", themes(&["cost"], Marked::Yes)),
        ("a,,1,,", themes(&["buses"], Marked::No)),
        ("a,words,,,1", aside("no")),
        ("a,,,,1", aside("no")),
        ("a,,,,", aside(NO_WORDS)),
        ("a,words,0,no,", Coding::None),
    ] {
        assert_eq!(rows(line).rows[0].coding, expected, "{line:?}");
    }
}

#[test]
fn themes_of_a_list_are_told_apart_without_case_and_only_those_that_occur_are_named() {
    let map = "text = \"t\"\nid = \"id\"\nlist_ = 1"
        .replace("list_ = 1", "[themes.list]\ncolumn = \"l\"\nseparator = \";\"");
    let long = "x".repeat(81);
    let sheet = read(&map, format!("id,t,l\na,x,Buses; cost;;buses\nb,x,COST\nc,,\nd,x,{long}\n").as_bytes());
    let names: Vec<_> = sheet.themes.values().map(ThemeName::as_str).collect();
    assert_eq!(names, ["Buses", "cost"]);
    assert!(sheet.rows[1].is_in("cost"));
    assert_eq!((sheet.refused.len(), sheet.refused[0].row), (1, 5));
    assert!(sheet.refused[0].reason.starts_with("its theme `xxx"), "{}", sheet.refused[0].reason);
}

#[test]
fn where_and_when_a_row_was_said_is_read_or_refuses_it() {
    let map = "text = \"t\"\ntime = \"when\"\nchannel = \"how\"\ntable = \"at\"\nvoice = \"who\"";
    let csv = "t,when,how,at,who\nx,2026-01-02,Paper,3,p1\nx,,,,\nx,soon,,,\nx,,fax,,\nx,,,0,\n";
    let sheet = read(map, csv.as_bytes());
    let first = &sheet.rows[0];
    assert_eq!(
        (first.channel, first.table, first.voice.as_deref()),
        (Channel::Paper, TableNumber::new(3), Some("p1"))
    );
    assert_eq!(first.said_at, Some(Timestamp(1_767_312_000_000)));
    let second = &sheet.rows[1];
    assert_eq!(
        (second.channel, second.table, second.said_at, second.id.as_str()),
        (Channel::Import, None, None, "3")
    );
    let reasons: Vec<_> =
        sheet.refused.iter().map(|refused| (refused.row, refused.reason.as_str())).collect();
    let starts = [(4, "`soon` is no time"), (5, "its channel `fax`"), (6, "its table `0`")];
    for ((row, reason), (expected, start)) in reasons.into_iter().zip(starts) {
        assert!(row == expected && reason.starts_with(start), "row {row}: {reason}");
    }
}

#[test]
fn the_batch_is_the_maps_or_the_files_name() {
    assert_eq!(rows("").batch, "file");
    assert_eq!(read(&format!("batch = \"spring\"\n{MAP}"), HEADER.as_bytes()).batch, "spring");
}

#[test]
fn a_long_cell_is_not_repeated_in_the_report() {
    let said = "They told me to ring at eight and then the line was busy. ".repeat(12);
    let map = "text = \"t\"\nid = \"id\"\ntime = \"when\"\n";
    let sheet = read(map, format!("id,t,when\n{said},a,\n{said},b,\nc,d,{said}\n").as_bytes());
    let reasons: Vec<_> = sheet.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert!(
        matches!(reasons.as_slice(), [id, time] if id.contains("which row 2") && time.contains("is no time"))
    );
    assert!(
        reasons.iter().all(|reason| reason.contains("They told me") && !reason.contains("busy")),
        "{reasons:?}"
    );
}
