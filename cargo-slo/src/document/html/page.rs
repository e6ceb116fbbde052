//! The page: landmarks, headings, tables.

use super::{svg, writer::Writer};
use crate::{
    document::{
        model::{Block, Column, Document, Drawing, Line, Section, Span, State, Table},
        text::{Texts, fill},
    },
    outputs::GENERATOR,
};

const STYLE: &str = include_str!("style.css");

/// Nothing is loaded and nothing runs, whatever gets into the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The document as a page.
pub(in crate::document) fn page(document: &Document) -> String {
    let texts = document.language.texts();
    let mut w = Writer::default();
    w.own("<!doctype html>\n");
    w.block("html", &[("lang", texts.tag)], |w| {
        w.own("\n");
        w.block("head", &[], |w| head(w, document));
        w.block("body", &[], |w| body(w, document, texts));
    });
    w.finish()
}

fn head(w: &mut Writer, document: &Document) {
    w.own("\n<meta charset=\"utf-8\">\n");
    for (name, content) in [
        ("viewport", "width=device-width, initial-scale=1"),
        ("generator", GENERATOR),
        ("color-scheme", "light dark"),
    ] {
        w.void("meta", &[("name", name), ("content", content)]);
        w.own("\n");
    }
    let policy = [
        ("http-equiv", "Content-Security-Policy"),
        ("content", POLICY),
    ];
    w.void("meta", &policy);
    w.own("\n");
    // Browsers would ask for one.
    w.void("link", &[("rel", "icon"), ("href", "data:,")]);
    w.own("\n");
    w.told("title", &[], &document.title.plain());
    w.own("\n");
    w.element("style", &[], |w| w.own(STYLE));
    w.own("\n");
}

fn body(w: &mut Writer, document: &Document, texts: &Texts) {
    w.own("\n");
    w.told(
        "a",
        &[("class", "skip"), ("href", "#content")],
        texts.page.skip,
    );
    w.own("\n");
    w.block("header", &[], |w| {
        w.element("h1", &[], |w| line(w, &document.title, texts));
        w.element("p", &[("class", "lead")], |w| {
            line(w, &document.lead, texts);
        });
    });
    w.block("nav", &[("aria-label", texts.page.contents)], |w| {
        w.told(
            "p",
            &[("class", "contents"), ("aria-hidden", "true")],
            texts.page.contents,
        );
        contents(w, &document.sections, texts, true);
    });
    let mut counter = Counter::default();
    w.block("main", &[("id", "content"), ("tabindex", "-1")], |w| {
        w.own("\n");
        for section in &document.sections {
            self::section(w, section, 0, texts, &mut counter);
        }
    });
    w.block("footer", &[], |w| {
        w.element("p", &[], |w| {
            line(w, &fill(texts.page.generated, &[]), texts);
        });
    });
}

/// How many pictures and tables there are so far: each has a name of its own.
#[derive(Default)]
struct Counter {
    pictures: usize,
}

/// The parts, and the sections of each.
fn contents(w: &mut Writer, sections: &[Section], texts: &Texts, deeper: bool) {
    w.block("ul", &[], |w| {
        for section in sections {
            w.block("li", &[], |w| {
                let target = format!("#{}", section.id);
                w.element("a", &[("href", &target)], |w| {
                    unlinked(w, &section.title, texts);
                });
                if deeper && !section.sections.is_empty() {
                    contents(w, &section.sections, texts, false);
                }
            });
        }
    });
}

const HEADINGS: [&str; 5] = ["h2", "h3", "h4", "h5", "h6"];
const CLASSES: [&str; 4] = ["chapter", "top", "part", "detail"];

fn section(w: &mut Writer, section: &Section, depth: usize, texts: &Texts, counter: &mut Counter) {
    let heading = format!("{}.heading", section.id);
    let attributes = [
        ("id", &*section.id),
        (
            "class",
            match section.is_sheet {
                true => "top sheet",
                false => CLASSES[depth.min(CLASSES.len() - 1)],
            },
        ),
        ("aria-labelledby", &heading),
    ];
    w.block("section", &attributes, |w| {
        let level = HEADINGS[depth.min(HEADINGS.len() - 1)];
        w.block(level, &[("id", &heading)], |w| {
            line(w, &section.title, texts);
        });
        for block in &section.blocks {
            self::block(w, block, texts, counter);
        }
        for inner in &section.sections {
            self::section(w, inner, depth + 1, texts, counter);
        }
    });
}

