//! Diagnostics for people, in the manner of rustc.

use super::{Diagnostic, Level, Location};
use anstyle::{AnsiColor, Style};
use std::{
    borrow::Cow,
    io::{self, Write},
};

const BOLD: Style = Style::new().bold();
const FRAME: Style = AnsiColor::Blue.on_default().bold();

/// Characters of a line that are shown.
const LONGEST_EXCERPT: usize = 200;

/// Writes a diagnostic with colours; a stream that shows none strips them.
///
/// # Errors
/// Where the stream can't be written to.
pub fn write(to: &mut dyn Write, diagnostic: &Diagnostic) -> io::Result<()> {
    let style = match diagnostic.level {
        Level::Error => AnsiColor::Red.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Note => AnsiColor::Cyan.on_default().bold(),
    };
    let word = diagnostic.level.as_str();
    let message = visible(&diagnostic.message);
    match diagnostic.rule {
        Some(rule) => write!(to, "{style}{word}[{rule}]{style:#}")?,
        None => write!(to, "{style}{word}{style:#}")?,
    }
    writeln!(to, "{BOLD}: {message}{BOLD:#}")?;
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
    let notes = diagnostic.notes.iter().map(|text| ("note", text));
    let help = diagnostic.help.iter().map(|text| ("help", text));
    for (word, text) in notes.chain(help) {
        let text = visible(text);
        writeln!(
            to,
            "{:room$} {FRAME}={FRAME:#} {BOLD}{word}{BOLD:#}: {text}",
            ""
        )?;
    }
    Ok(())
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
    // Spelled out, a control character is longer than it was; so is what stands under it.
    let (mut start, mut end) = (0, 0);
    for (i, c) in text.chars().take(LONGEST_EXCERPT).enumerate() {
        if i == before {
            start = shown.chars().count();
        }
        match c {
            '\t' => shown.push_str("    "),
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
        if i < before + length {
            end = shown.chars().count();
        }
    }
    if before >= text.chars().count() {
        start = shown.chars().count();
    }
    let width = end.saturating_sub(start).max(1);
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

/// The text with control characters spelled out.
///
/// What a record says comes from a file that anybody may have written; shown as it is, it
/// could move the cursor of a terminal or forge lines of the output.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
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
    }
}
