use serde_json::json;
use typst::layout::{Frame, FrameItem};

use super::*;

/// A document with these words in every place that takes words of people.
fn document(said: &str) -> Value {
    let text = json!([{"run": "text", "text": "All of it"}]);
    let quote = json!([{"run": "quote", "text": said}]);
    let cited = json!([{"run": "cited", "text": said}]);
    let column = |align| json!({"label": text, "align": align});
    json!({
        "format": "plenary-paper/v1", "title": said, "language": "en-GB", "status": "draft", "position": 7,
        "dated": 1_782_909_000, "hash": "0".repeat(64), "tag": text, "kicker": text, "standing": text, "footer": cited,
        "page_of": "Page {page} of {pages}", "no_letter": "A box □ stands for a letter.",
        "blocks": [
            {"block": "heading", "level": 2, "id": "found", "text": cited},
            {"block": "quote", "contrary": true, "label": text, "words": quote, "source": text},
            {"block": "chart", "alt": cited, "legend": [], "groups": [{"name": cited, "bars": [
                {"side": "room", "label": text, "percent": 50, "figure": text}]}]},
            {"block": "table", "id": "t", "caption": cited, "columns": [column("start"), column("end")],
             "rows": [{"head": cited, "cells": [text]}]},
            {"block": "listing", "id": "q-all", "about": cited, "count": text, "jumps": [],
             "positions": [1, 2, 3, 5, 8, 9]},
            {"block": "words", "said": [{"position": 7, "words": quote, "meta": text}]}
        ]
    })
}

fn words_of(frame: &Frame, words: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => words_of(&group.frame, words),
            FrameItem::Text(text) => words.push_str(&text.text),
            _ => {}
        }
    }
}

/// What stands on the pages, without spaces: those at the end of a line are not set.
fn printed(document: Value) -> String {
    let mut words = String::new();
    set(document).unwrap().pages().iter().for_each(|page| words_of(&page.frame, &mut words));
    words.replace(char::is_whitespace, "")
}

#[test]
fn words_are_never_read_as_markup() {
    for said in [
        "#panic(\"no\")",
        "#eval(\"1+1\") #read(\"/etc/passwd\")",
        "$x^2$ *bold* _thin_ `raw` <label> @ref = Heading",
        "\\ \\u{41} // no comment /* nor this */",
        "] } ) \" ' #] #} - + / ~ -- ---",
        "- a list\n+ another\n= a heading",
        "[link](https://example.org) https://example.org",
    ] {
        let printed = printed(document(said));
        let said = said.replace(char::is_whitespace, "");
        assert!(printed.matches(&said).count() >= 6, "{said} is not in {printed}");
    }
}

#[test]
fn a_letter_that_no_font_has_is_a_box_and_that_is_said() {
    let letters = "Zażółć gęślą jaźń, Ŵyn, Ελλάδα, Україна, مرحبا, 漢字 🎉\u{200B}\u{7}\u{E000}";
    let printed = printed(document(letters));
    for there in ["Zażółćgęśląjaźń,Ŵyn,", "Україна", "□□□", "Abox□standsforaletter."]
    {
        assert!(printed.contains(there), "{there} is not in {printed}");
    }
    assert!(!printed.contains('漢') && !printed.contains('\u{E000}'), "{printed}");
    assert!(pdf(document(letters).to_string().as_bytes()).is_ok());
}

#[test]
fn positions_are_printed_as_ranges() {
    assert!(printed(document("x")).contains("1–3,5,8–9"));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let bytes = || pdf(document("We waited three weeks").to_string().as_bytes()).unwrap();
    let first = bytes();
    assert!(first.starts_with(b"%PDF-1.7"));
    assert_eq!(first, bytes());
}

#[test]
fn what_is_no_document_is_refused() {
    for wrong in ["", "{", "[]", "{}", "{\"blocks\": [{\"block\": \"heading\"}]}"] {
        assert!(pdf(wrong.as_bytes()).is_err(), "{wrong}");
    }
}