fn block(w: &mut Writer, block: &Block, texts: &Texts, counter: &mut Counter) {
    match block {
        Block::Paragraph(text) => w.block("p", &[], |w| line(w, text, texts)),
        Block::Remark(text) => w.block("p", &[("class", "remark")], |w| line(w, text, texts)),
        Block::List(points) => w.block("ul", &[], |w| {
            for point in points {
                w.block("li", &[], |w| line(w, point, texts));
            }
        }),
        Block::Asked(title, points) => w.block("div", &[("class", "asked")], |w| {
            w.block("p", &[], |w| w.told("strong", &[], &title.plain()));
            w.block("ul", &[], |w| {
                for point in points {
                    w.block("li", &[], |w| line(w, point, texts));
                }
            });
        }),
        Block::Facts(facts) => w.block("dl", &[], |w| {
            for (name, text) in facts {
                w.block("div", &[], |w| {
                    w.element("dt", &[], |w| line(w, name, texts));
                    w.element("dd", &[], |w| line(w, text, texts));
                });
            }
        }),
        Block::Table(table) => self::table(w, table, texts),
        Block::Picture(picture) => {
            counter.pictures += 1;
            let number = counter.pictures;
            // Who has no other means scrolls with keys, so they have to lead there.
            let scrolled = [
                ("class", "scroll"),
                ("role", "group"),
                ("aria-label", &*picture.title),
                ("tabindex", "0"),
            ];
            let attributes = if svg::is_wide(picture) {
                &scrolled[..]
            } else {
                &[]
            };
            w.block("figure", attributes, |w| {
                // Others stand below a heading that says it.
                if let Drawing::Calendar { .. } = picture.drawing {
                    w.told("figcaption", &[], &picture.title);
                }
                svg::draw(w, picture, number);
            });
        }
    }
}

/// A table that narrow screens show row by row. Shown like that, browsers no longer take it for
/// a table by themselves, so each part says what it is.
fn table(w: &mut Writer, table: &Table, texts: &Texts) {
    let titles: Vec<_> = table.head.iter().map(|(title, _)| title.plain()).collect();
    let class = |column: Column| match column {
        Column::Words => "words",
        Column::Short => "short",
        Column::Numbers => "number",
    };
    w.block("table", &[("role", "table")], |w| {
        w.block("caption", &[], |w| line(w, &table.caption, texts));
        w.block("thead", &[("role", "rowgroup")], |w| {
            w.element("tr", &[("role", "row")], |w| {
                for (title, column) in &table.head {
                    let attributes = [
                        ("role", "columnheader"),
                        ("scope", "col"),
                        ("class", class(*column)),
                    ];
                    w.element("th", &attributes, |w| line(w, title, texts));
                }
            });
        });
        w.block("tbody", &[("role", "rowgroup")], |w| {
            for row in &table.rows {
                w.block("tr", &[("role", "row")], |w| {
                    for (place, (cell, (_, column))) in row.iter().zip(&table.head).enumerate() {
                        if place == 0 {
                            let attributes = [("role", "rowheader"), ("scope", "row")];
                            w.element("th", &attributes, |w| line(w, cell, texts));
                            continue;
                        }
                        let attributes = [
                            ("role", "cell"),
                            ("class", class(*column)),
                            ("data-title", &*titles[place]),
                        ];
                        // In an element of its own, it is one thing beside its title.
                        w.element("td", &attributes, |w| {
                            w.element("div", &[], |w| line(w, cell, texts));
                        });
                    }
                });
            }
        });
    });
}

fn line(w: &mut Writer, text: &Line, texts: &Texts) {
    spans(w, text, texts, true);
}

/// The same in a link, which holds no other.
fn unlinked(w: &mut Writer, text: &Line, texts: &Texts) {
    spans(w, text, texts, false);
}

