//! Which crate may know which, read from the manifests.

use super::{crates, members, none, toml};

/// Ours that a crate may depend on, in tests too. `plenary` and `tests` may know all of them.
const ARROWS: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("event-log", &[]),
    ("ingest", &["domain", "event-log"]),
    ("opinion", &[]),
    ("paper", &[]),
    ("projections", &["domain", "event-log", "opinion", "themes"]),
    ("themes", &[]),
    ("web", &["domain", "ingest", "projections"]),
];

/// Big crates and where they live; the `tests` crate may use any of them. `ingest` keeps `instance.db`.
const HOMES: [(&str, &[&str]); 10] = [
    ("anyhow", &["plenary"]),
    ("askama", &["web"]),
    ("async-nats", &["ingest"]),
    ("axum", &["ingest", "plenary", "web"]),
    ("axum-server", &["plenary"]),
    ("clap", &["plenary"]),
    ("lettre", &["plenary"]),
    ("rusqlite", &["event-log", "ingest", "projections"]),
    ("rust-embed", &["web"]),
    ("typst", &["paper"]),
];

/// Those that `domain` rests on, and no others.
const OF_DOMAIN: [&str; 3] = ["serde", "thiserror", "uuid"];

/// The names in all dependency tables of a manifest, those for one platform included.
fn dependencies(manifest: &toml::Table, tables: &[&str]) -> Vec<String> {
    let platforms = manifest.get("target").and_then(|targets| targets.as_table()).into_iter().flatten();
    let scopes = platforms.filter_map(|(_, scope)| scope.as_table()).chain([manifest]);
    let wanted = scopes.flat_map(|scope| tables.iter().filter_map(|table| scope.get(*table)?.as_table()));
    wanted.flat_map(|table| table.keys().cloned()).collect()
}

const ALL_TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Every crate of ours, with everything that it depends on.
fn edges() -> Vec<(String, String)> {
    let of = |name: &String| dependencies(&toml(format!("crates/{name}/Cargo.toml")), &ALL_TABLES);
    crates().iter().flat_map(|name| of(name).into_iter().map(|to| (name.clone(), to))).collect()
}

#[test]
fn no_crate_knows_another_that_it_should_not() {
    let ours = crates();
    let arrows = edges().into_iter().filter(|(from, to)| from != "plenary" && ours.contains(to));
    let wrong = arrows.filter(|(from, to)| {
        let (_, allowed) = ARROWS.iter().find(|(name, _)| name == from).unwrap_or_else(|| {
            panic!("crates/{from}: is new; say in tests/it/tidy/arrows.rs what it may know")
        });
        !allowed.contains(&to.as_str())
    });
    none(wrong.map(|(from, to)| format!("crates/{from}/Cargo.toml: `{from}` must not know `{to}`")));
}

#[test]
fn big_crates_stay_at_home() {
    let strays = edges().into_iter().filter(|(from, to)| {
        let home = HOMES.iter().find(|(name, _)| name == to);
        home.is_some_and(|(_, homes)| !homes.contains(&from.as_str()))
    });
    none(strays.map(|(from, to)| format!("crates/{from}/Cargo.toml: `{to}` does not live in `{from}`")));
}

#[test]
fn the_domain_rests_on_next_to_nothing() {
    let manifest = toml("crates/domain/Cargo.toml");
    let more = dependencies(&manifest, &["dependencies", "build-dependencies"]);
    let more = more.into_iter().filter(|name| !OF_DOMAIN.contains(&name.as_str()));
    none(more.map(|name| format!("crates/domain/Cargo.toml: `domain` does without `{name}`")));
}

#[test]
fn every_version_is_named_once_in_the_workspace() {
    none(members().into_iter().flat_map(|folder| {
        let file = format!("{folder}/Cargo.toml");
        let manifest = toml(&file);
        let tables = ALL_TABLES.iter().filter_map(|table| manifest.get(*table)?.as_table());
        let loose = tables
            .flatten()
            .filter(|(_, spec)| spec.get("workspace").and_then(toml::Value::as_bool) != Some(true));
        loose.map(|(name, _)| format!("{file}: `{name}` lacks `workspace = true`")).collect::<Vec<_>>()
    }));
}
