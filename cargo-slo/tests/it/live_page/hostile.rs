//! Texts that are meant to become something else.

use super::{
    STREAM,
    sample::{empty, shop},
};
use cargo_slo::{
    document::Language,
    live::{page::page, view::View},
};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use scraper::{Html, Node};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const HOSTILE: [&str; 16] = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "</title></style></main></body></html><h1>",
    "<!-- ",
    "-->",
    "]]>",
    "<noscript><p title=\"</noscript>",
    "&lt;b&gt; &#60;i&#62; &amp",
    "\u{202e}evil\u{202c} \u{2066}bidi\u{2069}",
    "\0\u{1b}[31mred\u{7}\r\n\tnext\ndata: <main>\n\nevent: x",
    "{n} {time} `code` {service}",
    "javascript:alert(1)",
    "可用性 עברית ندى 👩‍👩‍👧",
    "",
    "#[slo(journey = \"x\")]\n##[group]",
];

/// Random numbers whose seed is printed where a test fails.
struct Random(TestRng);

impl Random {
    fn new(seed: u64) -> Random {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Random(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    fn below(&mut self, n: usize) -> usize {
        self.0.next_u64() as usize % n
    }

    fn text(&mut self) -> String {
        match self.below(12) {
            0 => HOSTILE[self.below(HOSTILE.len())].repeat(1 + self.below(60)),
            1 => (0..self.below(40))
                .filter_map(|_| char::from_u32(self.0.next_u32() % 0x11_0000))
                .collect(),
            _ => (0..=self.below(3))
                .map(|_| HOSTILE[self.below(HOSTILE.len())])
                .collect(),
        }
    }
}

/// What the program itself reads from a text.
const WORDS: [&str; 5] = ["target", "state", "outcome", "severity", "kind"];

/// What is not a count: lengths of time, and what tells events apart.
const LENGTHS: [&str; 4] = ["secs", "nanos", "minutes", "number"];

/// Puts hostile texts in the place of all texts of a view, and hostile numbers in that of some.
fn spoiled(value: &mut Value, key: &str, random: &mut Random, told: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if !WORDS.contains(&key) => {
            // Names that tell siblings apart stay different.
            let unique = random.below(usize::MAX).to_string();
            *text = match key {
                "name" | "instance" => format!("{}{unique}", random.text()),
                _ => random.text(),
            };
            told.insert(text.clone());
        }
        Value::Number(_) if random.below(20) == 0 && !LENGTHS.contains(&key) => {
            let is_whole = value.is_u64();
            *value = match (is_whole, random.below(4)) {
                (true, 0) => u64::MAX.into(),
                (true, _) => 0.into(),
                (false, 0) => (-1e300).into(),
                (false, 1) => 1e300.into(),
                (false, _) => (-0.0).into(),
            };
        }
        Value::Array(values) => {
            if random.below(8) == 0 {
                let kept = random.below(values.len() + 1);
                if values.iter().all(Value::is_object) {
                    values.truncate(kept);
                }
            }
            for value in values {
                spoiled(value, key, random, told);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                spoiled(value, key, random, told);
            }
        }
        _ => {}
    }
}

/// Elements with their attributes, of pages without hostile texts.
fn vocabulary() -> BTreeMap<String, BTreeSet<String>> {
    let pages = [shop(), empty()].map(|view| {
        let html = page(&view, Language::English, Some(STREAM));
        Html::parse_document(&html)
    });
    let mut known = BTreeMap::<String, BTreeSet<String>>::new();
    for node in pages.iter().flat_map(|page| page.tree.nodes()) {
        if let Node::Element(element) = node.value() {
            let attributes = element.attrs().map(|(name, _)| name.to_owned());
            known
                .entry(element.name().to_owned())
                .or_default()
                .extend(attributes);
        }
    }
    known
}

fn examine(seed: u64, html: &str, known: &BTreeMap<String, BTreeSet<String>>) {
    let page = Html::parse_document(html);
    assert!(page.errors.is_empty(), "seed {seed}: {:?}", page.errors);
    let mut ids = BTreeSet::new();
    let mut scripts = 0;
    for node in page.tree.nodes() {
        match node.value() {
            Node::Comment(comment) => panic!("seed {seed}: a comment: {comment:?}"),
            Node::Element(element) => {
                let Some(attributes) = known.get(element.name()) else {
                    panic!("seed {seed}: an element <{}>", element.name());
                };
                scripts += usize::from(element.name() == "script");
                for (name, value) in element.attrs() {
                    assert!(
                        attributes.contains(name),
                        "seed {seed}: <{} {name}={value:?}>",
                        element.name()
                    );
                    let is_link = name == "href";
                    let is_ours = value.starts_with('#')
                        || value == "data:,"
                        || value.starts_with("?lang=")
                        || value.starts_with("http://localhost:16686/trace/");
                    assert!(!is_link || is_ours, "seed {seed}: a link to {value}");
                    assert!(
                        name != "id" || ids.insert(value.to_owned()),
                        "seed {seed}: {value} twice"
                    );
                }
            }
            _ => {}
        }
    }
    assert_eq!(scripts, 1, "seed {seed}");
    for character in html.chars() {
        let is_seen = !character.is_control() || character == '\n';
        let is_bidi = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(is_seen && !is_bidi, "seed {seed}: {character:?}");
    }
    // Links within the page lead somewhere.
    let selector = scraper::Selector::parse("a[href^='#']").unwrap();
    for link in page.select(&selector) {
        let target = &link.attr("href").unwrap()[1..];
        assert!(ids.contains(target), "seed {seed}: #{target} is nowhere");
    }
}

#[test]
fn no_text_becomes_anything_but_text() {
    let known = vocabulary();
    let harmless = serde_json::to_value(shop()).unwrap();
    let mut told = BTreeSet::new();
    let first = std::env::var("SEED").map_or(0, |seed| seed.parse().unwrap());
    for seed in first..first + 40 {
        let mut value = harmless.clone();
        let mut random = Random::new(seed);
        spoiled(&mut value, "", &mut random, &mut told);
        let view: View = serde_json::from_value(value).unwrap();
        for language in [Language::English, Language::Japanese] {
            examine(seed, &page(&view, language, Some(STREAM)), &known);
        }
    }
    assert!(told.len() > 2000, "{}", told.len());
}

/// A huge text doesn't make a huge page.
#[test]
fn the_page_stays_small() {
    let mut view = shop();
    let huge = "x".repeat(1 << 20);
    let event = view.events[0].clone();
    view.events = vec![event; 300];
    for event in &mut view.events {
        event.endpoint.clone_from(&huge);
        event.reason = Some(huge.clone());
    }
    let html = page(&view, Language::English, None);
    assert!(html.len() < 500_000, "{}", html.len());
    assert_eq!(html.matches("<tr id=\"event.").count(), 200);
}

/// The examination can fail.
#[test]
fn what_is_not_escaped_is_seen() {
    let html = page(&shop(), Language::English, Some(STREAM));
    let known = vocabulary();
    for text in [
        "<img src=x>",
        "<b onclick=x>",
        "<!-- x -->",
        "<a href=\"javascript:x\">",
    ] {
        let broken = html.replacen("team-orders", text, 1);
        assert_ne!(broken, html);
        let found = std::panic::catch_unwind(|| examine(0, &broken, &known));
        assert!(found.is_err(), "{text}");
    }
}
