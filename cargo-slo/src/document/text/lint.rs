//! What every text has to keep.

use super::{Language, rules};
use std::collections::BTreeSet;

/// All texts of a table, as it is written for debugging: field by field.
pub(super) fn texts(language: Language) -> Vec<String> {
    let table = format!("{:?}", language.texts());
    let mut parts = table.split('"');
    let texts = parts.by_ref().skip(1).step_by(2);
    texts
        .map(|text| text.replace("\\u{a0}", "\u{a0}"))
        .collect()
}

/// The Latin words of Japanese readers.
const LATIN: [&str; 17] = [
    "Buffers",
    "CUJ",
    "DNS",
    "HTTP",
    "JSON",
    "MiB",
    "OTLP",
    "Prometheus",
    "Protocol",
    "SLA",
    "SLI",
    "SLO",
    "TLS",
    "UTC",
    "gRPC",
    "git",
    "xx",
];

/// What a number stands before, and a line must not end before.
const COUNTERS: [&str; 11] = [
    "件",
    "回",
    "日",
    "分",
    "秒",
    "時間",
    "月",
    "年",
    "円",
    "倍",
    "ルート",
];

/// Words that say something else to those who don't run the service: "any", "customer company",
/// "hopeless", and "not applicable" for a spent budget.
const MISLEADING: [&str; 4] = ["任意", "クライアント", "見込みがない", "不運"];

/// What is wrong with a Japanese text.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    // Names and what is filled in are not ours.
    let mut own = String::new();
    for (place, part) in text.split('`').enumerate() {
        own.push_str(if place % 2 == 0 { part } else { "_" });
    }
    let counted = own.clone();
    while let Some((start, rest)) = own.split_once('{') {
        let end = rest.split_once('}').map_or("", |(_, end)| end);
        own = format!("{start}_{end}");
    }
    let words: BTreeSet<&str> = own
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() > 1 && !LATIN.contains(word))
        .collect();
    if !words.is_empty() {
        faults.push(format!("Latin words: {words:?}"));
    }
    for mark in ["; ", ": ", ", ", ". ", "! ", "? ", " ("] {
        if own.contains(mark) {
            faults.push(format!("a mark of English: {mark:?}"));
        }
    }
    for counter in COUNTERS {
        let at = counted
            .match_indices(&format!(" {counter}"))
            .any(|(at, _)| counted[..at].ends_with(|c: char| c.is_ascii_digit() || c == '}'));
        if at {
            faults.push(format!("a line may end before {counter}"));
        }
    }
    let misleading = MISLEADING.iter().filter(|word| text.contains(**word));
    faults.extend(misleading.map(|word| format!("misleading: {word}")));
    faults
}

#[test]
fn japanese_is_japanese() {
    let texts = texts(Language::Japanese).into_iter();
    let texts = texts.chain(rules::japanese().map(str::to_owned));
    let faults: Vec<_> = texts
        .skip(1)
        .filter_map(|text| {
            let faults = faults(&text);
            (!faults.is_empty()).then(|| format!("{text}: {}", faults.join("; ")))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn faults_are_found() {
    for (text, fault) in [
        ("全ウィンドウの less than 0.1% で", "Latin words"),
        ("{a}: {b}", "a mark of English"),
        ("一つの答え; もう一つ", "a mark of English"),
        ("不良は {bad} 件まで", "a line may end before 件"),
        ("1 件も", "a line may end before 件"),
        ("任意の依存先", "misleading"),
        ("SLO (目標)", "a mark of English"),
    ] {
        let found = faults(text);
        assert!(
            found.iter().any(|found| found.starts_with(fault)),
            "{text}: {found:?}"
        );
    }
    for text in [
        "`cargo slo check` と HTTP 1xx〜3xx",
        "不良 {n}\u{a0}件",
        "上位 件数",
    ] {
        assert_eq!(faults(text), [""; 0], "{text}");
    }
}
