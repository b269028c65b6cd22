use super::*;
use domain::{BadText, ContributionId, ContributionText, Form, Kind, ThemeId};
use serde_json::{Value, json};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const OTHER: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

fn parse(value: &Value) -> Result<Frame, Refusal> {
    parse_json(value.to_string().as_bytes())
}

/// A good value for any field of any type.
fn sample(shape: &str, field: &str) -> Value {
    match (shape, field) {
        ("hold", "reason") => json!("abuse"),
        ("merge-tables" | "split-table", "into") => json!(3),
        (_, "contribution" | "theme" | "into" | "poll" | "of" | "candidate" | "themes" | "contributions") => {
            json!(OTHER)
        }
        (
            _,
            "round" | "table" | "seats" | "heard_from" | "minutes" | "most" | "lag_s" | "seat" | "change"
            | "size" | "duty" | "commitment" | "version",
        ) => json!(2),
        (_, "due") => json!("2027-01-31"),
        (_, "verdict") => json!("partly"),
        (_, "section") => json!("took-part"),
        (_, "said_at") => json!(1_782_909_000_000_u64),
        (_, "card") => json!("A-0123"),
        (_, "vote") => json!("disagree"),
        (_, "scene") => json!("quote"),
        (_, "method") => json!("choose"),
        (_, "choice" | "counts") => json!("2,1,3"),
        (_, "kind") => json!("story"),
        (_, "form") => json!("paraphrase"),
        (_, "from") => json!(0),
        (_, "to") => json!(9),
        (_, "purpose") => json!("audit"),
        (_, "read_back" | "unread") => json!(true),
        _ => json!("Some text"),
    }
}

fn full(shape: &Shape) -> Value {
    let mut frame = json!({ "type": shape.name, "id": ID });
    for field in shape.fields {
        frame[field] = sample(shape.name, field);
    }
    frame
}

