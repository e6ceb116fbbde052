//! Diagnostics for GitHub's workflows: one command per line, which the page of a change shows
//! beside the line it is about.

use super::{Diagnostic, Level};
use crate::text::workflow::{message, property};
use std::io::{self, Write};

/// Writes a diagnostic as one workflow command.
///
/// # Errors
/// If the stream can't be written to.
pub fn write(to: &mut dyn Write, diagnostic: &Diagnostic) -> io::Result<()> {
    let command = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(location) = &diagnostic.location {
        properties.push(format!("file={}", property(&location.file)));
        if let Some(line) = location.line {
            properties.push(format!("line={line}"));
        }
        if let Some(column) = location.column {
            properties.push(format!("col={column}"));
        }
    }
    properties.push(format!(
        "title={}",
        property(diagnostic.rule.unwrap_or("cargo slo"))
    ));
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text += &format!("\n{note}");
    }
    for change in &diagnostic.changes {
        text += &format!("\nchange: {change}");
    }
    for help in &diagnostic.help {
        text += &format!("\nhelp: {help}");
    }
    writeln!(
        to,
        "::{command} {}::{}",
        properties.join(","),
        message(&text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Level, properties, message.
    type Command = (String, Vec<(String, String)>, String);

    /// As the runner of GitHub's workflows reads a command.
    fn read(line: &str) -> Option<Command> {
        let unescaped = |text: &str, in_property: bool| {
            let text = text.replace("%0D", "\r").replace("%0A", "\n");
            let text = match in_property {
                true => text.replace("%3A", ":").replace("%2C", ","),
                false => text,
            };
            text.replace("%25", "%")
        };
        let (command, message) = line
            .strip_suffix('\n')?
            .strip_prefix("::")?
            .split_once("::")?;
        let (level, properties) = command.split_once(' ')?;
        let properties = properties.split(',').map(|property| {
            let (key, value) = property.split_once('=')?;
            Some((key.to_owned(), unescaped(value, true)))
        });
        Some((
            level.to_owned(),
            properties.collect::<Option<_>>()?,
            unescaped(message, false),
        ))
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(file in "[ -~\r\n\u{e9}%:,=]{1,20}", message in "[ -~\r\n\u{e9}%:,]{0,30}", line in 1..9_u32) {
            let diagnostic = Diagnostic::error(message.clone()).at_line(Path::new(&file), line);
            let mut written = Vec::new();
            write(&mut written, &diagnostic).unwrap();
            let written = String::from_utf8(written).unwrap();
            proptest::prop_assert_eq!(written.matches(['\r', '\n']).count(), 1);
            let (level, properties, text) = read(&written).unwrap();
            let expected = [("file", file), ("line", line.to_string()), ("title", "cargo slo".to_owned())]
                .map(|(key, value)| (key.to_owned(), value));
            proptest::prop_assert_eq!(level, "error");
            proptest::prop_assert_eq!(&properties[..], &expected[..]);
            proptest::prop_assert_eq!(text, message);
        }
    }

    #[test]
    fn one_line_whatever_the_text() {
        let mut line = Vec::new();
        let diagnostic = Diagnostic::warning("50 % left\n::error::forged")
            .at_line(Path::new("a,b:c.toml"), 7)
            .with_help("look");
        write(&mut line, &diagnostic).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "::warning file=a%2Cb%3Ac.toml,line=7,title=cargo slo::50 %25 left%0A::error::forged%0Ahelp: look\n"
        );
    }
}
