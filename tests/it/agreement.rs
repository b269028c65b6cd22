//! What people at home agree about and are divided on: from their phones into the paper, and counted again by a program that
//! shares nothing with ours.

use serde_json::json;
use uuid::Uuid;

use crate::harness::{Folder, id, open_round, submit};
use crate::verify::verify;

const BUS: &str = "The last bus should run after the last train";
const FREE: &str = "Buses should be free for everybody";

#[test]
fn sides_that_were_taken_at_home_stand_in_the_paper_and_hold_against_the_record() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let team = server.join(&assembly, "theme-team");
    let sends =
        |command: serde_json::Value| assert_eq!(team.post_json("submit", &command).json()["type"], "ack");
    sends(json!({"type": "name-theme", "id": id(201), "name": "Evenings"}));
    for (n, words) in [(100, BUS), (101, FREE)] {
        let said = server.join(&assembly, "participant").post_json("submit", &submit(n, words));
        assert_eq!(said.json()["type"], "ack", "{}", said.body);
        sends(json!({"type": "assign", "id": Uuid::now_v7(), "contribution": id(n), "theme": id(201)}));
    }
    for person in 0..6 {
        let voter = server.join(&assembly, "participant");
        for (n, vote) in [(100, "agree"), (101, if person < 3 { "agree" } else { "disagree" })] {
            let vote = json!({"type": "react", "id": Uuid::now_v7(), "contribution": id(n), "vote": vote});
            let told = voter.post_json("submit", &vote);
            assert_eq!(told.json()["type"], "ack", "{}", told.body);
        }
    }
    assert!(server.stop().0.success());

    let slug = assembly.slug();
    let file = folder.path("paper.json").to_str().unwrap().to_owned();
    folder.json(&["summary", slug, "--format", "json", "--out", &file]);
    let paper: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let told = |list: &str| {
        let found = &paper["agreement"][list];
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
        let value = |field: &str| found[0][field]["value"].as_u64().unwrap();
        (found[0]["quote"]["words"].as_str().unwrap().to_owned(), value("agree"), value("disagree"))
    };
    assert_eq!(told("united"), (BUS.to_owned(), 6, 0));
    assert_eq!(told("divided"), (FREE.to_owned(), 3, 3));
    let counted = folder.json(&["recompute", slug, "--summary", &file]);
    assert_eq!(counted["wrong"], json!([]));
    let archive = folder.path("day.tar").to_str().unwrap().to_owned();
    folder.json(&["export", slug, "--out", &archive]);
    let verified = verify(&[&archive]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let page = folder.path("paper.html").to_str().unwrap().to_owned();
    folder.json(&["summary", slug, "--format", "html", "--out", &page]);
    let page = std::fs::read_to_string(&page).unwrap();
    assert!(page.contains("Where people are divided") && page.contains("3 of 6</a> agreed"), "{page}");
}
