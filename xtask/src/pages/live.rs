//! The page of `cargo slo dev`: its snapshots are judged like documents; its script is tried with
//! a stream that the test fills.

use super::{chromium::Chromium, judge};
use crate::{Outcome, command::root};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the tests of `cargo-slo` keep.
const SNAPSHOTS: &str = "cargo-slo/tests/it/snapshots/live";

/// The page with its script, and a main part that changes something everywhere.
const PAGE: &str = "live-en.html";
const UPDATE: &str = "live-en.main";

/// A stream without a server, and a clipboard without a permission.
const STUBS: &str = "window.EventSource = class extends EventTarget { \
     constructor(address) { super(); this.address = address; window.stream = this; } }; \
     Object.defineProperty(navigator, 'clipboard', \
     { value: { writeText: async text => { window.copied = text; } } });";

/// The pages that need no script.
pub(super) fn snapshots() -> Result<Vec<PathBuf>, String> {
    let pages = super::files(&root().join(SNAPSHOTS), ".html")?;
    let pages: Vec<_> = pages
        .into_iter()
        .filter(|page| !page.ends_with(PAGE))
        .collect();
    match pages.len() {
        4 => Ok(pages),
        n => Err(format!("expected 4 pages in {SNAPSHOTS}, found {n}")),
    }
}

/// Tries the script; before that, a page whose policy does not know its script has to fail.
pub(super) fn check(chromium: &mut Chromium, folder: &Path) -> Outcome {
    let page = root().join(SNAPSHOTS).join(PAGE);
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let update = read(&root().join(SNAPSHOTS).join(UPDATE))?;
    let stubs = json!({"source": STUBS});
    let added = chromium.call("Page.addScriptToEvaluateOnNewDocument", &stubs)?;
    let foreign = folder.join("foreign-script.html");
    let changed = read(&page)?.replace("\"use strict\";", "\"use strict\"; ");
    fs::write(&foreign, changed).map_err(|error| format!("{}: {error}", foreign.display()))?;
    let found = complaints(chromium, &foreign, &update)?;
    if !found.iter().any(|found| found.contains("the script ran")) {
        return Err(format!(
            "a script that the policy does not know ran: {found:?}"
        ));
    }
    let found = complaints(chromium, &page, &update)?;
    chromium.call("Page.removeScriptToEvaluateOnNewDocument", &added)?;
    match found.is_empty() {
        true => {
            eprintln!("  {PAGE} with its script: ok");
            Ok(())
        }
        false => Err(format!("{PAGE}:\n    {}", found.join("\n    "))),
    }
}

/// What has to hold, in this order: what it is, what is done before, and the condition.
const STEPS: [(&str, &str, &str); 16] = [
    (
        "the script ran",
        "",
        "document.documentElement.className === 'scripted' && !!window.stream",
    ),
    (
        "it asked for the stream",
        "",
        "stream.address === '/stream'",
    ),
    (
        "the page says that it is live",
        "stream.dispatchEvent(new Event('open'))",
        "document.getElementById('status').textContent === 'live'",
    ),
    (
        "an update changes all of the main part, and no more",
        "window.details = document.querySelector('details[id^=intervals]'); details.open = true; \
         document.getElementById('show-is-bad').click(); \
         window.link = document.querySelector('.trace a'); link.focus(); \
         send(update)",
        "(() => { const now = main.cloneNode(true), next = parsed(update); \
         now.querySelectorAll('details').forEach(e => e.removeAttribute('open')); \
         return now.isEqualNode(next); })()",
    ),
    (
        "what was open stays open",
        "",
        "details.isConnected && details.open",
    ),
    (
        "what was chosen stays chosen",
        "",
        "document.getElementById('show-is-bad').checked",
    ),
    (
        "what was chosen is what is shown",
        "",
        "[...document.querySelectorAll('.events tbody tr')].every(e => \
         e.className.includes('is-bad') === (getComputedStyle(e).display !== 'none'))",
    ),
    (
        "the focus stays",
        "",
        "document.activeElement === link && link.isConnected",
    ),
    (
        "what is bad is announced",
        "",
        "announcements.textContent.includes('would alert now') && \
         !announcements.textContent.includes('refused') && document.title.startsWith('● ')",
    ),
    (
        "the same is not announced again",
        "window.said = 0; new MutationObserver(() => said++).observe(announcements, \
         { childList: true, characterData: true, subtree: true }); send(update)",
        "said === 0",
    ),
    (
        "nothing changes while it is paused",
        "document.getElementById('pause').click(); send(first)",
        "main.querySelector('#refused') === null && \
         document.getElementById('status').textContent === 'paused'",
    ),
    (
        "it goes on with the latest",
        "document.getElementById('pause').click()",
        "main.querySelector('#refused') !== null",
    ),
    (
        "nothing changes under a selection until it is left",
        "getSelection().selectAllChildren(main.querySelector('h3')); send(update); \
         window.kept = main.querySelector('#refused') !== null; getSelection().removeAllRanges()",
        "kept && main.querySelector('#refused') === null",
    ),
    (
        "a button copies what stands beside it",
        "main.querySelector('.paste .copy').click()",
        "copied === main.querySelector('.paste code').textContent && \
         announcements.textContent === 'Copied'",
    ),
    (
        "what was announced is not announced again after that",
        "send(update)",
        "announcements.textContent === 'Copied'",
    ),
    (
        "a lost connection is seen",
        "stream.dispatchEvent(new Event('error'))",
        "document.getElementById('status').className === 'lost'",
    ),
];

fn complaints(chromium: &mut Chromium, page: &Path, update: &str) -> Result<Vec<String>, String> {
    chromium.load(page)?;
    let setting = format!(
        "window.update = {}; window.main = document.querySelector('main'); \
         window.first = main.outerHTML; \
         window.announcements = document.getElementById('announcements'); \
         window.send = html => stream.dispatchEvent(new MessageEvent('message', \
         {{ data: JSON.stringify(html.split('\\n')) }})); \
         window.parsed = data => new DOMParser().parseFromString(data, 'text/html')\
         .querySelector('main'); undefined",
        Value::from(update)
    );
    chromium.evaluate(&setting)?;
    let mut found = Vec::new();
    for (what, action, condition) in STEPS {
        // What the script does after an event, it has done by then.
        let told = format!(
            "(async () => {{ {action}; for (let n = 0; n < 2; n++) \
             await new Promise(done => setTimeout(done, 50)); return {condition}; }})()"
        );
        if chromium.evaluate(&told)? != true {
            found.push(format!("it is not so that {what}"));
            // Nothing after it means anything.
            return Ok(found);
        }
    }
    judge::happened(chromium, page, &mut found);
    Ok(found)
}
