//! Texts that are meant to break the documents of `cargo slo doc`, in every field of the record
//! and of `slo.toml` that takes one; real parsers read what comes out.

use crate::fixtures::Sandbox;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use scraper::{Html, Node};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// Everything that ends, opens or turns something, in HTML, Markdown, YAML, PromQL or shells.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>'--></style></title></textarea>]]>&lt;&#60;&amp;",
    "| a | b |\n| --- | --- |\n| c | d |",
    "`code` ``two`` *em* **strong** ~~struck~~ _u_ __v__ $x$ $$y$$",
    "[link](javascript:alert(1)) ![i](https://evil.example/i.png) <https://evil.example>",
    "# not a heading\n\n- not a list\n> no quote\n---\n```\nno fence",
    "https://evil.example/a www.evil.example a@evil.example",
    "\u{202e}turned\u{2066}isolated\u{200f}",
    "{{ $labels.x }} ${var} %{if} {a=\"b\"}[5m] by (x) : - & * ! | > ' \" % @",
    "12. not a list either \\ \\| \\` \\<b\\>",
    "  spaces at both ends  ",
    "日本語の「名前」<b>と</b>🎉",
];

/// What a document shows of a text: marks that turn the direction are spelled out.
fn shown(text: &str) -> String {
    let mut shown = text.to_owned();
    for mark in ["202e", "2066", "200f"] {
        let c = char::from_u32(u32::from_str_radix(mark, 16).unwrap()).unwrap();
        shown = shown.replace(c, &format!("\\u{{{mark}}}"));
    }
    shown
}

/// Addresses that must not become links.
const ADDRESSES: [&str; 6] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.example/\" onclick=\"alert(1)",
    " vbscript:x",
];

/// Every text of the record and of `slo.toml`, made of these, each with a number to tell it.
struct Fields {
    told: Vec<String>,
    texts: Vec<&'static str>,
}

impl Fields {
    /// The next text.
    fn next(&mut self) -> String {
        let n = self.told.len();
        let hostile = self.texts[n % self.texts.len()];
        let text = match n % 2 {
            0 => format!("{hostile}{n}"),
            _ => format!("{n}{hostile}"),
        };
        self.told.push(text.clone());
        text
    }

