//! Who took part: a table comes in by command or by form, and what could point at somebody gets no further.

use crate::harness::{Folder, open_round};

/// Numbers of people that are nobody's; some are small, and some would give those away.
const TABLE: &str = "attribute,group,population,invited,members\n\
    Age,16–24,\"6,000\",1000,11\nAge,25–64,\"29,500\",5100,72\nAge,65 and over,\"10,600\",1900,29\nAge,,,0,8\n\
    Background,White,\"37,700\",6500,104\nBackground,Asian,\"4,300\",800,6\nBackground,Black,\"1,900\",400,4\n\
    Background,Another,\"2,400\",300,3\nBackground,,,0,3\nPlace,Town,,,88\nPlace,Villages,,,32\n";

/// Puts the table into a record, by the command.
pub(crate) fn record(folder: &Folder, slug: &str) {
    let file = folder.file("members.csv", TABLE);
    let recorded = folder.json(&["reference", slug, "--file", &file, "--source", "Census 2021"]);
    assert_eq!((&recorded["members"], &recorded["hidden"]), (&120.into(), &4.into()), "{recorded}");
}

#[test]
fn the_form_takes_a_table_out_of_a_spreadsheet_and_keeps_what_was_typed_when_it_is_wrong() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let organiser = server.join(&assembly, "organiser");
    let send = |id: &str, table: &str| {
        let form = [("id", id), ("reference", "Census 2021"), ("table", table), ("back", "publish#members")];
        organiser.post_form("members", &form)
    };
    let tabs = TABLE.replace(['"'], "").replace("6,000", "6000").replace("29,500", "29500");
    let tabs = tabs.replace("10,600", "10600").replace("37,700", "37700").replace("4,300", "4300");
    let tabs = tabs.replace("1,900", "1900").replace("2,400", "2400").replace(',', "\t");
    let id = "0190f5a2-0000-7000-8000-000000000001";

    let wrong = send(id, &tabs.replace("Age\t16–24\t6000", "Age\t16–24\t13.4 %"));
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    assert!(wrong.body.contains("row 1: population") && wrong.body.contains("13.4 %"), "{}", wrong.body);
    let uneven = send(id, &tabs.replace("Villages\t\t\t32", "Villages\t\t\t31"));
    assert!(
        uneven.status == 422 && uneven.body.contains("119 people and the first attribute 120"),
        "{}",
        uneven.body
    );

    let done = send(id, &tabs);
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(
        send(id, &tabs).header("location"),
        done.header("location"),
        "sent twice, it is recorded once"
    );
    let page = organiser.get("publish").body;
    assert!(page.contains("120 people by 3 attributes"), "{page}");
    let paper = organiser.get("summary").body;
    assert!(paper.contains("8 of 120") && paper.contains("left out"), "{paper}");
    for role in ["participant", "theme-team", "board-member"] {
        let form = [("id", id), ("reference", "Census"), ("table", TABLE), ("back", "publish")];
        assert_eq!(server.join(&assembly, role).post_form("members", &form).status, 403, "{role}");
    }
}

#[test]
fn no_small_count_gets_into_the_record_or_any_form_of_the_paper() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let slug = assembly.slug().to_owned();
    record(&folder, &slug);
    let background =
        folder.json(&["recompute", &slug, "--figure", "attribute=2", "--unit", "hidden-members"]);
    assert_eq!((&background["value"], &background["of"]), (&16.into(), &120.into()), "{background}");
    assert_eq!(background["contributions"], serde_json::json!([]));
    for hidden in ["attribute=2&group=2", "attribute=2&group=5", "attribute=9", "group=1"] {
        let refused = folder.run(&["recompute", &slug, "--figure", hidden, "--unit", "members"]);
        assert!(
            refused.code == Some(1) && refused.err.contains("could point at somebody"),
            "{hidden}: {}",
            refused.err
        );
    }
    let out = folder.path("paper.json").to_str().unwrap().to_owned();
    folder.json(&["summary", &slug, "--format", "json", "--out", &out]);
    let paper: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    let groups = &paper["took_part"]["represented"]["attributes"][1]["groups"];
    for group in groups.as_array().unwrap().iter().skip(1) {
        assert!(group["members"].is_null() && group["share"].is_null() && group["gap"].is_null(), "{group}");
    }

    for (table, why) in [
        ("attribute,group,members\nAge,a,7\n", "at least 8"),
        ("attribute,group\n", "no column “members”"),
        ("", "no column “attribute”"),
    ] {
        let file = folder.file("wrong.csv", table);
        let refused = folder.run(&["reference", &slug, "--file", &file, "--source", "Census"]);
        assert!(refused.code == Some(1) && refused.err.contains(why), "{table}: {}", refused.err);
    }
    let missing = folder.run(&["reference", &slug, "--file", "/nowhere.csv", "--source", "Census"]);
    assert!(missing.code == Some(1) && missing.err.contains("/nowhere.csv"), "{}", missing.err);
}
