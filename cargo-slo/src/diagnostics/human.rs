//! Diagnostics for people, in the manner of rustc.

use super::{Diagnostic, Edit, Level, Location};
use crate::text::{letters, push_spelled, visible};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

const BOLD: Style = Style::new().bold();
const FRAME: Style = AnsiColor::Blue.on_default().bold();

/// Characters of a line that are shown.
const LONGEST_EXCERPT: usize = 200;

/// Writes a diagnostic with colours; a stream that shows none strips them.
///
/// # Errors
/// If the stream can't be written to.
pub fn write(to: &mut dyn Write, diagnostic: &Diagnostic) -> io::Result<()> {
    write_within(to, diagnostic, usize::MAX)
}

/// The same with sentences folded at a width in columns. What is to be copied stays as it is.
///
/// # Errors
/// If the stream can't be written to.
pub fn write_within(to: &mut dyn Write, diagnostic: &Diagnostic, columns: usize) -> io::Result<()> {
    let style = match diagnostic.level {
        Level::Error => AnsiColor::Red.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Note => AnsiColor::Cyan.on_default().bold(),
    };
    let word = diagnostic.level.as_str();
    let head = match diagnostic.rule {
        Some(rule) => format!("{word}[{rule}]"),
        None => word.to_owned(),
    };
    let message = visible(&diagnostic.message);
    let message = folded(&message, columns, head.width() + 2, 4);
    writeln!(to, "{style}{head}{style:#}{BOLD}: {message}{BOLD:#}")?;
    let line = diagnostic.location.as_ref().and_then(|place| place.line);
    // Rustc leaves room for the number of the line; two digits, where there is none.
    let room = line.map_or(2, |line| line.to_string().len().max(2));
    if let Some(location) = &diagnostic.location {
        write!(
            to,
            "{:room$}{FRAME}-->{FRAME:#} {}",
            "",
            visible(&location.file)
        )?;
        if let Some(line) = location.line {
            write!(to, ":{line}")?;
        }
        if let Some(column) = location.column {
            write!(to, ":{column}")?;
        }
        if let Some(part) = &location.part {
            write!(to, ", {}", visible(part))?;
        }
        writeln!(to)?;
        excerpt(to, location, room, style)?;
    }
    let remark = |to: &mut dyn Write, word: &str, text: &str| {
        let text = visible(text);
        let text = folded(&text, columns, room + 5 + word.len(), room + 5);
        writeln!(
            to,
            "{:room$} {FRAME}={FRAME:#} {BOLD}{word}{BOLD:#}: {text}",
            ""
        )
    };
    for note in &diagnostic.notes {
        remark(to, "note", note)?;
    }
    for change in &diagnostic.changes {
        remark(to, "change", &change.does)?;
        for edit in &change.edits {
            block(to, edit, room)?;
        }
    }
    for help in &diagnostic.help {
        remark(to, "help", help)?;
    }
    Ok(())
}

/// What to write and where, the text as a block of its own.
fn block(to: &mut dyn Write, edit: &Edit, room: usize) -> io::Result<()> {
    write!(to, "{:room$}   in {}", "", visible(&edit.file))?;
    if let Some(line) = edit.line {
        write!(to, ":{line}")?;
    }
    // Of a table, the text has the head.
    if let Some(section) = edit.section.as_ref().filter(|name| !name.starts_with('[')) {
        write!(to, ", {}", visible(section))?;
    }
    let goes = edit.replaces.as_deref();
    let shown = match (goes, &*edit.text) {
        (Some(goes), "") => {
            write!(to, ", take out")?;
            goes
        }
        (Some(goes), text) => {
            write!(to, ", in place of {}", visible(goes))?;
            text
        }
        (None, "") => {
            write!(
                to,
                ", take it out of {}",
                visible(edit.section.as_deref().unwrap_or("it"))
            )?;
            ""
        }
        (None, text) => text,
    };
    writeln!(to, ":\n")?;
    for line in shown.trim_matches('\n').lines() {
        writeln!(to, "{:room$}     {}", "", visible(line))?;
    }
    writeln!(to)
}

/// A text with line breaks between words, so that it fits a number of columns: the first line starts at
/// one column, the others at another. What stands between backticks is one word.
pub(crate) fn folded(text: &str, columns: usize, first: usize, others: usize) -> String {
    if text.width().saturating_add(first) <= columns {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 32);
    let (mut at, mut is_code, mut word) = (first, false, String::new());
    let mut put = |word: &mut String| {
        let width = word.width();
        if !out.is_empty() {
            if at + 1 + width > columns {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', others));
                at = others;
            } else {
                out.push(' ');
                at += 1;
            }
        }
        out.push_str(word);
        at += width;
        word.clear();
    };
    for c in text.chars() {
        is_code ^= c == '`';
        match c {
            ' ' if !is_code => put(&mut word),
            c => word.push(c),
        }
    }
    put(&mut word);
    out
}

