//! The one way files are read: to a limit that counts the bytes that come, not those that a
//! length promised.
//!
//! What has no length (a device, a pipe, a link to one) is refused where a file names it:
//! whoever wrote that file must not make this program wait, or fill its memory. Where the
//! person who runs the program names it, it is read to the limit, so that `--slo-toml
//! <(generate)` works.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// Who named a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// The person who runs the program, as an argument.
    Person,
    /// A file, or a folder that lists it.
    File,
}

/// The bytes of a file.
///
/// # Errors
/// Where it can't be read, is a folder, is no regular file and not named by a person, or is
/// longer than `most` bytes.
pub(crate) fn read(path: &Path, most: u64, named_by: NamedBy) -> io::Result<Vec<u8>> {
    // Before opening: to open a pipe that nobody writes to would wait for ever.
    check(&fs::metadata(path)?, most, named_by)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata, most, named_by)?;
    let length = usize::try_from(metadata.len()).unwrap_or_default();
    let mut bytes = Vec::with_capacity(length.saturating_add(1));
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        true => Ok(bytes),
        false => Err(too_long(most)),
    }
}

/// The same as text in UTF-8.
///
/// # Errors
/// As [`read`], and where it is no such text.
pub(crate) fn read_text(path: &Path, most: u64, named_by: NamedBy) -> io::Result<String> {
    String::from_utf8(read(path, most, named_by)?).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "stream did not contain valid UTF-8",
        )
    })
}

fn check(metadata: &fs::Metadata, most: u64, named_by: NamedBy) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() && named_by == NamedBy::File {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is a device or a pipe, not a file",
        ));
    }
    match metadata.len() > most {
        true => Err(too_long(most)),
        false => Ok(()),
    }
}

fn too_long(most: u64) -> io::Error {
    let length = match most >> 20 {
        0 => format!("{most} bytes"),
        mebibytes => format!("{mebibytes} MiB"),
    };
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!("it is longer than {length}"),
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