    /// The next address: it stands alone, as it would be.
    fn address(&mut self, n: usize) -> String {
        let address = ADDRESSES[n % ADDRESSES.len()].to_owned();
        self.told.push(address.clone());
        address
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A service all of whose texts are hostile, as an export, a `slo.toml` and a catalogue, and these
/// texts; they are shifted by some places, so that over all rounds every field has every text.
fn inputs(round: usize) -> ([(&'static str, String); 6], Vec<String>) {
    let mut texts = HOSTILE.to_vec();
    texts.rotate_left(round);
    let mut f = Fields {
        told: Vec::new(),
        texts,
    };
    let export = json!({
        "format": 1, "generator": "test", "service": "a service <b>&\"'`|*",
        "records": [{
            "name": "place-order",
            "journey": {
                "name": "checkout", "title": f.next(), "user": f.next(), "owner": f.next(),
                "description": f.next(), "runbook": f.address(round),
                "objectives": {
                    "availability_ppb": 999_000_000,
                    "latency": [
                        {"name": "latency", "target_ppb": 990_000_000, "threshold_ns": 500_000_000}
                    ],
                    "window": "30d",
                },
                "hash": "0",
            },
            "objectives": {"availability_ppb": 999_500_000, "window": "30d"},
            "route": f.next(), "until": "headers", "good_status": [404], "bad_status": [429],
            "description": f.next(), "runbook": f.address(round + 1), "hash": "0",
            "source": {
                "package": "p", "version": "1", "module": "m", "function": "f", "file": "a.rs",
                "line": 1,
            },
        }],
    });
    let told = |f: &mut Fields| quoted(&f.next());
    let (tier, setting) = (told(&mut f), told(&mut f));
    let (vendor, journey) = (f.next(), f.next());
    // Both are told as one name.
    f.told.truncate(f.told.len() - 2);
    f.told.push(format!("{vendor}/{journey}"));
    let (vendor, journey) = (quoted(&vendor), quoted(&journey));
    // Either the service has a policy of its own, or it names one of the catalogue.
    let (policy, policies) = match round % 2 {
        0 => {
            let level = "[[budget-policy]]\nleft = \"50%\"\nthen = \"review\"\ntext";
            (format!("{level} = {}\n", told(&mut f)), String::new())
        }
        _ => {
            let [name, about, text] = [0; 3].map(|_| told(&mut f));
            let level = format!("{{ left = \"50%\", then = \"review\", text = {text} }}");
            let policies = format!("[{name}]\ndescription = {about}\nlevel = [{level}]\n");
            (format!("policy = {name}\n"), policies)
        }
    };
    let [
        about,
        owner,
        one,
        two,
        mitigation,
        reason,
        by,
        of,
        rule,
        on,
        why,
    ] = [0; 11].map(|_| told(&mut f));
    let toml = format!(
        "description = {about}\nowner = {owner}\ntier = {tier}\nburn-rates = {setting}\n{policy}\
         [[dependency]]\nkind = \"soft\"\nservice = {vendor}\njourney = {journey}\n\
         used-by = [{one}, {two}]\nmitigation = {mitigation}\nreason = {reason}\n\
         [[review]]\nslo = \"checkout.availability\"\nverdict = \"satisfying\"\n\
         date = 2026-05-01\nby = {by}\nof = {of}\n\
         [[exception]]\nrule = {rule}\non = {on}\nreason = {why}\n",
    );
    let condition = "{ severity = \"page\", budget = \"2%\", long = \"1h\", short = \"5m\" }";
    let [tier_about, vendor_owner] = [0; 2].map(|_| told(&mut f));
    let files = [
        ("hostile.slo.json", export.to_string()),
        ("slo.toml", toml),
        (
            "catalogue/tiers.toml",
            format!("[{tier}]\ndescription = {tier_about}\n"),
        ),
        (
            "catalogue/burn-rates.toml",
            format!("[{setting}]\ncondition = [{condition}]\n"),
        ),
        ("catalogue/policies.toml", policies),
        (
            "catalogue/vendors.toml",
            format!("[{vendor}]\nowner = {vendor_owner}\navailability = \"99.99%\"\n"),
        ),
    ];
    (files, f.told)
}

fn documents(round: usize) -> (String, String, Vec<String>) {
    let sandbox = Sandbox::new();
    let (files, told) = inputs(round);
    for (name, content) in files {
        sandbox.write(name, content);
    }
    let doc = "doc -o out --history none --catalog catalogue hostile.slo.json";
    sandbox.slo(doc).ok();
    let read = |ending: &str| {
        let path = sandbox
            .path("out")
            .join(format!("a service <b>&\"'`|*.slo.{ending}"));
        fs::read_to_string(path).unwrap()
    };
    (read("html"), read("md"), told)
}

/// The elements with their attributes that pages are made of, and nothing else.
fn vocabulary() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let tables = ["role", "scope", "class", "data-title"];
    let svg = ["class", "x", "y", "width", "height", "rx", "d", "id"];
    let mut all = BTreeMap::new();
    let mut add = |names: &[&'static str], attributes: &[&'static str]| {
        for name in names {
            all.insert(*name, attributes.iter().copied().collect());
        }
    };
    add(&["html"], &["lang"]);
    add(
        &[
            "head", "style", "header", "h1", "ul", "li", "dl", "dt", "dd", "strong",
        ],
        &[],
    );
    add(&["code", "footer", "caption", "body", "figcaption"], &[]);
    add(&["bdi"], &[]);
    add(&["meta"], &["charset", "name", "content", "http-equiv"]);
    add(&["link"], &["rel", "href"]);
    add(&["title", "desc"], &["id"]);
    add(&["a"], &["href", "rel", "class"]);
    add(&["p"], &["class", "aria-hidden"]);
    add(&["nav"], &["aria-label"]);
    add(&["main"], &["id", "tabindex"]);
    add(&["section"], &["id", "class", "aria-labelledby"]);
    add(&["h2", "h3", "h4", "h5"], &["id"]);
    add(&["div"], &["class"]);
    add(&["span"], &["class", "title", "aria-hidden", "lang"]);
    add(&["figure"], &["class", "role", "aria-label", "tabindex"]);
    add(&["table", "thead", "tbody", "tr", "th", "td"], &tables);
    add(
        &["svg"],
        &["viewBox", "width", "height", "role", "aria-labelledby"],
    );
    add(&["g", "rect", "path", "text"], &svg);
    all
}

#[test]
fn html_holds_texts_and_nothing_that_they_could_become() {
    let vocabulary = vocabulary();
    let mut compared = 0;
    for round in 0..HOSTILE.len() {
        let (html, _, told) = documents(round);
        let page = Html::parse_document(&html);
        assert!(page.errors.is_empty(), "{:?}", page.errors);
        let mut texts = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for node in page.tree.nodes() {
            match node.value() {
                Node::Element(element) => {
                    let Some(known) = vocabulary.get(element.name()) else {
                        panic!("round {round}: an element <{}>", element.name());
                    };
                    for (name, value) in element.attrs() {
                        assert!(
                            known.contains(name),
                            "<{} {name}={value:?}>",
                            element.name()
                        );
                        let is_link = name == "href";
                        let is_ours = value.starts_with('#') || value == "data:,";
                        assert!(!is_link || is_ours, "round {round}: a link to {value}");
                        assert!(
                            name != "id" || ids.insert(value.to_owned()),
                            "{value} twice"
                        );
                    }
                }
                Node::Comment(comment) => panic!("a comment: {comment:?}"),
                _ => {}
            }
        }
        for named in ["bdi", "code"] {
            let selector = scraper::Selector::parse(named).unwrap();
            texts.extend(
                page.select(&selector)
                    .map(|found| found.text().collect::<String>()),
            );
        }
        for text in &told {
            assert!(
                texts.contains(&shown(text)),
                "round {round}: {text:?} is not in {texts:#?}"
            );
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared}");
}

/// What a parser of Markdown reads: texts by block and cell, and what they are made of.
fn read(markdown: &str) -> (BTreeSet<String>, BTreeMap<String, usize>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let (mut texts, mut kinds) = (BTreeSet::new(), BTreeMap::new());
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options) {
        let kind = match &event {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                assert_eq!(*link_type, LinkType::Autolink, "{dest_url}");
                format!("link {dest_url}")
            }
            Event::Start(tag) => format!("{tag:?}")
                .split(['(', ' ', '{'])
                .next()
                .unwrap()
                .to_owned(),
            // An empty comment parts what would be an address of mail.
            Event::InlineHtml(html) if &**html == "<!-- -->" => String::new(),
            Event::Html(html) | Event::InlineHtml(html) => format!("html {}", html.trim()),
            Event::Text(_) | Event::Code(_) | Event::End(_) => String::new(),
            other => format!("{other:?}")
                .split(['(', ' '])
                .next()
                .unwrap()
                .to_owned(),
        };
        if !kind.is_empty() {
            *kinds.entry(kind).or_default() += 1;
        }
        match event {
            Event::Text(part) | Event::Code(part) => text += &part,
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::Item,
            ) => {
                texts.insert(std::mem::take(&mut text));
            }
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            _ => {}
        }
    }
    (texts, kinds)
}

#[test]
fn markdown_holds_texts_and_nothing_that_they_could_become() {
    let mut made_of = BTreeSet::new();
    for round in 0..HOSTILE.len() {
        let (_, markdown, told) = documents(round);
        let (texts, kinds) = read(&markdown);
        let allowed = [
            "HtmlBlock",
            "Heading",
            "Paragraph",
            "List",
            "Item",
            "Strong",
            "Table",
            "TableHead",
            "TableRow",
            "TableCell",
            "BlockQuote",
            "Rule",
        ];
        for kind in kinds.keys() {
            let is_head = kind.starts_with("html <!-- Generated by cargo-slo ");
            assert!(
                is_head || allowed.contains(&&**kind),
                "round {round}: {kind}\n{markdown}"
            );
        }
        // The same blocks whatever the texts are.
        made_of.insert(kinds.into_iter().collect::<Vec<_>>());
        for text in &told {
            let is_there = texts.iter().any(|found| found.contains(&shown(text)));
            assert!(is_there, "round {round}: {text:?} is not in {texts:#?}");
        }
    }
    // One set with a policy of the service, one with a policy of the catalogue.
    assert_eq!(made_of.len(), 2, "{made_of:#?}");
}

/// The test can fail: what it looks for is found where nothing is escaped.
#[test]
fn the_parsers_see_what_is_not_escaped() {
    let (texts, kinds) = read(&format!("| a |\n| --- |\n| {} |\n", HOSTILE[0]));
    assert!(
        kinds.keys().any(|kind| kind.starts_with("html <script>")),
        "{kinds:?}"
    );
    assert!(!texts.contains(HOSTILE[0]));
    let page = Html::parse_document(&format!("<p>{}</p>", HOSTILE[0]));
    let script = scraper::Selector::parse("script, img").unwrap();
    assert_eq!(page.select(&script).count(), 2);
}
