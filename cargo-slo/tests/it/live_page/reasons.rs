//! Every reason is in the words of the page's language.

use super::sample::shop;
use cargo_slo::{
    document::Language,
    live::{
        page::page,
        view::{Never, Refusal, Refused, Remark, View, WouldPage},
    },
};
use scraper::{ElementRef, Html};
use std::collections::BTreeSet;

fn text(text: &str) -> String {
    text.to_owned()
}

fn refusals() -> Vec<Refusal> {
    let found = text("application/zip");
    vec![
        Refusal::OtherHost,
        Refusal::OtherSite,
        Refusal::Method {
            method: text("PUT"),
        },
        Refusal::ContentType {
            found: found.clone(),
        },
        Refusal::Compression { found },
        Refusal::PathTwice,
        Refusal::NoPath,
        Refusal::OtherPath,
        Refusal::TooLong { limit: 16 },
        Refusal::TooMany { limit: 500_000 },
        Refusal::NotGzip,
        Refusal::NotOneMessage,
        Refusal::NotProtobuf,
        Refusal::NotJson {
            error: text("expected value at line 1 column 1"),
        },
        Refusal::Attributes,
        Refusal::NotACount,
        Refusal::Series,
        Refusal::Processes,
    ]
}

fn remarks() -> Vec<Remark> {
    let service = || text("orders");
    vec![
        Remark::ShortestWindow { seconds: 2 },
        Remark::TracesDropped,
        Remark::TracesForwarded,
        Remark::Forwarded {
            address: text("http://collector:4318"),
            passed: 1,
            failed: 2,
            dropped: 3,
            why: None,
        },
        Remark::Forwarded {
            address: text("http://collector:4318"),
            passed: 1,
            failed: 2,
            dropped: 3,
            why: Some(text("it answers 503 Service Unavailable")),
        },
        Remark::SlowExports {
            service: service(),
            seconds: 60,
        },
        Remark::Differences { service: service() },
        Remark::NoInstance { service: service() },
        Remark::NoName { service: service() },
        Remark::Overflow { exports: 4 },
        Remark::OtherDefinitions {
            service: service(),
            parts: vec![text("checkout"), text("checkout/pay")],
        },
    ]
}

/// A shop in which everything has each of its reasons.
fn everything() -> View {
    let mut view = shop();
    view.refused = refusals()
        .into_iter()
        .map(|why| Refused {
            count: 2,
            last: view.at,
            what: text("POST /v1/metrics"),
            why,
            mend: None,
        })
        .collect();
    view.remarks = remarks();
    let slos = view.services[1].journeys.iter_mut();
    let slo = slos.flat_map(|journey| &mut journey.slos).next().unwrap();
    slo.would_page = WouldPage::Never {
        why: Never::NoAlert,
    };
    view
}

/// Latin words of a Japanese page that are names of things, and not English.
const NAMES: [&str; 12] = [
    "Buffers", "English", "JSON", "MiB", "OTLP", "Protocol", "SLI", "SLO", "UTC", "cargo", "dev",
    "gRPC",
];

/// The Latin words of a page, without what others named and what is code.
fn latin(html: &str) -> BTreeSet<String> {
    const QUOTED: [&str; 6] = ["code", "bdi", "pre", "style", "script", "head"];
    let page = Html::parse_document(html);
    let mut words = BTreeSet::new();
    for node in page.tree.nodes() {
        let Some(text) = node.value().as_text() else {
            continue;
        };
        let mut around = node.ancestors().filter_map(ElementRef::wrap);
        if around.any(|element| QUOTED.contains(&element.value().name())) {
            continue;
        }
        let all = text.split(|c: char| !c.is_ascii_alphabetic());
        words.extend(all.filter(|word| word.len() > 1).map(str::to_owned));
    }
    words
}

#[test]
fn a_japanese_page_speaks_no_english() {
    let view = everything();
    let html = page(&view, Language::Japanese, Some("/stream"));
    let timelines = view.services.iter().flat_map(|service| &service.journeys);
    // What a picture says of a journey holds its name.
    let journeys: Vec<_> = timelines.map(|journey| journey.name.as_str()).collect();
    let strange: Vec<_> = latin(&html)
        .into_iter()
        .filter(|word| !NAMES.contains(&&**word) && !journeys.contains(&&**word) && word != "slo")
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
    let english = page(&view, Language::English, None);
    assert!(latin(&english).len() > 200, "{:?}", latin(&english).len());
}

#[test]
fn each_is_on_the_page_and_told_apart() {
    for language in [Language::English, Language::Japanese] {
        let html = page(&everything(), language, None);
        let page = Html::parse_document(&html);
        let said = |selector: &str| -> BTreeSet<String> {
            let selector = scraper::Selector::parse(selector).unwrap();
            let found = page.select(&selector);
            found
                .map(|element| element.text().collect::<String>().trim().to_owned())
                .filter(|text| text.chars().count() > 5)
                .collect()
        };
        let refused = said(".refused li > p:nth-child(2)");
        assert_eq!(refused.len(), refusals().len(), "{refused:#?}");
        let remarked = said("[aria-labelledby=remarks] li");
        assert_eq!(remarked.len(), remarks().len(), "{remarked:#?}");
    }
}

/// A recording is read back as it was.
#[test]
fn they_are_kept_as_values() {
    let view = everything();
    let json = serde_json::to_value(&view).unwrap();
    assert_eq!(json["refused"][9]["why"]["kind"], "too-many");
    assert_eq!(json["refused"][9]["why"]["limit"], 500_000);
    assert_eq!(serde_json::from_value::<View>(json).unwrap(), view);
}
