//! Diagnostics for people, in the manner of rustc.

use super::{Diagnostic, Level};
use anstyle::{AnsiColor, Style};
use std::{
    borrow::Cow,
    io::{self, Write},
};

const BOLD: Style = Style::new().bold();
const FRAME: Style = AnsiColor::Blue.on_default().bold();

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
    writeln!(to, "{style}{word}{style:#}{BOLD}: {message}{BOLD:#}")?;
    if let Some(location) = &diagnostic.location {
        write!(to, "  {FRAME}-->{FRAME:#} {}", visible(&location.file))?;
        if let Some(line) = location.line {
            write!(to, ":{line}")?;
        }
        if let Some(part) = &location.part {
            write!(to, ", {}", visible(part))?;
        }
        writeln!(to)?;
    }
    let notes = diagnostic.notes.iter().map(|text| ("note", text));
    let help = diagnostic.help.iter().map(|text| ("help", text));
    for (word, text) in notes.chain(help) {
        let text = visible(text);
        writeln!(to, "   {FRAME}={FRAME:#} {BOLD}{word}{BOLD:#}: {text}")?;
    }
    Ok(())
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
    fn hostile_text_stays_one_line_of_plain_text() {
        let text = plain(&Diagnostic::warning("a\nb\u{1b}[31m\u{9b}é"));
        assert_eq!(text, "warning: a\\nb\\u{1b}[31m\\u{9b}é\n");
    }
}