/// The same frame as a page would post it.
fn as_form(frame: &Value) -> String {
    let pairs = frame.as_object().unwrap().iter().map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={}", text.replace(' ', "+"))
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[test]
fn every_type_is_read_from_json_and_from_a_form_alike() {
    assert_eq!(SHAPES.len(), 58);
    for shape in SHAPES {
        let frame = full(shape);
        let read = parse(&frame).unwrap_or_else(|refusal| panic!("{}: {refusal}", shape.name));
        assert_eq!(read.id.to_string(), ID);
        assert_eq!(parse_form(as_form(&frame).as_bytes()), Ok(read), "{}", shape.name);
    }
}

#[test]
fn no_type_takes_a_field_that_is_not_its_own() {
    for shape in SHAPES {
        let mut frame = full(shape);
        frame["colour"] = json!("red");
        assert_eq!(parse(&frame), Err(Refusal::UnknownField("colour".into())), "{}", shape.name);
    }
}

#[test]
fn every_field_of_every_type_is_read() {
    for shape in SHAPES {
        for field in shape.fields.iter().chain(&["id"]) {
            let mut frame = full(shape);
            frame[field] = json!([1]);
            let refused = parse(&frame).unwrap_err();
            let named = matches!(&refused, Refusal::BadField { field: bad, .. } if bad == field);
            assert!(named, "{} {field}: {refused}", shape.name);
        }
    }
}

#[test]
fn a_frame_of_words_alone_is_a_point_in_the_speakers_own_words() {
    let frame = parse(&json!({ "id": ID, "text": " We waited \n" })).unwrap();
    let words = ContributionText::parse("We waited").unwrap();
    let said = domain::Contribute::words(ContributionId(frame.id), words);
    assert_eq!(frame.command, Command::Contribute(Box::new(said)));
}

#[test]
fn what_a_table_knows_is_read_with_the_words() {
    let frame = json!({ "type": "submit", "id": ID, "text": "x", "kind": "quotable", "form": "paraphrase",
        "read_back": true, "heard_from": 6, "round": 1, "table": 7 });
    let Command::Contribute(said) = parse(&frame).unwrap().command else { panic!("not a contribution") };
    assert_eq!(
        (said.kind, said.form, said.read_back, said.heard_from),
        (Kind::Quotable, Form::Paraphrase, true, Some(6))
    );
    assert_eq!((said.round.unwrap().get(), said.table.unwrap().get()), (1, 7));
}

#[test]
fn a_theme_without_an_id_of_its_own_gets_that_of_the_frame() {
    let frame = parse(&json!({ "type": "name-theme", "id": ID, "name": "Phones" })).unwrap();
    let Command::NameTheme { theme, definition, .. } = frame.command else { panic!("not a theme") };
    assert_eq!((theme, definition), (ThemeId(frame.id), None));
}

fn bad(field: &'static str) -> impl Fn(&Refusal) -> bool {
    move |refusal| matches!(refusal, Refusal::BadField { field: named, .. } if *named == field)
}

#[test]
fn each_refusal_of_a_frame() {
    let rows: Vec<(String, Refusal)> = vec![
        (json!({ "type": "vote", "id": ID }).to_string(), Refusal::UnknownType("vote".into())),
        (json!({ "type": "x".repeat(99), "id": ID }).to_string(), Refusal::UnknownType("x".repeat(40))),
        (json!({ "id": ID, "text": "x", "txt": 1 }).to_string(), Refusal::UnknownField("txt".into())),
        (json!({ "text": "x" }).to_string(), Refusal::MissingField("id")),
        (json!({ "id": null, "text": "x" }).to_string(), Refusal::MissingField("id")),
        (json!({ "id": ID }).to_string(), Refusal::BadText(BadText::Empty)),
        (json!({ "id": ID, "text": " " }).to_string(), Refusal::BadText(BadText::Empty)),
        (json!({ "id": ID, "text": "a\u{0}" }).to_string(), Refusal::BadText(BadText::Unprintable(0))),
        (json!({ "type": "withdraw", "id": ID }).to_string(), Refusal::MissingField("contribution")),
        (json!({ "type": "close", "id": ID, "round": 1 }).to_string(), Refusal::UnknownField("round".into())),
        (format!(r#"{{"id":"{ID}","text":"a","text":"b"}}"#), Refusal::DuplicateField("text")),
        (format!(r#"{{"id":"{ID}","text":"a","te\u0078t":"b"}}"#), Refusal::DuplicateField("text")),
        ("[]".into(), Refusal::NotJson { why: "it is not an object".into() }),
        ("\"secret words\"".into(), Refusal::NotJson { why: "it is not an object".into() }),
    ];
    for (frame, refusal) in rows {
        assert_eq!(parse_json(frame.as_bytes()), Err(refusal), "{frame}");
    }
}

#[test]
fn each_field_that_cannot_be_read_is_named() {
    let rows = [
        (json!({ "id": "7", "text": "x" }), "id"),
        (json!({ "id": 7, "text": "x" }), "id"),
        (json!({ "id": ID, "text": 7 }), "text"),
        (json!({ "id": ID, "text": "x", "round": 0 }), "round"),
        (json!({ "id": ID, "text": "x", "round": 1.5 }), "round"),
        (json!({ "id": ID, "text": "x", "round": -1 }), "round"),
        (json!({ "id": ID, "text": "x", "table": 65_536 }), "table"),
        (json!({ "id": ID, "text": "x", "heard_from": true }), "heard_from"),
        (json!({ "id": ID, "text": "x", "read_back": 1 }), "read_back"),
        (json!({ "id": ID, "text": "x", "read_back": "yes" }), "read_back"),
        (json!({ "id": ID, "text": "x", "kind": "rant" }), "kind"),
        (json!({ "id": ID, "text": "x", "form": "Verbatim" }), "form"),
        (json!({ "type": 1, "id": ID }), "type"),
        (json!({ "type": "hold", "id": ID, "contribution": OTHER, "reason": "because" }), "reason"),
        (json!({ "type": "name-theme", "id": ID, "name": "n".repeat(81) }), "name"),
        (json!({ "type": "assign", "id": ID, "contribution": {}, "theme": OTHER }), "contribution"),
    ];
    for (frame, field) in rows {
        let refused = parse(&frame).unwrap_err();
        assert!(bad(field)(&refused), "{frame}: {refused}");
    }
}

#[test]
fn a_frame_at_the_size_limit_and_one_past_it() {
    let frame = |size: usize| {
        let mut frame = json!({ "id": ID, "text": "x" }).to_string();
        frame.push_str(&" ".repeat(size - frame.len()));
        frame
    };
    assert!(parse_json(frame(FRAME_BYTES_MAX).as_bytes()).is_ok());
    let too_large = Refusal::TooLarge { bytes: FRAME_BYTES_MAX + 1, max: FRAME_BYTES_MAX };
    assert_eq!(parse_json(frame(FRAME_BYTES_MAX + 1).as_bytes()), Err(too_large));
}

#[test]
fn a_form_at_the_size_limit_and_one_past_it() {
    let form = |size: usize| format!("id={ID}&text={:x<1$}", "", size - "id=&text=".len() - ID.len());
    let at = parse_form(form(FORM_BYTES_MAX).as_bytes());
    assert!(matches!(at, Err(Refusal::BadText(BadText::TooLong { .. }))), "{at:?}");
    let too_large = Refusal::TooLarge { bytes: FORM_BYTES_MAX + 1, max: FORM_BYTES_MAX };
    assert_eq!(parse_form(form(FORM_BYTES_MAX + 1).as_bytes()), Err(too_large));
}

#[test]
fn the_longest_contribution_fits_in_any_script() {
    let words = "\u{1F68C}".repeat(ContributionText::CHARS_MAX);
    let read = parse(&json!({ "type": "submit", "id": ID, "text": words })).unwrap();
    let escaped: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
    assert_eq!(parse_form(format!("type=submit&id={ID}&text={escaped}").as_bytes()), Ok(read));
}

#[test]
fn a_frame_at_the_depth_limit_and_one_past_it() {
    // The object itself is the first level.
    let frame = |levels: usize| {
        format!(r#"{{"id":"{ID}","x":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1))
    };
    let unknown = Refusal::UnknownField("x".into());
    assert_eq!(parse_json(frame(JSON_LEVELS_MAX).as_bytes()), Err(unknown));
    let too_deep = Refusal::TooDeep { max: JSON_LEVELS_MAX };
    assert_eq!(parse_json(frame(JSON_LEVELS_MAX + 1).as_bytes()), Err(too_deep.clone()));
    assert_eq!(parse_json("[".repeat(FRAME_BYTES_MAX).as_bytes()), Err(too_deep));
}

#[test]
fn brackets_in_words_are_not_levels() {
    let words = format!("{} \\\" {}", "[".repeat(99), "{".repeat(99));
    let frame = parse(&json!({ "id": ID, "text": words })).unwrap();
    assert_eq!(frame.command.words().map(ContributionText::as_str), Some(words.as_str()));
}

#[test]
fn what_is_not_json_or_not_utf8_says_so() {
    for text in ["", "{", "{\"id\":", "nonsense", "{} {}", "\"\\"] {
        assert!(matches!(parse_json(text.as_bytes()), Err(Refusal::NotJson { .. })), "{text:?}");
    }
    assert_eq!(parse_json(b"{\"id\":\"\xff\"}"), Err(Refusal::NotUtf8));
    assert_eq!(parse_form(b"id=%ff"), Err(Refusal::NotUtf8));
    assert_eq!(parse_form(b"id=\xff"), Err(Refusal::NotUtf8));
}

#[test]
fn a_form_leaves_boxes_empty_and_ticks_others() {
    let form =
        format!("type=&id={ID}&text=50%25+off%0D%0A%c3%a9+%zz&round=&heard_from=+&read_back=on&kind=story&");
    let Command::Contribute(said) = parse_form(form.as_bytes()).unwrap().command else {
        panic!("not a contribution")
    };
    assert_eq!(said.words.unwrap().as_str(), "50% off\né %zz");
    assert_eq!((said.round, said.heard_from, said.read_back, said.kind), (None, None, true, Kind::Story));
    assert_eq!(parse_form(format!("id={ID}&text=").as_bytes()), Err(Refusal::BadText(BadText::Empty)));
    assert_eq!(parse_form(format!("id={ID}&text=a&text=b").as_bytes()), Err(Refusal::DuplicateField("text")));
    assert_eq!(
        parse_form(format!("id={ID}&text=a&tick").as_bytes()),
        Err(Refusal::UnknownField("tick".into()))
    );
}

#[test]
fn the_id_is_known_whenever_it_can_be_read() {
    let id = Uuid::parse_str(ID).ok();
    let rows = [
        (json!({ "id": ID, "type": "vote" }).to_string(), id),
        (json!({ "id": ID }).to_string(), id),
        (json!({ "id": "x" }).to_string(), None),
        (format!(r#"{{"id":"{ID}","id":"{OTHER}"}}"#), None),
        ("{".to_owned(), None),
    ];
    for (frame, readable) in rows {
        let (read, outcome) = read_json(frame.as_bytes());
        assert!(outcome.is_err() && read == readable, "{frame}");
    }
}

#[test]
fn replies_have_fixed_bytes() {
    let id = Uuid::parse_str(ID).unwrap();
    let ack = Ack {
        id,
        position: Position::new(7).unwrap(),
        receipt: Receipt::of_leaf(&[0; 32]),
        recorded_at_ms: 5,
    };
    let acked = format!(r#"{{"type":"ack","id":"{ID}","position":7,"receipt":"0000-0000-0000-0000"}}"#);
    assert_eq!(reply(Some(id), &Ok(ack)), acked);
    let busy = reply(Some(id), &Err(Refusal::Busy { retry_after_s: 2 }));
    let sentence = "Very many people are writing just now. Please keep your words; try again in 2 seconds.";
    let refused =
        format!(r#"{{"type":"refused","id":"{ID}","code":"busy","reason":"{sentence}","retry_after_s":2}}"#);
    assert_eq!(busy, refused);
    let nobody: Value = serde_json::from_str(&reply(None, &Err(Refusal::NotUtf8))).unwrap();
    assert_eq!((&nobody["id"], &nobody["retry_after_s"]), (&Value::Null, &Value::Null));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(bytes: Vec<u8>) {
        let _ = parse_json(&bytes);
        let _ = parse_form(&bytes);
    }

    #[test]
    fn words_come_through_both_ways_as_they_were_typed(words in "\\PC{1,200}") {
        let Ok(parsed) = ContributionText::parse(&words) else { return Ok(()) };
        let read = parse(&json!({ "id": ID, "text": words })).unwrap();
        proptest::prop_assert_eq!(read.command.words(), Some(&parsed));
        let escaped: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let posted = parse_form(format!("id={ID}&text={escaped}").as_bytes());
        proptest::prop_assert_eq!(posted, Ok(read));
    }
}

#[test]
fn a_ballot_is_numbers_with_commas_between_them() {
    let cast =
        |choice: Value| parse(&json!({"type": "cast-ballot", "id": ID, "poll": OTHER, "choice": choice}));
    let marked = |choice: Value| match cast(choice).map(|frame| frame.command) {
        Ok(domain::Command::CastBallot(ballot)) => ballot.choice,
        other => panic!("{other:?}"),
    };
    assert_eq!(marked(json!(2)), [2]);
    assert_eq!(marked(json!(" 3, 1 ,2 ")), [3, 1, 2]);
    let twelve = "1,2,3,4,5,6,7,8,9,10,11,12";
    assert_eq!(marked(json!(twelve)).len(), 12);
    for bad in [json!("1;2"), json!(""), json!("1,"), json!("256"), json!(-1), json!(format!("{twelve},1"))] {
        assert!(cast(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn the_options_of_a_poll_are_one_to_a_line() {
    let poll = json!({"type": "open-poll", "id": ID, "question": "Which?", "method": "rank",
        "options": "Night buses\r\n\n Fares \n"});
    let Ok(domain::Command::OpenPoll(poll)) = parse(&poll).map(|frame| frame.command) else { panic!() };
    let options: Vec<_> = poll.options.iter().map(domain::OptionText::as_str).collect();
    assert_eq!(options, ["Night buses", "Fares"]);
    assert_eq!((poll.poll.0.to_string().as_str(), poll.lag_s), (ID, 30));
}
