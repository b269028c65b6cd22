//! The dependency policy of `.deny.toml`, checked with nothing but `cargo metadata`.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use super::{none, root, toml};

/// Every package that this platform's build may use, as cargo resolved them; nothing is downloaded for it.
fn packages() -> Vec<Value> {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &platform])
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let Value::Array(packages) = metadata["packages"].take() else {
        panic!("cargo metadata lists no packages")
    };
    packages
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

fn strings(value: &toml::Value) -> Vec<String> {
    value.as_array().unwrap().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Whether one may choose allowed licences only. Old manifests write `/` for `OR`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let (good, rest) = either(&words, allowed);
    good && rest.is_empty()
}

/// `OR` binds weakest, `AND` next, `WITH` strongest (SPDX specification, annex D).
fn either<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut good, mut rest) = both(words, allowed);
    while let ["OR", more @ ..] = rest {
        let (other, after) = both(more, allowed);
        (good, rest) = (good || other, after);
    }
    (good, rest)
}

fn both<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut good, mut rest) = one(words, allowed);
    while let ["AND", more @ ..] = rest {
        let (other, after) = one(more, allowed);
        (good, rest) = (good && other, after);
    }
    (good, rest)
}

fn one<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inner @ ..] => {
            let (good, rest) = either(inner, allowed);
            rest.split_first().map_or((false, rest), |(close, after)| (good && *close == ")", after))
        }
        [id, "WITH", exception, rest @ ..] => (allowed.contains(&format!("{id} WITH {exception}")), rest),
        [id, rest @ ..] => (allowed.contains(&(*id).to_owned()), rest),
        [] => (false, words),
    }
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for good in
        ["MIT", "GPL-2.0-only OR MIT", "GPL-3.0/MIT", "(MIT OR X) AND ISC", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-2.0-only", "MIT AND X", "Apache-2.0", "(MIT OR X) AND Y", "(MIT", "MIT MIT"] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}

#[test]
fn every_licence_is_a_permissive_one() {
    let allowed = strings(&toml(".deny.toml")["licenses"]["allow"]);
    let packages = packages();
    let others = packages.iter().filter(|package| !is_allowed(text(package, "license"), &allowed));
    none(others.map(|package| {
        let (name, version, licence) =
            (text(package, "name"), text(package, "version"), text(package, "license"));
        format!("{name} {version}: its licence `{licence}` is not in .deny.toml")
    }));
}

#[test]
fn everything_comes_from_the_one_registry() {
    let allowed = strings(&toml(".deny.toml")["sources"]["allow-registry"]);
    let known = |source: &str| allowed.iter().any(|registry| source == format!("registry+{registry}"));
    let packages = packages();
    let strangers =
        packages.iter().filter(|package| !package["source"].is_null() && !known(text(package, "source")));
    none(
        strangers.map(|package| format!("{}: comes from {}", text(package, "name"), text(package, "source"))),
    );
}

#[test]
fn no_big_crate_is_there_twice() {
    let policy = toml(".deny.toml");
    let big: Vec<_> = policy["bans"]["deny"].as_array().unwrap().iter().map(|entry| &entry["name"]).collect();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages() {
        versions
            .entry(text(&package, "name").to_owned())
            .or_default()
            .push(text(&package, "version").to_owned());
    }
    let twice = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    let twice = twice.filter(|(name, _)| big.iter().any(|big| big.as_str() == Some(name)));
    none(twice.map(|(name, versions)| format!("{name}: is built in versions {}", versions.join(" and "))));
}
