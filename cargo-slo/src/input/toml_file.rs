//! Files that people write: TOML, each kind with the keys it knows.

use super::{
    NamedBy, Syntax, TextFile, read_text,
    toml_mistakes::{self, Mistake},
    way_out,
};
use crate::diagnostics::{Diagnostic, nearest};
use serde::de::DeserializeOwned;
use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Longest file that is read, in bytes: more was not written by hand.
pub(crate) const MAX_FILE_BYTES: u64 = 256 << 10;

/// Reads a file as what `T` knows.
///
/// # Errors
/// If it can't be read, is not TOML, has a key that `T` does not know, lacks one that it
/// needs, or holds a value of another kind.
pub fn read<T: DeserializeOwned>(
    path: &Path,
    named_by: NamedBy<'_>,
) -> Result<(TextFile, T), TomlError> {
    let text = read_text(path, MAX_FILE_BYTES, named_by).map_err(|error| TomlError::Io {
        path: path.to_owned(),
        error,
    })?;
    parse(path, text)
}

/// The same for a text that is at hand.
///
/// # Errors
/// As [`read`], but for those of the file system.
pub fn parse<T: DeserializeOwned>(
    path: &Path,
    text: impl Into<Arc<str>>,
) -> Result<(TextFile, T), TomlError> {
    let file = TextFile {
        path: path.to_owned(),
        text: text.into(),
        syntax: Syntax::Toml,
    };
    match toml_mistakes::read(&file.text) {
        Ok(value) => Ok((file, value)),
        Err(mistakes) => Err(TomlError::Content {
            mistakes,
            file: Box::new(file),
        }),
    }
}

/// Why a file could not be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum TomlError {
    /// The file is missing or can't be read.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The text is not TOML, or says what this kind of file does not know.
    Content {
        /// The file.
        file: Box<TextFile>,
        /// What is wrong, in the order of its places; at least one.
        mistakes: Vec<Mistake>,
    },
}

impl TomlError {
    /// Returns the errors as they are told to people, at least one.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            TomlError::Io { path, error } if error.kind() == io::ErrorKind::NotFound => {
                let told = Diagnostic::error("there is no such file").at(path);
                vec![
                    match path.file_name().is_some_and(|name| name == "slo.toml") {
                        true => {
                            told.with_help("`cargo slo init` writes one, beside the `Cargo.toml`")
                        }
                        false => told,
                    },
                ]
            }
            TomlError::Io { path, error } => {
                let told = Diagnostic::error(format!("the file can't be read: {error}")).at(path);
                vec![match way_out(error) {
                    Some(help) => told.with_help(help),
                    None => told,
                }]
            }
            TomlError::Content { file, mistakes } => mistakes
                .iter()
                .map(|mistake| wrong(file, mistake))
                .collect(),
        }
    }
}

/// A mistake of a file, as it is told to people.
pub(super) fn wrong(file: &TextFile, mistake: &Mistake) -> Diagnostic {
    content(&mistake.message).at_location(file.location(mistake.span.clone()))
}

/// What the parser said, with the way out where it says which words it knows.
fn content(message: &str) -> Diagnostic {
    let Some(unknown) = Unknown::in_message(message) else {
        return Diagnostic::error(of_another_kind(message).unwrap_or_else(|| message.to_owned()));
    };
    let Unknown { what, word, known } = unknown;
    let listed: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
    let error = Diagnostic::error(format!("unknown {what} `{word}`"))
        .with_note(format!("known here: {}", listed.join(", ")));
    match nearest(word, known) {
        Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
        None => error,
    }
}

