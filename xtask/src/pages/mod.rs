//! The pages of `cargo slo doc` and `cargo slo dev` in a real browser: Chromium loads them without a network, at two
//! widths, light and dark, and on paper.
//!
//! A page fails where it logs anything, asks for anything, is wider than the screen, or breaks a
//! rule of axe-core, which knows what screen readers and keyboards need. Before that, a page that
//! does all of this has to fail for each reason: a judge that can't find anything is none.
//! Screenshots and PDFs are left in `target/pages` to be looked at.

mod axe;
mod chromium;
mod judge;
mod live;

use crate::{
    Outcome,
    command::{quietly, root},
    programs::slo,
};
use chromium::Chromium;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What the broken page has to be refused for.
const BROKEN: [&str; 8] = [
    "console",
    "exception",
    "asks for https://pages.example/missing.png",
    "wider than the screen",
    "axe: color-contrast",
    "axe: html-has-lang",
    "axe: heading-order",
    "skip",
];

/// Services that have together everything a document can show, and one whose texts are meant to
/// break something.
const SERVICES: [&str; 2] = ["cargo-slo/tests/it/fleet", "cargo-slo/tests/it/shop"];
const HOSTILE: &str = "tests/judges/definitions/hostile.slo.json";

/// Services of the fleet that are not looked at.
const OTHERS: [&str; 7] = [
    "gateway",
    "mail",
    "payments",
    "reports",
    "search",
    "settlement",
    "stock",
];

pub(crate) fn run() -> Outcome {
    let folder = root().join("target/pages");
    // A page of an earlier run is not to be mistaken for one of this.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let axe = axe::source(&folder)?;
    for language in ["en", "ja"] {
        generate(&folder, language)?;
    }
    let mut pages = pages(&folder)?;
    pages.extend(live::snapshots()?);
    let mut chromium = Chromium::start(&folder)?;
    has_japanese(&mut chromium)?;
    let broken = root().join("tests/judges/pages/broken.html");
    let found = judge::judge(&mut chromium, &broken, &axe, None)?;
    for expected in BROKEN {
        if !found.iter().any(|found| found.contains(expected)) {
            return Err(format!(
                "the broken page is not refused for `{expected}`, only for:\n{}",
                found.join("\n")
            ));
        }
    }
    eprintln!("  the broken page: refused for {} reasons", found.len());
    let mut refused = 0;
    for page in &pages {
        let found = judge::judge(&mut chromium, page, &axe, Some(&folder))?;
        let name = page.file_name().unwrap_or_default().display();
        match found.is_empty() {
            true => eprintln!("  {name}: ok"),
            false => eprintln!("  {name}:\n    {}", found.join("\n    ")),
        }
        refused += found.len();
    }
    live::check(&mut chromium, &folder)?;
    match refused {
        0 => Ok(()),
        n => Err(format!("{n} complaints about {} pages", pages.len())),
    }
}

/// Documents of the fleet, of the shop, and of the hostile definition.
fn generate(folder: &Path, language: &str) -> Outcome {
    for services in SERVICES {
        let services = root().join(services);
        let mut doc = slo_doc(folder, language)?;
        doc.arg("--catalog").arg(services.join("catalogue"));
        doc.arg("--slo-toml").args(files(&services, ".toml")?);
        doc.arg("--export").args(files(&services, ".slo.json")?);
        quietly(&mut doc)?;
    }
    quietly(slo_doc(folder, language)?.arg(root().join(HOSTILE))).map(drop)
}

fn slo_doc(folder: &Path, language: &str) -> Result<Command, String> {
    let mut doc = slo()?;
    doc.args(["doc", "--format", "html", "--history", "none"]);
    doc.args(["--lang", language, "-o"]).arg(folder);
    Ok(doc)
}

fn pages(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let all = files(folder, ".html")?;
    let shown = all.into_iter().filter(|page| {
        let name = page.file_name().unwrap_or_default().to_string_lossy();
        // The others of the fleet show nothing that these do not.
        !OTHERS.iter().any(|other| name.starts_with(other))
    });
    let pages: Vec<_> = shown.collect();
    match pages.len() {
        8 => Ok(pages),
        n => Err(format!(
            "expected 8 pages in {}, found {n}",
            folder.display()
        )),
    }
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.display().to_string().ends_with(ending))
        .collect();
    files.sort();
    Ok(files)
}

/// A font for Japanese is there: without one, its screenshots would show boxes, and no check
/// would tell.
fn has_japanese(chromium: &mut Chromium) -> Outcome {
    let differ = chromium.evaluate(
        "(() => { const c = document.createElement('canvas').getContext('2d'); \
         c.font = '40px sans-serif'; const drawn = t => { c.clearRect(0, 0, 99, 99); \
         c.fillText(t, 0, 50); return String(c.getImageData(0, 0, 60, 60).data); }; \
         return drawn('\u{53ef}') !== drawn('\u{7528}'); })()",
    )?;
    match differ.as_bool() {
        Some(true) => Ok(()),
        _ => Err("no font shows Japanese; Debian's package `fonts-noto-cjk` does".to_owned()),
    }
}
