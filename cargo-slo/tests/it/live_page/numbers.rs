//! Every number of a view is on the page, once, where it belongs.

use super::sample::shop;
use cargo_slo::{
    document::Language,
    live::{page::page, view::View},
};
use scraper::{ElementRef, Html};
use serde_json::Value;
use std::collections::BTreeMap;

/// A number as it is written, with where it stands: the nearest place that has a name, and the
/// head of its cell.
type Found = BTreeMap<String, Vec<(String, String)>>;

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let (first, rest) = digits.split_at(digits.len() % 3);
    let rest = rest
        .as_bytes()
        .chunks(3)
        .map(|group| str::from_utf8(group).unwrap());
    let groups: Vec<_> = Some(first)
        .filter(|first| !first.is_empty())
        .into_iter()
        .chain(rest)
        .collect();
    groups.join(",")
}

/// All numbers with a comma: those that were put in.
fn found(html: &str) -> Found {
    let page = Html::parse_document(html);
    let mut found = Found::new();
    for node in page.tree.nodes() {
        let Some(text) = node.value().as_text() else {
            continue;
        };
        let ancestors: Vec<_> = node.ancestors().filter_map(ElementRef::wrap).collect();
        // What a picture says when pointed at stands in the table beside it, too.
        if ancestors
            .iter()
            .any(|element| element.value().name() == "svg")
        {
            continue;
        }
        let head = ancestors.iter().find_map(|element| {
            let value = element.value();
            value
                .attr("data-title")
                .or_else(|| value.attr("class"))
                .or(match value.name() {
                    "dd" => Some("fact"),
                    _ => None,
                })
        });
        let place = ancestors.iter().find_map(|element| {
            let value = element.value();
            let group = (value.name() == "tbody")
                .then(|| {
                    element
                        .descendent_elements()
                        .find_map(|inner| inner.attr("id"))
                })
                .flatten();
            group.or(value.attr("id")).or(value.attr("aria-labelledby"))
        });
        let words = text.split(|c: char| !c.is_ascii_digit() && c != ',');
        for number in words.filter(|word| word.len() > 4 && word.contains(',')) {
            let at = (
                place.unwrap_or_default().to_owned(),
                head.unwrap_or_default().to_owned(),
            );
            found.entry(number.to_owned()).or_default().push(at);
        }
    }
    found
}

/// What is not shown as a number of events.
const OTHERS: [&str; 13] = [
    "at", "secs", "nanos", "started", "seen", "last", "start", "receiver", "scale", "window",
    "minutes", "seconds", "number",
];

/// Puts a number of its own in the place of each count.
fn numbered(
    value: &mut Value,
    key: &str,
    next: &mut u64,
    put: &mut Vec<(u64, String)>,
    path: &str,
) {
    match value {
        Value::Number(number) if number.is_u64() && !OTHERS.contains(&key) => {
            *next += 7;
            put.push((*next, path.to_owned()));
            *value = (*next).into();
        }
        Value::Array(values) => {
            for (n, value) in values.iter_mut().enumerate() {
                numbered(value, key, next, put, &format!("{path}/{n}"));
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                numbered(value, key, next, put, &format!("{path}/{key}"));
            }
        }
        _ => {}
    }
}

/// The head below which a number of this path stands.
fn head(path: &str) -> &'static str {
    let fields: Vec<_> = path
        .split('/')
        .filter(|part| part.parse::<u64>().is_err())
        .collect();
    match &*fields {
        [.., "good"] => "Good",
        [.., "bad"] => "Bad",
        [.., "excluded"] => "Excluded",
        [.., "within"] => "Good in the last 10\u{a0}min",
        [.., "would-page", "events"] => "Would it alert?",
        [.., "results"] => "results",
        [.., "counts"] => "Events",
        [.., "restarts"] => "Counters restarted",
        [.., "in-flight"] => "quiet",
        [.., "refused", "count"] => "quiet",
        [.., "suppressed", "events"] => "results",
        [.., "suppressed"] => "Result",
        [.., "more-consumers"] => "quiet",
        ["", "remarks", ..] => "",
        [.., "lost" | "overflow"] => "spends",
        other => panic!("{other:?} is new: say where it stands"),
    }
}

