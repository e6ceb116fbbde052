//! The one way files are read: to a limit that counts the bytes that come, not those that a
//! length promised.
//!
//! What has no length (a device, a pipe, a link to one) is refused where a file names it:
//! whoever wrote that file must not make this program wait, or fill its memory. Where the
//! person who runs the program names it, it is read to the limit, so that `--slo-toml
//! <(generate)` works. clippy's `disallowed-methods` keeps other ways out of this crate.

use super::Folders;
use std::{
    fmt,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Who named a file.
#[derive(Clone, Copy, Debug)]
pub enum NamedBy<'a> {
    /// The person who runs the program, as an argument.
    Person,
    /// A file, or a folder that lists it.
    File,
    /// A file that may name only what lies in some folders.
    FileWithin(&'a Folders),
}

impl NamedBy<'_> {
    fn is_person(self) -> bool {
        matches!(self, NamedBy::Person)
    }
}

/// The bytes of a file.
///
/// # Errors
/// If it can't be read, is a folder, is not a regular file and not named by a person, lies
/// outside of the folders it may lie in, or is longer than `most` bytes.
pub(crate) fn read(path: &Path, most: u64, named_by: NamedBy<'_>) -> io::Result<Vec<u8>> {
    let (file, length) = open(path, named_by)?;
    if length > most {
        return Err(too_long(most));
    }
    let length = usize::try_from(length).unwrap_or_default();
    whole(file, most, Vec::with_capacity(length.saturating_add(1)))
}

/// What comes from standard input, as text in UTF-8.
///
/// # Errors
/// If it can't be read, is longer than `most` bytes, or if it is not valid UTF-8.
pub(crate) fn read_stdin(most: u64) -> io::Result<String> {
    read_stream(io::stdin().lock(), most)
}

/// What comes from something that has no length, as text in UTF-8.
///
/// # Errors
/// As [`read_stdin`].
pub(crate) fn read_stream(from: impl Read, most: u64) -> io::Result<String> {
    text(whole(from, most, Vec::new())?)
}

fn whole(from: impl Read, most: u64, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    take(from, most.saturating_add(1), &mut bytes)?;
    match u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        true => Ok(bytes),
        false => Err(too_long(most)),
    }
}

/// The same as text in UTF-8.
///
/// # Errors
/// As [`read`], or if it is not valid UTF-8.
pub(crate) fn read_text(path: &Path, most: u64, named_by: NamedBy<'_>) -> io::Result<String> {
    text(read(path, most, named_by)?)
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "stream did not contain valid UTF-8",
        )
    })
}

/// At most the first `most` bytes of a file of any length that another file names.
///
/// # Errors
/// As [`read`], whatever the length.
pub(crate) fn read_head(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let (file, _) = open(path, NamedBy::File)?;
    let mut bytes = Vec::new();
    take(file, most, &mut bytes)?;
    Ok(bytes)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is what everything else is to use"
)]
pub(crate) fn take(from: impl Read, most: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    from.take(most).read_to_end(bytes).map(drop)
}

/// An open file and the length that it says it has.
#[expect(
    clippy::disallowed_methods,
    reason = "this is what everything else is to use"
)]
fn open(path: &Path, named_by: NamedBy<'_>) -> io::Result<(File, u64)> {
    let resolved;
    let path = match named_by {
        NamedBy::FileWithin(folders) => {
            resolved = folders.resolve(path)?;
            &resolved
        }
        NamedBy::Person | NamedBy::File => path,
    };
    // Before opening: to open a pipe that nobody writes to would wait for ever.
    check(&fs::metadata(path)?, named_by)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata, named_by)?;
    Ok((file, metadata.len()))
}

fn check(metadata: &fs::Metadata, named_by: NamedBy<'_>) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    match metadata.is_file() || named_by.is_person() {
        true => Ok(()),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is a device or a pipe, not a file",
        )),
    }
}

fn too_long(most: u64) -> io::Error {
    let length = match (most >> 20, most >> 10) {
        (0, 0) => format!("{most} bytes"),
        (0, kibibytes) => format!("{kibibytes} KiB"),
        (mebibytes, _) => format!("{mebibytes} MiB"),
    };
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!("it is longer than {length}"),
    )
}

/// A file names another that it may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outside {
    /// The folder that it may name files in.
    pub(super) root: Option<PathBuf>,
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Some(root) => write!(f, "it lies outside of {}", root.display()),
            None => f.write_str("it lies outside of the repository"),
        }
    }
}

impl std::error::Error for Outside {}

/// The way out, where a file may not be named by another.
pub(crate) fn way_out(error: &io::Error) -> Option<&'static str> {
    error.get_ref()?.is::<Outside>().then_some(
        "a file of a repository names only files of that repository, links followed; copy it there, \
         or name it yourself: the file as an argument, or its folder with `--may-read DIR`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_to_its_limit_and_not_beyond() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "1234").unwrap();
        for named_by in [NamedBy::Person, NamedBy::File] {
            assert_eq!(read(&path, 4, named_by).unwrap(), b"1234");
            let error = read(&path, 3, named_by).unwrap_err();
            assert_eq!(error.to_string(), "it is longer than 3 bytes");
            let error = read(folder.path(), 3, named_by).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
        }
        fs::write(&path, b"\xff").unwrap();
        assert!(read_text(&path, 4, NamedBy::File).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_length_is_read_only_for_a_person() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for path in [Path::new("/dev/zero"), &link] {
            let error = read(path, 1 << 20, NamedBy::Person).unwrap_err();
            assert_eq!(error.to_string(), "it is longer than 1 MiB");
            let error = read(path, 1 << 20, NamedBy::File).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        }
        assert_eq!(
            read(Path::new("/dev/null"), 1, NamedBy::Person).unwrap(),
            b""
        );
    }
}
