//! The two descriptions that the server gives out, as checks.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// AsyncAPI: what goes over the live feed.
pub(super) fn feed() -> &'static Value {
    static FEED: OnceLock<Value> = OnceLock::new();
    FEED.get_or_init(|| {
        serde_json::from_str(include_str!("../../../crates/web/assets/asyncapi.json")).unwrap()
    })
}

/// OpenAPI: what is asked and answered over HTTP.
pub(super) fn http() -> &'static Value {
    static HTTP: OnceLock<Value> = OnceLock::new();
    HTTP.get_or_init(|| {
        serde_json::from_str(include_str!("../../../crates/web/assets/openapi.json")).unwrap()
    })
}

pub(super) struct Schema(Validator);

impl Schema {
    pub(super) fn of_feed(name: &str) -> Self {
        Self::within(feed(), &json!({"$ref": format!("#/components/schemas/{name}")}))
    }

    pub(super) fn of_http(schema: &Value) -> Self {
        Self::within(http(), schema)
    }

    /// The references of a schema lead into the document that it stands in.
    fn within(document: &Value, schema: &Value) -> Self {
        let mut whole = schema.clone();
        whole["components"] = document["components"].clone();
        let options = jsonschema::options().should_validate_formats(true);
        Self(options.build(&whole).unwrap_or_else(|error| panic!("{schema}: {error}")))
    }

    #[track_caller]
    pub(super) fn check(&self, value: &Value) {
        let wrong: Vec<_> =
            self.0.iter_errors(value).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{value} is not as promised: {wrong:?}");
    }
}

/// Every frame that any test reads from a live feed is held to its schema.
pub(crate) fn check_frame(frame: &Value) {
    static FRAMES: OnceLock<std::collections::BTreeMap<String, Schema>> = OnceLock::new();
    let frames = FRAMES.get_or_init(|| {
        super::promised().into_iter().map(|name| (name.clone(), Schema::of_feed(&name))).collect()
    });
    let name = frame["type"].as_str().unwrap_or_default();
    frames
        .get(name)
        .unwrap_or_else(|| panic!("a frame of type {name:?} is promised nowhere: {frame}"))
        .check(frame);
}
