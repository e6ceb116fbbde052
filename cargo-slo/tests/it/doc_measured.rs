//! What the document says of what was counted: that nobody measured something is not health.

use crate::fixtures::{Sandbox, elf, endpoint, record, sentinel};
use serde_json::{Value, json};

fn history() -> Value {
    let ended = |endpoint: &str, result: &str, count: u64| {
        json!({"journey": "checkout",
        "endpoint": endpoint, "result": result, "count": count})
    };
    json!({
        "format": 1, "until": "2026-05-31", "step_days": 90,
        "services": {"orders": {
            "events": [{"journey": "checkout", "endpoint": "cart", "sli": "availability",
                "good": [9_000], "bad": [1]}],
            "results": [
                ended("cart", "ok", 9_000),
                ended("cart", "server_error", 1),
                ended("pay", "outside_layer", 1_200),
                ended("ship", "ok", 5),
                ended("ship", "outside_layer", 10),
            ],
            "unannotated": [
                {"route": "/admin", "count": 300,
                    "outcomes": {"good": 250, "bad": 50, "excluded": 0}},
                {"route": "/<b>|`x`", "count": 70},
                {"route": "_other", "count": 7,
                    "outcomes": {"good": 0, "bad": 0, "excluded": 7}},
                {"route": "_unmatched", "count": 4_000,
                    "outcomes": {"good": 0, "bad": 0, "excluded": 4_000}},
            ],
        }},
    })
}

fn sandbox(history: &Value) -> Sandbox {
    let sandbox = Sandbox::new();
    let records = ["cart", "pay", "rest", "ship"].map(|name| record(&endpoint(name)));
    let all: Vec<_> = std::iter::once(sentinel()).chain(records).collect();
    let all: Vec<&[u8]> = all.iter().map(|record| &**record).collect();
    sandbox.write("orders", elf(&all));
    sandbox.write("history.json", history.to_string());
    sandbox
}

fn document(sandbox: &Sandbox, more: &str) -> String {
    let run = sandbox.slo(&format!("doc --history none {more} --bin orders"));
    run.ok().out
}

/// The lines from one to the next that begins like this.
fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text
        .find(from)
        .unwrap_or_else(|| panic!("{from} is not in {text}"));
    let text = &text[start..];
    &text[..text.find(to).unwrap_or(text.len())]
}

#[test]
fn what_is_not_measured_is_said_at_a_glance_and_by_endpoint() {
    let text = document(&sandbox(&history()), "--measured history.json");
    assert!(
        text.contains("✗ not measured: `checkout/pay`, `checkout/ship`"),
        "{text}"
    );
    let measured = part(&text, "## What was measured", "## How");
    for line in [
        "Counted in 90\u{a0}days until 2026-05-31.",
        "What is not measured is not good: no layer saw how the answers of `checkout/pay`, \
         `checkout/ship` ended, so they are in no SLI, and their error budget is not known, however \
         full it looks.",
        "| `checkout/cart` | ✓ measured | 9,001 | 0 |",
        "| `checkout/pay` | ✗ not measured | 1,200 | 1,200 |",
        "| `checkout/rest` | ○ no event | 0 | 0 |",
        "| `checkout/ship` | ✗ not measured as a whole | 15 | 10 |",
        "370 requests, at least 50 failures, on routes that no annotation covers: nothing is promised about \
         them, and no alert tells of them. Nobody served 4,000 requests more.",
        "| `/admin` | 300 | 50 |",
        "| 70 | not known |",
    ] {
        assert!(measured.contains(line), "{line} is not in {measured}");
    }
    assert!(!measured.contains("all others"), "{measured}");
}

#[test]
fn the_same_in_japanese() {
    let text = document(&sandbox(&history()), "--lang ja --measured history.json");
    assert!(
        text.contains("✗ 計測されていない：`checkout/pay`、`checkout/ship`"),
        "{text}"
    );
    for line in [
        "2026\u{a0}年\u{a0}5\u{a0}月\u{a0}31\u{a0}日までの 90\u{a0}日の計測結果です。",
        "| `checkout/ship` | ✗ 一部が計測されていない | 15 | 10 |",
        "アノテーションのないルートへのリクエストは 370\u{a0}件（うち失敗：少なくとも 50\u{a0}件）です。",
        "リクエストが 4,000\u{a0}件あります。",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
}

#[test]
fn without_a_history_nothing_is_called_good() {
    let sandbox = sandbox(&json!({"format": 1, "until": "2026-05-31", "step_days": 90,
        "services": {}}));
    let text = document(&sandbox, "");
    assert!(text.contains("○ not known"), "{text}");
    assert!(
        text.contains("says what is promised and not whether it is kept"),
        "{text}"
    );
    let text = document(&sandbox, "--measured history.json");
    assert!(text.contains("○ not known"), "{text}");
    assert!(text.contains("knows nothing of this service"), "{text}");
    let mut idle = history();
    idle["services"]["orders"]["results"] = json!([]);
    idle["services"]["orders"]["unannotated"] = json!([]);
    sandbox.write("history.json", idle.to_string());
    let text = document(&sandbox, "--measured history.json");
    assert!(text.contains("○ no event"), "{text}");
    assert!(text.contains("Every request that was served"), "{text}");
    sandbox
        .slo("doc --measured none.json --bin orders")
        .failed(&["can't be read", "--> none.json"]);
}

/// Every mix of what a layer saw and did not: only what was seen as a whole is in order.
#[test]
fn only_what_was_seen_as_a_whole_is_in_order() {
    for (seen, unseen, state) in [
        (0, 0, "○ no event"),
        (5, 0, "✓ measured"),
        (0, 5, "✗ not measured"),
        (5, 1, "✗ not measured as a whole"),
        (1, 5, "✗ not measured as a whole"),
    ] {
        for result in ["ok", "server_error", "client_error"] {
            let mut counted = history();
            counted["services"]["orders"]["results"] = json!([
                {"journey": "checkout", "endpoint": "pay", "result": result, "count": seen},
                {"journey": "checkout", "endpoint": "pay", "result": "outside_layer",
                    "count": unseen},
            ]);
            let text = document(&sandbox(&counted), "--measured history.json");
            let line = format!(
                "| `checkout/pay` | {state} | {} | {unseen} |",
                seen + unseen
            );
            assert!(text.contains(&line), "{line} is not in {text}");
            assert_eq!(
                text.contains("error budget is not known"),
                unseen > 0,
                "{text}"
            );
        }
    }
}
