//! Diagnostics for GitHub's workflows: one command per line, which the page of a change shows
//! beside the line it is about.

use super::{Diagnostic, Level};
use std::io::{self, Write};

/// Writes a diagnostic as one workflow command.
///
/// # Errors
/// Where the stream can't be written to.
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
    for help in &diagnostic.help {
        text += &format!("\nhelp: {help}");
    }
    writeln!(to, "::{command} {}::{}", properties.join(","), data(&text))
}

/// A message may hold anything but what would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property may moreover not hold what parts it from the next.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

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
