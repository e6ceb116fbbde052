//! Documents on disk, beside what would be written now.

use crate::{
    cli::{Exit, failure::Failure},
    diagnostics::{Diagnostic, Location, human},
    input::{NamedBy, read_file},
    outputs::File,
    text::numbers::counted,
};
use std::{
    io::{self, Write},
    path::Path,
};

/// How much longer a document may be than the present one, in bytes, and still be compared.
const SLACK_BYTES: u64 = 1 << 20;

/// Characters that are shown of a line.
const MAX_SHOWN: usize = 200;

/// Names every file that is missing or differs, with the first line that does.
pub(super) fn compare(
    files: impl Iterator<Item = File>,
    folder: &Path,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (mut compared, mut differing) = (0_u64, 0_u64);
    for file in files {
        compared += 1;
        let path = folder.join(&file.name);
        // What is much longer is another document, whatever else stands in it.
        let most = (file.content.len() as u64).saturating_mul(2) + SLACK_BYTES;
        let finding = match read_file(&path, most, NamedBy::File) {
            Ok(there) if there == file.content.as_bytes() => continue,
            Ok(there) => differs(&path, &String::from_utf8_lossy(&there), &file.content),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Diagnostic::error("the document is missing").at(&path)
            }
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                Diagnostic::error("the document is not up to date").at(&path)
            }
            Err(error) => {
                let told = Diagnostic::error(format!("the document can't be read: {error}"));
                return Err(told.at(&path).into());
            }
        };
        differing += 1;
        human::write(
            out,
            &finding.with_help("write it again: the same command without `--check`"),
        )?;
        writeln!(out)?;
    }
    out.flush()?;
    let are = if differing == 1 { "is" } else { "are" };
    writeln!(
        err,
        "compared {}: {differing} {are} not up to date",
        counted(compared, "file")
    )?;
    Ok(match differing {
        0 => Exit::Clean,
        _ => Exit::Findings,
    })
}

/// Says which line is the first that differs, and how.
fn differs(path: &Path, there: &str, now: &str) -> Diagnostic {
    let same = there.lines().zip(now.lines());
    let same = same.take_while(|(there, now)| there == now).count();
    let mut location = Location::file(path.display().to_string());
    location.line = u32::try_from(same + 1).ok();
    let line = |text: &str| match text.lines().nth(same) {
        Some(line) => shortened(line),
        None => "nothing more".to_owned(),
    };
    Diagnostic::error("the document is not up to date")
        .at_location(location)
        .with_note(format!("it says:       {}", line(there)))
        .with_note(format!("it would say:  {}", line(now)))
}

/// The start of a line.
fn shortened(line: &str) -> String {
    let mut letters = line.chars();
    let start: String = letters.by_ref().take(MAX_SHOWN).collect();
    match letters.next() {
        Some(_) => start + "…",
        None => start,
    }
}
