//! Every output for the example shop, compared with files in `tests/it/snapshots`.
//!
//! After a change that is meant, `UPDATE_SNAPSHOTS=1 cargo test -p cargo-slo --test it
//! snapshots` writes them again; what changed is then a part of the review.

use crate::fixtures::{Sandbox, repository};
use std::{collections::BTreeSet, fs, path::Path};

/// What the shop's services said when this was written: the exports are kept here, so that a
/// line that moves in the shop's source changes no snapshot.
const EXPORTS: &str = "cargo-slo/tests/it/shop";

fn snapshots_of(output: &str, exports: &[&str]) {
    let sandbox = Sandbox::new();
    let exports = exports.iter().map(|name| {
        let path = repository(EXPORTS).join(format!("{name}.slo.json"));
        path.to_str().unwrap().to_owned()
    });
    let exports: Vec<_> = exports.collect();
    sandbox
        .slo(&format!(
            "generate {output} -o out --export {}",
            exports.join(" ")
        ))
        .ok();
    let kept = repository("cargo-slo/tests/it/snapshots").join(output);
    let (generated, expected) = (names(&sandbox.path("out")), names(&kept));
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    if update {
        let _ = fs::remove_dir_all(&kept);
        fs::create_dir_all(&kept).unwrap();
    } else {
        assert_eq!(generated, expected, "files of {output}");
    }
    for name in generated {
        let text = fs::read_to_string(sandbox.path("out").join(&name)).unwrap();
        let text = text.replace(
            concat!("cargo-slo ", env!("CARGO_PKG_VERSION")),
            "cargo-slo VERSION",
        );
        if update {
            fs::write(kept.join(&name), text).unwrap();
        } else {
            let expected = fs::read_to_string(kept.join(&name)).unwrap();
            assert_eq!(text, expected, "{name}");
        }
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn alertmanager() {
    snapshots_of("alertmanager", &["shop-settlement"]);
}

#[test]
fn datadog() {
    snapshots_of("datadog", &["shop-orders", "shop-settlement"]);
}

#[test]
fn grafana() {
    snapshots_of("grafana", &["shop-settlement"]);
}

#[test]
fn openslo() {
    snapshots_of("openslo", &["shop-orders", "shop-settlement"]);
}

#[test]
fn pyrra() {
    snapshots_of("pyrra", &["shop-settlement"]);
}

#[test]
fn sloth() {
    snapshots_of("sloth", &["shop-orders", "shop-settlement"]);
}

#[test]
fn terraform() {
    snapshots_of("terraform", &["shop-orders", "shop-settlement"]);
}
