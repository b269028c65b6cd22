use super::*;

const NHS: &str = include_str!("../../../../../config/import/nhs-fft.toml");

fn map(text: &str) -> Result<Map, String> {
    Map::checked(toml_file::parse(text)?).map_err(|error| error.to_string())
}

fn columns(text: &str, header: &[&str]) -> Result<Columns, String> {
    map(text)?.columns(&Header::new(header.iter().copied())).map_err(|error| error.to_string())
}

#[test]
fn the_ready_map_makes_sense() {
    let map = map(NHS).unwrap();
    assert_eq!(map.round, RoundNumber::new(1).unwrap());
    assert_eq!(map.batch.as_deref(), Some("nhs-fft-v6"));
    assert!(map.is_yes("1") && !map.is_yes("0") && !map.is_yes(""));
}

#[test]
fn a_range_leaves_out_what_is_set_aside_or_excepted() {
    let text = "text = \"t\"\nset_aside = [\"b\"]\n[themes]\none_hot = [\"f\"]\none_hot_from = \"a\"\none_hot_to = \"d\"\n\
                one_hot_except = [\"c\"]\n";
    let columns = columns(text, &["t", " a ", "b", "c", "d", "e", "f"]).unwrap();
    let themes: Vec<_> = columns.themes.iter().map(|(place, name)| (*place, name.as_str())).collect();
    assert_eq!(themes, [(1, "a"), (4, "d"), (6, "f")]);
    assert_eq!(columns.set_aside, [(2, Reason::parse("b").unwrap())]);
}

#[test]
fn each_mistake_in_a_map_is_named() {
    for (text, said) in [
        ("text = \"t\"\ncolour = \"c\"", "line 2: unknown field `colour`"),
        ("id = \"i\"", "missing field `text`"),
        ("text = \"t\"\nround = 0", "`round` counts from 1"),
        ("text = \"t\"\nkind = \"shout\"", "line 2, `kind`: unknown variant `shout`"),
        ("text = \"t\"\ntime_format = \"%Y\"", "`time_format` needs `time`"),
        ("text = \"t\"\ntime = \"d\"\ntime_format = \"%!\"", "`time_format` is no pattern"),
        ("text = \"t\"\n[themes]\none_hot_from = \"a\"", "name both or neither"),
        ("text = \"t\"\n[themes]\none_hott = [\"a\"]", "line 3: unknown field `one_hott`"),
        ("text = \"t\"\n[themes.list]\ncolumn = \"c\"\nseparator = \"\"", "`separator` is empty"),
        ("text = \"t\"\n[themes.list]\ncolumn = \"c\"", "missing field `separator`"),
    ] {
        let why = map(text).unwrap_err();
        assert!(why.contains(said), "{text:?}: {why}");
    }
}

#[test]
fn each_column_that_a_file_does_not_have_is_named() {
    for (text, said) in [
        ("text = \"words\"", "no column `words`"),
        ("text = \"t\"\nid = \"key\"", "no column `key`"),
        ("text = \"t\"\nset_aside = [\"gone\"]", "no column `gone`"),
        ("text = \"t\"\n[themes]\none_hot = [\"gone\"]", "no column `gone`"),
        ("text = \"t\"\n[themes]\none_hot_from = \"a\"\none_hot_to = \"gone\"", "no column `gone`"),
        ("text = \"t\"\n[themes]\none_hot_except = [\"gone\"]", "no column `gone`"),
        ("text = \"t\"\n[themes.list]\ncolumn = \"gone\"\nseparator = \";\"", "no column `gone`"),
        ("text = \"twice\"", "`twice` stands in the header twice"),
        ("text = \"t\"\n[themes]\none_hot_from = \"b\"\none_hot_to = \"a\"", "comes after"),
        ("text = \"t\"\nset_aside = [\"a\"]\n[themes]\none_hot = [\"a\"]", "`a` is named twice"),
    ] {
        let why = columns(text, &["t", "a", "b", "twice", "twice"]).unwrap_err();
        assert!(why.contains(said), "{text:?}: {why}");
    }
}

#[test]
fn a_column_that_is_too_long_for_a_theme_is_named_before_anything_is_written() {
    let long = "x".repeat(ThemeName::CHARS_MAX + 1);
    let why = columns(&format!("text = \"t\"\n[themes]\none_hot = [\"{long}\"]"), &["t", &long]).unwrap_err();
    assert!(why.contains("cannot name a theme"), "{why}");
}
