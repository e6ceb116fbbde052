//! Documents, as a browser and as GitHub show them.

use super::{
    Round,
    compare::same,
    generated::shown,
    readers::{Part, page, parts},
    texts::in_a_document,
};

pub(super) const FOLDERS: [&str; 2] = ["doc-en", "doc-ja"];

/// What is different from what should be, in words.
pub(super) fn differences(round: &Round<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        for (name, _, hostile) in round.files(folder) {
            let known = round.plain.pages.get(&(folder, name.to_owned()));
            let known = known.expect("every document was read");
            let compared = compared(round, known, &read(name, hostile));
            for result in [shown(hostile), compared] {
                if let Err(why) = result {
                    found.push(format!("{folder}/{name}: {why}"));
                }
            }
        }
    }
    found
}

/// The parts of a page, and what a parser has to say against it.
pub(super) type Read = (Vec<Part>, Vec<String>);

/// A document as its readers see it.
pub(super) fn read(name: &str, content: &str) -> Read {
    match name.ends_with(".md") {
        // What backticks can't hold stands without them.
        true => uncoded(parts(&page(content))),
        false => parts(content),
    }
}

/// Without the elements that tell names from other texts.
fn uncoded((parts, errors): Read) -> Read {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (part, out.last_mut()) {
            (Part::Open(name, _), _) if name == "code" => {}
            (Part::Text(text), Some(Part::Text(before))) => before.push_str(&text),
            (part, _) => out.push(part),
        }
    }
    (out, errors)
}

/// The same elements in the same order, about other texts.
fn compared(
    round: &Round<'_>,
    (plain, known): &Read,
    (hostile, errors): &Read,
) -> Result<(), String> {
    if errors != known {
        return Err(format!("a page with errors: {errors:?}"));
    }
    for (plain, hostile) in plain.iter().zip(hostile) {
        match (plain, hostile) {
            (Part::Text(plain), Part::Text(hostile)) => {
                text(&round.expected(plain, in_a_document), hostile)?;
            }
            (Part::Open(name, attributes), Part::Open(other, others)) if name == other => {
                element(round, name, attributes, others)?;
            }
            _ => return Err(format!("{plain:?} became {hostile:?}")),
        }
    }
    match plain.len() == hostile.len() {
        true => Ok(()),
        false => Err(format!("{} parts became {}", plain.len(), hostile.len())),
    }
}

/// Where there is little room, the end of a text is left out.
fn text(expected: &str, found: &str) -> Result<(), String> {
    match found.strip_suffix('…') {
        Some(start) if expected.replace('\n', " ").starts_with(start) => Ok(()),
        _ => same(expected, found),
    }
}

/// Pictures are as wide as their words; everything else about an element stays.
fn element(
    round: &Round<'_>,
    name: &str,
    plain: &[(String, String)],
    hostile: &[(String, String)],
) -> Result<(), String> {
    const MEASURES: [&str; 7] = ["x", "y", "width", "height", "rx", "d", "viewBox"];
    // One that is wide can be scrolled.
    const SCROLLED: [&str; 4] = ["class", "role", "aria-label", "tabindex"];
    let is_picture = matches!(name, "svg" | "g" | "rect" | "path" | "text" | "figure");
    let kept = |attribute: &&(String, String)| {
        let is_of_figure = name == "figure" && SCROLLED.contains(&&*attribute.0);
        let is_measure = is_picture && MEASURES.contains(&&*attribute.0);
        !(is_measure || is_of_figure)
    };
    let (plain, hostile) = (plain.iter().filter(kept), hostile.iter().filter(kept));
    let (plain, hostile): (Vec<_>, Vec<_>) = (plain.collect(), hostile.collect());
    if plain.len() != hostile.len() {
        return Err(format!("<{name} {plain:?}> became {hostile:?}"));
    }
    for ((key, value), (other, found)) in plain.into_iter().zip(hostile) {
        same(key, other)?;
        same(&round.expected(value, in_a_document), found)
            .map_err(|why| format!("<{name} {key}>: {why}"))?;
    }
    Ok(())
}
