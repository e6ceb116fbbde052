//! What the registry and docs.rs are told.

use crate::{PUBLISHED, repository};
use std::fs;
use toml::{Table, Value};

fn manifest(name: &str) -> Table {
    let text = fs::read_to_string(repository(name).join("Cargo.toml")).expect("it has a manifest");
    text.parse().expect("it is TOML")
}

/// What is wrong with the settings for docs.rs. `off` replaces the types that users look up by
/// empty ones.
fn fault(manifest: &Table) -> Option<String> {
    let has_off = manifest
        .get("features")
        .is_some_and(|features| features.get("off").is_some());
    let settings = manifest
        .get("package")?
        .get("metadata")
        .and_then(|all| all.get("docs")?.get("rs"));
    let settings = settings?;
    if has_off && settings.get("all-features").and_then(Value::as_bool) == Some(true) {
        return Some("`all-features` switches on `off`".to_owned());
    }
    let features = settings.get("features").and_then(Value::as_array);
    let names_off =
        features.is_some_and(|all| all.iter().any(|feature| feature.as_str() == Some("off")));
    names_off.then(|| "docs.rs is asked for `off`".to_owned())
}

#[test]
fn docs_rs_shows_the_types_that_count() {
    for name in PUBLISHED {
        assert_eq!(fault(&manifest(name)), None, "{name}");
    }
}

#[test]
fn off_is_refused_where_it_would_be_shown() {
    let manifest = |settings: &str| -> Table {
        let text =
            format!("[package]\n[features]\noff = []\n[package.metadata.docs.rs]\n{settings}");
        text.parse().expect("it is TOML")
    };
    assert!(fault(&manifest("all-features = true")).is_some());
    assert!(fault(&manifest("features = [\"axum\", \"off\"]")).is_some());
    assert!(fault(&manifest("features = [\"axum\"]")).is_none());
}

#[test]
fn the_registry_has_what_it_shows() {
    for name in PUBLISHED {
        let manifest = manifest(name);
        let package = &manifest["package"];
        for key in [
            "description",
            "license",
            "keywords",
            "categories",
            "documentation",
            "readme",
        ] {
            assert!(package.get(key).is_some(), "{name} has no `{key}`");
        }
        let readme = package["readme"].as_str().expect("it is a path");
        let text = fs::read_to_string(repository(name).join(readme)).expect("it is there");
        assert!(text.starts_with(&format!("# {name}\n")), "{name}: {readme}");
    }
}
