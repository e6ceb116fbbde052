//! Diagnostics for programs: one JSON object per line.

use super::Diagnostic;
use crate::text::json;
use std::io::{self, Write};

/// Writes a diagnostic as one line.
///
/// # Errors
/// If the stream can't be written to.
pub fn write(to: &mut dyn Write, diagnostic: &Diagnostic) -> io::Result<()> {
    json::write_compact(&mut *to, diagnostic)?;
    writeln!(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn one_line_with_what_is_known() {
        let mut line = Vec::new();
        let diagnostic = Diagnostic::error("no\nfile")
            .at(Path::new("a"))
            .with_help("look");
        write(&mut line, &diagnostic).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"level\":\"error\",\"message\":\"no\\nfile\",\"location\":{\"file\":\"a\"},\"help\":[\"look\"]}\n"
        );
    }
}