/// The line of the source with what it is about underlined.
fn excerpt(to: &mut dyn Write, place: &Location, room: usize, style: Style) -> io::Result<()> {
    let (Some(text), Some(line), Some(column)) = (&place.excerpt, place.line, place.column) else {
        return Ok(());
    };
    let before = usize::try_from(column.saturating_sub(1)).unwrap_or(0);
    let length = usize::try_from(place.length.unwrap_or(1)).unwrap_or(1);
    if before >= LONGEST_EXCERPT {
        return Ok(());
    }
    let mut shown = String::new();
    // In bytes. Spelled out, a character is longer than it was; so is what stands under it.
    let (mut start, mut end) = (0, 0);
    for (i, (c, is_shown)) in letters(text).take(LONGEST_EXCERPT).enumerate() {
        if i == before {
            start = shown.len();
        }
        match c {
            '\t' => shown.push_str("    "),
            c if is_shown => shown.push(c),
            c => push_spelled(&mut shown, c),
        }
        if i < before + length {
            end = shown.len();
        }
    }
    if before >= text.chars().count() {
        start = shown.len();
    }
    // Letters of the East take two columns, and marks that are put on a letter none.
    let width = shown
        .get(start..end)
        .map_or(0, UnicodeWidthStr::width)
        .max(1);
    let start = shown[..start].width();
    let cut = if text.chars().count() > LONGEST_EXCERPT {
        " …"
    } else {
        ""
    };
    writeln!(to, "{:room$} {FRAME}|{FRAME:#}", "")?;
    writeln!(to, "{FRAME}{line:>room$} |{FRAME:#} {shown}{cut}")?;
    writeln!(
        to,
        "{:room$} {FRAME}|{FRAME:#} {:start$}{style}{}{style:#}",
        "",
        "",
        "^".repeat(width)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Change, Method};
    use std::path::Path;

    fn plain(diagnostic: &Diagnostic) -> String {
        let mut stream = anstream::StripStream::new(Vec::new());
        write(&mut stream, diagnostic).unwrap();
        String::from_utf8(stream.into_inner()).unwrap()
    }

    #[test]
    fn looks_like_rustc() {
        let diagnostic = Diagnostic::error("the record is cut off")
            .at(Path::new("target/debug/orders"))
            .part("section slo_meta, offset 0x40")
            .with_note("it needs 20 bytes")
            .with_help("build again");
        let expected = "\
error: the record is cut off
  --> target/debug/orders, section slo_meta, offset 0x40
   = note: it needs 20 bytes
   = help: build again
";
        assert_eq!(plain(&diagnostic), expected);
    }

    #[test]
    fn what_is_to_be_copied_is_a_block_that_no_width_breaks() {
        let mut diagnostic = Diagnostic::warning("a page is too early for this number of events");
        diagnostic.changes.push(Change {
            does: "give `checkout.availability` alerts of its own".to_owned(),
            certain: true,
            edits: vec![Edit {
                file: "slo.toml".to_owned(),
                line: None,
                section: Some("[slo.x]".to_owned()),
                replaces: None,
                text: "[slo.x]\nburn-rates = \"a-name-that-is-longer-than-the-width\"".to_owned(),
                method: Method::Merge,
            }],
        });
        let diagnostic = diagnostic.with_help("or `cargo slo explain burn-rates` and think");
        let mut stream = anstream::StripStream::new(Vec::new());
        write_within(&mut stream, &diagnostic, 40).unwrap();
        let text = String::from_utf8(stream.into_inner()).unwrap();
        let expected = "\
warning: a page is too early for this
    number of events
   = change: give
       `checkout.availability` alerts of
       its own
     in slo.toml:

       [slo.x]
       burn-rates = \"a-name-that-is-longer-than-the-width\"

   = help: or
       `cargo slo explain burn-rates`
       and think
";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_line_is_shown_and_underlined() {
        let text = "[traffic]\n\tcheckout = \"526/month\"\n";
        let at = text.find('"').unwrap();
        let mut finding = Diagnostic::warning("few").at_location(Location::of_span(
            "slo.toml",
            text,
            at..at + 11,
        ));
        finding.rule = Some("few-events");
        let expected = "\
warning[few-events]: few
  --> slo.toml:2:13
   |
 2 |     checkout = \"526/month\"
   |                ^^^^^^^^^^^
";
        assert_eq!(plain(&finding), expected);
    }

    #[test]
    fn wide_letters_and_marks_keep_the_line_below_in_place() {
        // Two columns each; an accent of its own takes none.
        for (text, at, under) in [
            ("注文 = \"多\"", "\"多\"", "       ^^^^"),
            ("e\u{301}a = 7", "7", "     ^"),
            ("a = \"e\u{301}\"", "\"e\u{301}\"", "    ^^^"),
            ("ｋ = 𝒳", "𝒳", "     ^"),
        ] {
            let start = text.find(at).unwrap();
            let place = Location::of_span("f", text, start..start + at.len());
            let told = plain(&Diagnostic::error("m").at_location(place));
            let last = told.lines().last().unwrap();
            assert_eq!(last, format!("   | {under}"), "{text}");
        }
    }

    #[test]
    fn a_long_or_hostile_line_is_cut_and_spelled_out() {
        let text = format!("a\u{1b}[31m = {}", "x".repeat(5000));
        let told = plain(&Diagnostic::error("m").at_location(Location::of_span("f", &text, 0..2)));
        assert!(told.contains("\n 1 | a\\u{1b}[31m = xxx"), "{told}");
        assert!(
            told.contains("x …\n") && told.ends_with("   | ^^^^^^^\n"),
            "{told}"
        );
    }

    #[test]
    fn hostile_text_stays_one_line_of_plain_text() {
        let text = plain(&Diagnostic::warning("a\nb\u{1b}[31m\u{9b}é"));
        assert_eq!(text, "warning: a\\nb\\u{1b}[31m\\u{9b}é\n");
        let turned = plain(&Diagnostic::warning("a\u{202e}b\u{2066}c\u{2028}é\u{200d}"));
        assert_eq!(turned, "warning: a\\u{202e}b\\u{2066}c\\u{2028}é\u{200d}\n");
    }
}
