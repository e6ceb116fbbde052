//! The page of `cargo slo dev`: what it shows, and that nothing else gets into it.
//!
//! After a change that is meant, `UPDATE_SNAPSHOTS=1 cargo test -p cargo-slo --test it live_page`
//! writes the pages in `tests/it/snapshots/live` again; `cargo xtask pages` looks at those.

mod hostile;
mod numbers;
mod reasons;
mod sample;

use crate::fixtures::repository;
use cargo_slo::{
    document::Language,
    live::{
        page::{main, page},
        view::View,
    },
};
use sample::{empty, shop};
use std::fs;

const STREAM: &str = "/stream";

fn compare(name: &str, text: &str) {
    let path = repository("cargo-slo/tests/it/snapshots/live").join(name);
    let text = text.replace(
        concat!("cargo-slo ", env!("CARGO_PKG_VERSION")),
        "cargo-slo VERSION",
    );
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    } else {
        let expected = fs::read_to_string(&path).unwrap();
        assert_eq!(text, expected, "{name}");
    }
}

#[test]
fn english() {
    compare("shop-en.html", &page(&shop(), Language::English, None));
    compare("empty-en.html", &page(&empty(), Language::English, None));
}

#[test]
fn japanese() {
    compare("shop-ja.html", &page(&shop(), Language::Japanese, None));
    compare("empty-ja.html", &page(&empty(), Language::Japanese, None));
}

/// What comes after the page that is kept: a second in which something is better, something
/// worse, a journey and an event are new, and refusals gone.
fn later() -> View {
    let mut later = shop();
    later.at += 1000;
    later.refused.clear();
    let orders = &mut later.services[1];
    orders.lost = 0;
    orders.journeys[2].steps[0].in_flight = 4;
    let mut new = orders.journeys[1].clone();
    new.name = "b2b".to_owned();
    new.slos[0].id = "orders/b2b.availability".to_owned();
    orders.journeys.insert(1, new);
    let mut event = later.events[0].clone();
    event.number += 1;
    later.events.insert(0, event);
    later
}

#[test]
fn live() {
    compare(
        "live-en.html",
        &page(&shop(), Language::English, Some(STREAM)),
    );
    compare("live-en.main", &main(&later(), Language::English));
}

/// What replaces the main part is the main part of the page.
#[test]
fn an_update_is_the_main_part() {
    let main = main(&shop(), Language::Japanese);
    assert!(main.starts_with("<main ") && main.ends_with("</main>\n"));
    assert!(page(&shop(), Language::Japanese, None).contains(&main));
}