/// A value of another kind than was expected, in the words of the file's format in place of serde's:
/// ``invalid type: map, expected a string``.
fn of_another_kind(message: &str) -> Option<String> {
    let (found, expected) = message
        .strip_prefix("invalid type: ")?
        .rsplit_once(", expected ")?;
    let found = match found.split_once(' ').unwrap_or((found, "")) {
        ("map", _) => "a table".to_owned(),
        ("sequence", _) => "a list".to_owned(),
        ("string", text) => format!("the text {text}"),
        ("integer" | "floating", number) => {
            format!("the number {}", number.trim_start_matches("point "))
        }
        ("boolean", value) => value.to_owned(),
        _ => found.to_owned(),
    };
    let expected = match expected {
        "a string" => "a text in quotes",
        "a map" => "a table",
        "a sequence" => "a list",
        "i64" => "a whole number",
        other => other,
    };
    Some(format!("expected {expected}, found {found}"))
}

/// A word that serde did not expect.
struct Unknown<'a> {
    what: &'static str,
    word: &'a str,
    known: Vec<&'a str>,
}

impl<'a> Unknown<'a> {
    /// Serde's own words: ``unknown field `a`, expected one of `b`, `c` ``.
    fn in_message(message: &'a str) -> Option<Unknown<'a>> {
        let (what, rest) = [("unknown field `", "key"), ("unknown variant `", "value")]
            .iter()
            .find_map(|(start, what)| Some((*what, message.strip_prefix(start)?)))?;
        // The word itself may hold anything; the known ones hold neither backtick nor comma.
        let (word, expected) = rest.rsplit_once("`, expected ")?;
        let known = expected.split('`').skip(1).step_by(2).collect();
        Some(Unknown { what, word, known })
    }
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, told) in self.diagnostics().iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            if let Some(location) = &told.location {
                write!(f, "{}: ", location.file)?;
            }
            f.write_str(&told.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for TomlError {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    #[expect(dead_code, reason = "only read")]
    struct Two {
        owner: Option<String>,
        kind: Option<Kind>,
        number: Option<u8>,
        list: Option<Vec<String>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Hard,
        Soft,
    }

    fn told(text: &str) -> Diagnostic {
        parse::<Two>(Path::new("slo.toml"), text)
            .unwrap_err()
            .diagnostics()
            .remove(0)
    }

    #[test]
    fn unknown_keys_are_named_with_the_nearest_known_one() {
        let told = told("# c\nownre = 'a'\n");
        assert_eq!(told.message, "unknown key `ownre`");
        assert_eq!(told.help, ["did you mean `owner`?"]);
        let place = told.location.unwrap();
        assert_eq!(
            (place.line, place.column, place.length),
            (Some(2), Some(1), Some(5))
        );
    }

    #[test]
    fn unknown_values_are_too() {
        let told = told("kind = 'sotf'");
        assert_eq!(told.message, "unknown value `sotf`");
        assert_eq!(told.help, ["did you mean `soft`?"]);
    }

    #[test]
    fn values_of_another_kind_are_called_as_people_call_them() {
        for (text, message) in [
            (
                "owner = 7",
                "expected a text in quotes, found the number `7`",
            ),
            (
                "owner = 7.5",
                "expected a text in quotes, found the number `7.5`",
            ),
            ("owner = ['a']", "expected a text in quotes, found a list"),
            (
                "owner = {a = 1}",
                "expected a text in quotes, found a table",
            ),
            ("owner = true", "expected a text in quotes, found `true`"),
            (
                "list = 'a, expected b'",
                "expected a list, found the text \"a, expected b\"",
            ),
        ] {
            assert_eq!(told(text).message, message, "{text}");
        }
    }

    #[test]
    fn whatever_else_is_wrong_has_a_place() {
        for text in [
            "owner = ",
            "owner = 7",
            "number = 300",
            "owner = 'a'\nowner = 'b'",
            "[",
            "\u{0}",
        ] {
            let told = told(text);
            assert!(
                told.location.is_some_and(|place| place.line.is_some()),
                "{text}"
            );
        }
        let hostile = told("\"a`, expected `b`\" = 1");
        assert_eq!(hostile.message, "unknown key `a`, expected `b``");
    }
}