/// What the name of the place has to begin with.
fn place(view: &View, path: &str) -> String {
    let parts: Vec<_> = path.split('/').skip(1).collect();
    let at = |n: usize| parts[n].parse::<usize>().unwrap();
    match &*parts {
        ["refused", ..] => "refused".to_owned(),
        ["events", ..] => format!("event.{}", view.events[at(1)].number),
        ["suppressed", ..] => "events".to_owned(),
        ["remarks", ..] => "remarks".to_owned(),
        ["services", _, "journeys", _, rest @ ..] => {
            let service = &view.services[at(1)];
            let journey = &service.journeys[at(3)];
            let step = |n: &str| &journey.steps[n.parse::<usize>().unwrap()].name;
            let names = format!("{}.{}", service.name, journey.name);
            match rest {
                ["timeline", ..] => format!("intervals.{names}"),
                ["consumers" | "more-consumers", ..] => format!("consumers.{names}"),
                ["steps", n, "durations", ..] => format!("durations.{names}.{}", step(n)),
                ["steps", n, ..] => format!("step.{names}.{}", step(n)),
                _ => format!("journey.{names}"),
            }
        }
        ["services", _, "processes", ..] => format!("processes.{}", view.services[at(1)].name),
        ["services", _, "unannotated", ..] => format!("unannotated.{}", view.services[at(1)].name),
        ["services", _, ..] => format!("service.{}", view.services[at(1)].name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_once_in_its_place() {
    let mut value = serde_json::to_value(shop()).unwrap();
    let mut put = Vec::new();
    numbered(&mut value, "", &mut 1_000_000, &mut put, "");
    let view: View = serde_json::from_value(value).unwrap();
    let found = found(&page(&view, Language::English, None));
    assert!(put.len() > 450, "{}", put.len());
    for (number, path) in &put {
        let places = found.get(&grouped(*number)).cloned().unwrap_or_default();
        let [(at, below)] = &*places else {
            // What none suppressed is said of no event.
            panic!(
                "{path} ({number}) is on the page {} times: {places:?}",
                places.len()
            );
        };
        assert_eq!(below, head(path), "{path}");
        let expected = place(&view, path);
        assert_eq!(*at, expected, "{path}");
    }
}

/// The numbers that are not counts, as people read them.
#[test]
fn shares_and_lengths() {
    let mut view = shop();
    let slo = &mut view.services[1].journeys[2].slos[0];
    slo.good_share = Some(0.123_45);
    slo.budget_left = Some(-1.234);
    slo.burn_rate = Some(6543.0);
    let step = &mut view.services[1].journeys[2].steps[0];
    step.durations.as_mut().unwrap().sum = 77.7;
    step.durations.as_mut().unwrap().bounds[0] = 0.0123;
    step.last_success = Some(61.0);
    step.interval = Some(7200.0);
    view.events[3].duration = Some(0.765_4);
    view.events[3].threshold = Some(0.321);
    for (language, expected) in [
        (
            Language::English,
            [
                "12.345%",
                "−123.4%",
                "6,543×",
                "Added up: 77.7 s.",
                ">12.3 ms<",
                "last success 61 s ago",
                "due every 2 h",
                ">765.4 ms ",
                "of 321 ms",
                "4,320 times as fast",
                "10 min here stand for 30 days there, one second for 72 min",
                "2026-11-29T14:05:30Z",
            ],
        ),
        (
            Language::Japanese,
            [
                "12.345%",
                "−123.4%",
                "6,543×",
                "合計：77.7 秒",
                ">12.3 ミリ秒<",
                "最後の成功は 61 秒前",
                "2 時間ごとに実行される予定",
                ">765.4 ミリ秒 ",
                "しきい値 321 ミリ秒",
                "4,320 倍の速さ",
                "10 分が本番の 30 日、1 秒が 72 分に相当",
                "2026-11-29T14:05:30Z",
            ],
        ),
    ] {
        let html = page(&view, language, None).replace('\u{a0}', " ");
        for text in expected {
            assert_eq!(html.matches(text).count(), 1, "{text}");
        }
    }
}
