//! One page, judged.

use super::chromium::{Chromium, address};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Command};

/// A desk and a phone.
const WIDTHS: [u32; 2] = [1280, 390];

/// What is wrong with a page. Pictures of it go into a folder, where one is given.
pub(super) fn judge(
    chromium: &mut Chromium,
    page: &Path,
    axe: &str,
    pictures: Option<&Path>,
) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    show(chromium, WIDTHS[0], "light")?;
    chromium.load(page)?;
    keyboard(chromium, &mut found)?;
    chromium.evaluate("document.activeElement.blur()")?;
    chromium.evaluate(axe)?;
    for width in WIDTHS {
        for scheme in ["light", "dark"] {
            show(chromium, width, scheme)?;
            let place = format!("{width} {scheme}");
            fits(chromium, &place, &mut found)?;
            accessible(chromium, &place, &mut found)?;
            if let Some(folder) = pictures {
                picture(
                    chromium,
                    &folder.join(named(page, &format!("{width}-{scheme}.png"))),
                )?;
            }
        }
    }
    if let Some(folder) = pictures {
        paper(chromium, &folder.join(named(page, "pdf")), &mut found)?;
    }
    // At the end: until then, more could have happened.
    happened(chromium, page, &mut found);
    Ok(found)
}

fn named(page: &Path, ending: &str) -> String {
    format!(
        "{}.{ending}",
        page.file_stem().unwrap_or_default().display()
    )
}

/// A screen of this width, in a light or dark room.
fn show(chromium: &mut Chromium, width: u32, scheme: &str) -> Result<(), String> {
    let screen = json!({
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600,
    });
    chromium.call("Emulation.setDeviceMetricsOverride", &screen)?;
    let room = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
    chromium.call("Emulation.setEmulatedMedia", &room).map(drop)
}

/// The first key leads to the skip link, which is seen then, and that to the content.
fn keyboard(chromium: &mut Chromium, found: &mut Vec<String>) -> Result<(), String> {
    let press = |chromium: &mut Chromium, key: &str, code: u32, text: &str| {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text,
            });
            chromium.call("Input.dispatchKeyEvent", &event)?;
        }
        Ok::<(), String>(())
    };
    press(chromium, "Tab", 9, "")?;
    let skip = chromium.evaluate(
        "(() => { const a = document.activeElement, r = a.getBoundingClientRect(); \
         return a.className === 'skip' && r.left >= 0 && r.top >= 0 && r.width > 20 \
         && getComputedStyle(a).outlineStyle !== 'none'; })()",
    )?;
    if skip != true {
        found.push("the first key does not lead to a visible skip link".to_owned());
        return Ok(());
    }
    press(chromium, "Enter", 13, "\r")?;
    let there = chromium.evaluate("location.hash === '#content' && document.activeElement.id")?;
    if there != "content" {
        found.push("the skip link does not lead to the content".to_owned());
    }
    press(chromium, "Tab", 9, "")?;
    let inside = chromium.evaluate(
        "!document.querySelector('main a') || !!document.activeElement.closest('main a')",
    )?;
    if inside != true {
        found.push("behind the skip link, the next key leads elsewhere".to_owned());
    }
    Ok(())
}

fn fits(chromium: &mut Chromium, place: &str, found: &mut Vec<String>) -> Result<(), String> {
    // An element may stand out of the screen, or, where there is room, of its column.
    let wide = chromium.evaluate(
        "(() => { const limit = e => e.closest('main') && !e.matches('main') ? \
         document.querySelector('main').getBoundingClientRect().right : innerWidth; \
         const out = [...document.querySelectorAll('body *')] \
         .filter(e => !e.closest('.skip, thead, .scroll')) \
         .filter(e => e.getBoundingClientRect().right > limit(e) + 1) \
         .map(e => e.tagName + ' ' + e.textContent.slice(0, 40)); \
         return document.documentElement.scrollWidth > innerWidth || out.length \
         ? out.slice(0, 3) : null; })()",
    )?;
    if !wide.is_null() {
        found.push(format!("{place}: wider than the screen: {wide}"));
    }
    Ok(())
}

fn accessible(chromium: &mut Chromium, place: &str, found: &mut Vec<String>) -> Result<(), String> {
    let violations = chromium.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v => \
         v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + \
         (n.any[0]?.message ?? '')).join('; ')))",
    )?;
    let violations = violations.as_array().ok_or("axe gives no list")?;
    let told = violations.iter().filter_map(Value::as_str);
    found.extend(told.map(|told| format!("{place}: axe: {told}")));
    Ok(())
}

/// What was logged, and what was asked for besides the page itself.
pub(super) fn happened(chromium: &Chromium, page: &Path, found: &mut Vec<String>) {
    let own = address(page);
    for event in chromium.events() {
        let told = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.consoleAPICalled" => found.push(format!("console: {}", told["args"])),
            "Runtime.exceptionThrown" => {
                found.push(format!("exception: {}", told["exceptionDetails"]["text"]));
            }
            "Log.entryAdded" => found.push(format!("log: {}", told["entry"]["text"])),
            "Network.requestWillBeSent" => {
                let url = told["request"]["url"].as_str().unwrap_or_default();
                let own = url.split('#').next() == Some(&*own) || url.starts_with("data:");
                if !own && url != "about:blank" {
                    found.push(format!("asks for {url}"));
                }
            }
            _ => {}
        }
    }
}

/// The whole page, however long it is.
fn picture(chromium: &mut Chromium, path: &Path) -> Result<(), String> {
    let asked = json!({"format": "png", "captureBeyondViewport": true});
    write(&chromium.call("Page.captureScreenshot", &asked)?, path)
}

/// The page as it is printed: several sheets, all its sections on them, none of it navigation.
fn paper(chromium: &mut Chromium, path: &Path, found: &mut Vec<String>) -> Result<(), String> {
    let asked = json!({"printBackground": true, "preferCSSPageSize": true});
    write(&chromium.call("Page.printToPDF", &asked)?, path)?;
    chromium.call("Emulation.setEmulatedMedia", &json!({"media": "print"}))?;
    let printed = chromium.evaluate(
        "[...document.querySelectorAll('nav')].every(e => getComputedStyle(e).display === 'none') \
         && [...document.querySelectorAll('main section, table, thead, svg')] \
         .every(e => getComputedStyle(e).display !== 'none')",
    )?;
    chromium.call("Emulation.setEmulatedMedia", &json!({"media": ""}))?;
    if printed != true {
        found.push("on paper, something is missing, or the navigation is not".to_owned());
    }
    Ok(())
}

fn write(answer: &Value, path: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let text = answer["data"]
        .as_str()
        .ok_or("the browser gave no picture")?;
    let encoded = path.with_extension("base64");
    fs::write(&encoded, text).map_err(failed)?;
    let file = fs::File::create(path).map_err(failed)?;
    let status = Command::new("base64")
        .arg("--decode")
        .arg(&encoded)
        .stdout(file)
        .status()
        .map_err(failed)?;
    fs::remove_file(&encoded).map_err(failed)?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("base64: {status}")),
    }
}
