//! Finds the bytes of a program that hold records.

use object::{
    Object, ObjectSection,
    read::{
        FileKind,
        macho::{FatArch, MachOFatFile32, MachOFatFile64},
    },
};
use slo_model::record::{SECTION, SECTION_MACHO};

/// Bytes to look for records in.
#[derive(Debug)]
pub(super) enum Searched<'a> {
    /// The sections made for records, with the place in the file where each one starts.
    Sections(Vec<(u64, &'a [u8])>),
    /// The whole file, because it has no such section: nothing in it may look like a record
    /// by anything but chance.
    Whole(&'a [u8]),
}

/// A program with more sections than these is searched as a whole: each name takes time that grows
/// with the table of names.
const MAX_SECTIONS: usize = 10_000;

/// Why there are none.
#[derive(Debug)]
pub(super) enum NoSections {
    /// The file is none that a computer runs; what it is, where that is known.
    NoProgram(Option<&'static str>),
    /// It starts like one, but its structure is damaged.
    Damaged(object::Error),
}

/// The sections of a program that hold records.
///
/// A linker may split one section name into several sections, and a fat Mach-O file holds
/// several programs: all of them count.
pub(super) fn find(file: &[u8]) -> Result<Searched<'_>, NoSections> {
    let kind = FileKind::parse(file).map_err(|_| NoSections::NoProgram(guess(file)))?;
    let mut found = Vec::new();
    match kind {
        FileKind::MachOFat32 => {
            let fat = MachOFatFile32::parse(file).map_err(NoSections::Damaged)?;
            slices(fat.arches(), file, &mut found)?;
        }
        FileKind::MachOFat64 => {
            let fat = MachOFatFile64::parse(file).map_err(NoSections::Damaged)?;
            slices(fat.arches(), file, &mut found)?;
        }
        FileKind::DyldCache | FileKind::CoffImport => {
            return Err(NoSections::NoProgram(Some("a library of the system")));
        }
        _ => collect(file, 0, &mut found)?,
    }
    let found = once(file, found);
    if found.is_empty() {
        return Ok(Searched::Whole(file));
    }
    Ok(Searched::Sections(found))
}

/// Every byte once: any number of sections can be said to be the same bytes.
fn once<'a>(file: &[u8], mut found: Vec<(u64, &'a [u8])>) -> Vec<(u64, &'a [u8])> {
    let place = |bytes: &[u8]| bytes.as_ptr().addr().saturating_sub(file.as_ptr().addr());
    found.sort_by_key(|(_, bytes)| (place(bytes), usize::MAX - bytes.len()));
    let mut end = 0_usize;
    found.retain_mut(|(start, bytes)| {
        let is_new = bytes.is_empty() || end < place(bytes) + bytes.len();
        let known = end.saturating_sub(place(bytes)).min(bytes.len());
        *start += known as u64;
        *bytes = &bytes[known..];
        end = end.max(place(bytes) + bytes.len());
        is_new
    });
    found
}

/// True where the file is a program for Windows.
pub(super) fn is_windows(file: &[u8]) -> bool {
    matches!(
        FileKind::parse(file),
        Ok(FileKind::Pe32 | FileKind::Pe64 | FileKind::Coff | FileKind::CoffBig)
    )
}

fn slices<'a, Arch: FatArch>(
    arches: &[Arch],
    file: &'a [u8],
    found: &mut Vec<(u64, &'a [u8])>,
) -> Result<(), NoSections> {
    for arch in arches {
        let slice = arch.data(file).map_err(NoSections::Damaged)?;
        let (start, _) = arch.file_range();
        collect(slice, start, found)?;
    }
    Ok(())
}

/// Modules of WebAssembly have sections; a component is made of them.
pub(super) const WASM_COMPONENT: &str = "a WebAssembly component";

/// What else a file may be that somebody takes for a program.
fn guess(file: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 7] = [
        (b"!<arch>", "an archive of object files"),
        (b"#!", "a script"),
        (b"\x1f\x8b", "compressed with gzip"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\0asm\x0d\0\x01\0", WASM_COMPONENT),
        (b"{", "JSON"),
    ];
    let known = STARTS.iter().find(|(start, _)| file.starts_with(start));
    known.map(|(_, what)| *what)
}

fn collect<'a>(
    program: &'a [u8],
    start: u64,
    found: &mut Vec<(u64, &'a [u8])>,
) -> Result<(), NoSections> {
    let object = object::File::parse(program).map_err(NoSections::Damaged)?;
    if object.sections().nth(MAX_SECTIONS).is_some() {
        return Ok(());
    }
    for section in object.sections() {
        // A section whose name can't be read is not ours; the file may still be fine.
        let Ok(SECTION | SECTION_MACHO) = section.name() else {
            continue;
        };
        let data = section.data().map_err(NoSections::Damaged)?;
        let at = section.file_range().map_or(0, |(offset, _)| offset);
        found.push((start + at, data));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::once;

    /// Any number of sections can be said to be the same bytes: they are searched once.
    #[test]
    fn no_byte_is_searched_twice() {
        let file = b"0123456789";
        let of = |parts: &[(usize, usize)]| {
            let found = parts
                .iter()
                .map(|(from, to)| (*from as u64, &file[*from..*to]));
            let found = once(file, found.collect());
            let texts = found.iter().map(|(start, bytes)| {
                let start = usize::try_from(*start).unwrap();
                assert_eq!(&file[start..start + bytes.len()], *bytes);
                str::from_utf8(bytes).unwrap()
            });
            texts.collect::<Vec<_>>().join(",")
        };
        assert_eq!(of(&[(6, 8), (0, 2)]), "01,67");
        assert_eq!(of(&[(0, 10); 1000]), "0123456789");
        assert_eq!(of(&[(2, 4), (0, 10), (3, 5)]), "0123456789");
        assert_eq!(of(&[(4, 8), (0, 6), (5, 10)]), "012345,67,89");
        assert_eq!(of(&[(3, 3)]), "");
    }
}