fn spans(w: &mut Writer, text: &Line, texts: &Texts, links: bool) {
    for span in &text.0 {
        match span {
            Span::Text(text) => w.text(text),
            // Its direction stays its own.
            Span::Quoted(text) => w.told("bdi", &[], text),
            Span::Foreign(tag, text) => w.element("span", &[("lang", tag)], |w| {
                for span in &text.0 {
                    if let Span::Quoted(text) = span {
                        w.told("bdi", &[], text);
                    }
                }
            }),
            Span::Code(text) => w.told("code", &[], text),
            Span::Strong(text) => w.element("strong", &[], |w| spans(w, text, texts, links)),
            Span::State(state, text) => self::state(w, *state, text, texts),
            Span::Page(address) if links => {
                let attributes = [("href", &**address), ("rel", "noreferrer noopener")];
                w.told("a", &attributes, address);
            }
            Span::Page(address) => w.told("bdi", &[], address),
            Span::Link(address, text) if links => {
                let attributes = [("href", &**address), ("rel", "noreferrer noopener")];
                w.element("a", &attributes, |w| spans(w, text, texts, false));
            }
            Span::Link(_, text) => spans(w, text, texts, links),
            Span::Place(id, text) if links => {
                let target = format!("#{id}");
                w.element("a", &[("href", &target)], |w| spans(w, text, texts, false));
            }
            Span::Place(_, text) => spans(w, text, texts, links),
        }
    }
}

fn state(w: &mut Writer, state: State, text: &str, texts: &Texts) {
    let (class, word) = match state {
        State::Good => ("state good", texts.page.good),
        State::Open => ("state open", texts.page.open),
        State::Bad => ("state bad", texts.page.bad),
        State::Note => ("state note", texts.page.note),
    };
    w.element("span", &[("class", class), ("title", word)], |w| {
        w.told("span", &[("aria-hidden", "true")], state.sign());
        w.text("\u{a0}");
        w.text(text);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The colours of each scheme: light, dark, and on paper.
    fn schemes() -> Vec<BTreeMap<&'static str, [u8; 3]>> {
        let roots = STYLE.split(":root {").skip(1);
        let schemes = roots.map(|rest| {
            let declarations = rest.split('}').next().unwrap().split(';');
            let colours = declarations.filter_map(|declaration| {
                let (name, value) = declaration.trim().strip_prefix("--")?.split_once(": #")?;
                let channel = |at| u8::from_str_radix(&value[at..at + 2], 16).unwrap();
                Some((name, [0, 2, 4].map(channel)))
            });
            colours.collect()
        });
        schemes.collect()
    }

    /// As WCAG 2.2 defines it: 1 for the same colour, 21 for black on white.
    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let luminance = |colour: [u8; 3]| {
            let linear = colour.map(|channel| {
                let share = f64::from(channel) / 255.0;
                match share <= 0.04045 {
                    true => share / 12.92,
                    false => ((share + 0.055) / 1.055).powf(2.4),
                }
            });
            0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        };
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_in_every_scheme() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        let pairs = [
            ("ink", "paper"),
            ("ink", "tint"),
            ("ink", "open-tint"),
            ("quiet", "paper"),
            ("quiet", "tint"),
            ("link", "paper"),
            ("link", "tint"),
            ("mark", "paper"),
            ("mark-ink", "mark"),
            ("good", "good-tint"),
            ("open", "open-tint"),
            ("bad", "bad-tint"),
        ];
        let schemes = schemes();
        assert_eq!(schemes.len(), 3);
        for (number, scheme) in schemes.iter().enumerate() {
            for (text, behind) in pairs {
                let contrast = contrast(scheme[text], scheme[behind]);
                assert!(
                    contrast >= 4.5,
                    "scheme {number}: {text} on {behind}: {contrast:.2}"
                );
            }
        }
    }

    /// Nothing of the page's own is fetched, and nothing in the style is for one element only.
    #[test]
    fn the_style_asks_for_nothing() {
        for request in ["url(", "@import", "@font-face", "http", "</"] {
            assert!(!STYLE.contains(request), "{request}");
        }
    }
}
