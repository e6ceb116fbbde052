//! Files that appear all at once or not at all.
//!
//! Each file is written into a folder beside its place as soon as it is made, so that no more than
//! one is held in memory. Only when the last one is safe on disk are they renamed into their
//! places, one right after the other. Whatever fails before leaves no trace; if a rename fails,
//! those before it are taken back.
//!
//! A Prometheus that reloads its rules meanwhile sees old files or new ones, never half of
//! one. What a run that is killed leaves, the next one into the same folder removes.

use super::{
    Kept, Replace,
    lasting::{sync, sync_folder},
    staging::{Staging, remove_left},
};
use crate::outputs::{File, WriteError};
use std::{
    collections::{HashMap, HashSet},
    ffi::{OsStr, OsString},
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Writes files into a folder, which is made where it is missing, and lists their paths. Those
/// that this program wrote before are replaced.
///
/// # Errors
/// At the first file that can't be written, or if files would be replaced that are not ours;
/// then none is.
pub fn write(
    folder: &Path,
    files: impl IntoIterator<Item = File>,
) -> Result<Vec<PathBuf>, WriteError> {
    let mut delivery = Delivery::into(folder, Replace::Ours)?;
    for file in files {
        delivery.stage(&file)?;
    }
    delivery.finish()
}

/// Files on their way into a folder. Dropped before it is [finished](Delivery::finish), it
/// leaves the folder as it was.
#[derive(Debug)]
pub struct Delivery {
    folder: PathBuf,
    replace: Replace,
    is_interrupted: fn() -> bool,
    /// Folders that were missing, the outermost first.
    made: Vec<PathBuf>,
    /// What earlier runs left, and is removed.
    left: Vec<PathBuf>,
    staging: Option<Staging>,
    staged: Vec<Staged>,
    taken: HashSet<OsString>,
    kept: Vec<(PathBuf, Kept)>,
    /// What files that are edited still have to hold.
    edited: HashMap<PathBuf, Vec<u8>>,
}

/// A whole file beside its place.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) place: PathBuf,
    pub(super) content: PathBuf,
}

/// A file in its place.
struct Placed {
    place: PathBuf,
    /// What was there before, under another name.
    before: Option<PathBuf>,
}

impl Delivery {
    /// Starts with a folder, which is made where it is missing.
    ///
    /// # Errors
    /// If it can't be made, or if it is not a folder.
    pub fn into(folder: &Path, replace: Replace) -> Result<Delivery, WriteError> {
        let mut delivery = Delivery {
            folder: folder.to_owned(),
            replace,
            is_interrupted: || false,
            made: Vec::new(),
            left: Vec::new(),
            staging: None,
            staged: Vec::new(),
            taken: HashSet::new(),
            kept: Vec::new(),
            edited: HashMap::new(),
        };
        let missing = folder.ancestors().take_while(|path| {
            !path.as_os_str().is_empty()
                && fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        });
        let mut missing: Vec<_> = missing.map(Path::to_owned).collect();
        missing.reverse();
        for path in missing {
            fs::create_dir(&path).map_err(|error| WriteError::io(&path, error))?;
            delivery.made.push(path);
        }
        let here = delivery.folder();
        if !fs::metadata(here)
            .map_err(|error| WriteError::io(folder, error))?
            .is_dir()
        {
            return Err(WriteError::io(folder, io::ErrorKind::NotADirectory.into()));
        }
        let left = remove_left(here);
        delivery.left = left;
        Ok(delivery)
    }

    /// Stops with [`WriteError::Interrupted`] when this becomes true.
    #[must_use]
    pub fn until(mut self, is_interrupted: fn() -> bool) -> Delivery {
        self.is_interrupted = is_interrupted;
        self
    }

    /// Returns what runs that were killed had left in the folder, and is gone.
    pub fn removed(&self) -> &[PathBuf] {
        &self.left
    }

    fn folder(&self) -> &Path {
        match self.folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.folder,
        }
    }

    /// Writes a file beside its place.
    ///
    /// # Errors
    /// If it can't be, where another file of this delivery has its name, or if a
    /// folder has it. That it may not replace what is there is told by
    /// [`finish`](Delivery::finish), for all files together.
    pub fn stage(&mut self, file: &File) -> Result<(), WriteError> {
        self.stage_as(file.name.as_ref(), &file.content)
    }

    /// The same for a file with any name that the system takes.
    ///
    /// # Errors
    /// See [`stage`](Delivery::stage).
    pub fn stage_as(&mut self, name: &OsStr, content: &str) -> Result<(), WriteError> {
        if (self.is_interrupted)() {
            return Err(WriteError::Interrupted);
        }
        let place = self.folder.join(name);
        if !self.taken.insert(one_on_this_system(name)) {
            return Err(WriteError::SameName { path: place });
        }
        if let Some(kept) = self.kept_at(&place)? {
            self.kept.push((place, kept));
            return Ok(());
        }
        match self.write_beside(content.as_bytes()) {
            Ok(content) => {
                self.staged.push(Staged { place, content });
                Ok(())
            }
            Err(error) => Err(WriteError::io(&place, error)),
        }
    }

    /// The same for a file that somebody else wrote, which is replaced by another version of itself:
    /// only as long as it holds `before`, and with its permissions.
    ///
    /// # Errors
    /// See [`stage`](Delivery::stage).
    pub fn stage_edit(
        &mut self,
        name: &OsStr,
        before: &str,
        after: &str,
    ) -> Result<(), WriteError> {
        let place = self.folder.join(name);
        self.edited
            .insert(place.clone(), before.as_bytes().to_vec());
        let staged = self.staged.len();
        self.stage_as(name, after)?;
        if let Some(staged) = self.staged.get(staged) {
            fs::metadata(&place)
                .and_then(|there| fs::set_permissions(&staged.content, there.permissions()))
                .map_err(|error| WriteError::io(&place, error))?;
        }
        Ok(())
    }

    /// Why a file may not go to its place.
    fn kept_at(&self, place: &Path) -> Result<Option<Kept>, WriteError> {
        if let Some(before) = self.edited.get(place) {
            return Kept::unless_still(place, before).map_err(|error| WriteError::io(place, error));
        }
        match fs::symlink_metadata(place) {
            Ok(there) if there.is_dir() => Err(WriteError::Folder {
                path: place.to_owned(),
            }),
            Ok(there) => self
                .replace
                .kept(place, &there)
                .map_err(|error| WriteError::io(place, error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // Such as a name that is too long, which the name beside it is not.
            Err(error) => Err(WriteError::io(place, error)),
        }
    }

    /// Returns how many files are staged.
    pub fn len(&self) -> usize {
        self.staged.len()
    }

    /// True before the first file.
    pub fn is_empty(&self) -> bool {
        self.staged.is_empty()
    }

    /// A path beside the places, on the same file system.
    fn beside(&mut self) -> io::Result<PathBuf> {
        if let Some(staging) = &mut self.staging {
            return Ok(staging.path());
        }
        let staging = Staging::within(self.folder())?;
        Ok(self.staging.insert(staging).path())
    }

    fn write_beside(&mut self, content: &[u8]) -> io::Result<PathBuf> {
        let path = self.beside()?;
        // Closed at the end: a thousand open files are more than many systems allow.
        let mut file = fs::File::create_new(&path)?;
        file.write_all(content)?;
        Ok(path)
    }

    /// Puts all files in their places and lists these.
    ///
    /// # Errors
    /// If one can't be put there, or may not replace what is there; those before it are then
    /// as they were.
    pub fn finish(mut self) -> Result<Vec<PathBuf>, WriteError> {
        if !self.kept.is_empty() {
            return Err(WriteError::Kept {
                files: std::mem::take(&mut self.kept),
            });
        }
        let is_interrupted = self.is_interrupted;
        sync(&self.staged, &is_interrupted)?;
        let staged = std::mem::take(&mut self.staged);
        // A single rename needs no way back.
        let keep = staged.len() > 1;
        let mut placed: Vec<Placed> = Vec::with_capacity(staged.len());
        for Staged { place, content } in staged {
            match self.put(&place, &content, keep) {
                Ok(before) => placed.push(Placed { place, before }),
                Err(error) => return Err(undo(placed, error)),
            }
        }
        // The folders hold something now.
        self.made.clear();
        sync_folder(self.folder());
        Ok(placed.into_iter().map(|placed| placed.place).collect())
    }

    /// Renames a file into its place and gives back what was there.
    fn put(
        &mut self,
        place: &Path,
        content: &Path,
        keep: bool,
    ) -> Result<Option<PathBuf>, WriteError> {
        if (self.is_interrupted)() {
            return Err(WriteError::Interrupted);
        }
        // Somebody may have written it meanwhile.
        if let Some(kept) = self.kept_at(place)? {
            return Err(WriteError::Kept {
                files: vec![(place.to_owned(), kept)],
            });
        }
        self.rename(place, content, keep)
            .map_err(|error| WriteError::io(place, error))
    }

    fn rename(&mut self, place: &Path, content: &Path, keep: bool) -> io::Result<Option<PathBuf>> {
        let before = match keep && fs::symlink_metadata(place).is_ok() {
            true => Some(self.keep(place)?),
            false => None,
        };
        fs::rename(content, place)?;
        Ok(before)
    }

    /// Gives a file a second name, or a copy where the file system knows no second names.
    fn keep(&mut self, place: &Path) -> io::Result<PathBuf> {
        let path = self.beside()?;
        fs::hard_link(place, &path).or_else(|_| fs::copy(place, &path).map(drop))?;
        Ok(path)
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        // Before the folder that it is in.
        self.staging = None;
        for folder in self.made.drain(..).rev() {
            // Not empty any more: somebody else uses it.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Takes files out of their places, the last one first, and tells why.
fn undo(placed: Vec<Placed>, cause: WriteError) -> WriteError {
    let mut told = cause;
    for Placed { place, before } in placed.into_iter().rev() {
        let undone = match before {
            Some(before) => fs::rename(before, &place),
            None => fs::remove_file(&place),
        };
        if let Err(error) = undone {
            told = WriteError::NotUndone {
                path: place,
                error,
                cause: Box::new(told),
            };
        }
    }
    told
}

/// What names the same file have in common: everything, or all but the case.
fn one_on_this_system(name: &OsStr) -> OsString {
    match name.to_str() {
        Some(name) if cfg!(any(windows, target_os = "macos")) => name.to_lowercase().into(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn file(name: &str, content: &str) -> File {
        File {
            name: name.into(),
            content: content.into(),
        }
    }

    /// A file that says we wrote it.
    fn ours(name: &str, content: &str) -> File {
        file(name, &marked(content))
    }

    fn marked(content: &str) -> String {
        format!("# Generated by cargo-slo 0.0.1\n{content}")
    }

    /// Every name in a folder and what it holds.
    fn content(folder: &Path) -> BTreeMap<String, String> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let content = entries.map(|entry| {
            let content = fs::read_to_string(entry.path()).unwrap_or("(folder)".into());
            (entry.file_name().into_string().unwrap(), content)
        });
        content.collect()
    }

    #[cfg(unix)]
    #[test]
    fn an_edited_file_is_the_one_that_was_read_and_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("src/a.rs");
        fs::create_dir(folder.path().join("src")).unwrap();
        let write = |text: &str, mode| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let edit = |meanwhile: &dyn Fn()| {
            let mut delivery = Delivery::into(folder.path(), Replace::Nothing)?;
            delivery.stage_edit("src/a.rs".as_ref(), "old", "new")?;
            meanwhile();
            delivery.finish()
        };
        write("old", 0o751);
        edit(&|| ()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o751);
        // Changed before, and while others are staged.
        for (text, later) in [("other", ""), ("old", "saved")] {
            write(text, 0o644);
            let error = edit(&|| {
                if !later.is_empty() {
                    fs::write(&path, later).unwrap();
                }
            });
            let error = error.unwrap_err();
            assert!(matches!(error, WriteError::Kept { .. }), "{error:?}");
            let now = if later.is_empty() { text } else { later };
            assert_eq!(fs::read_to_string(&path).unwrap(), now);
        }
        write("old", 0o444);
        assert!(matches!(edit(&|| ()), Err(WriteError::Kept { .. })));
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", &path).unwrap();
        assert!(matches!(edit(&|| ()), Err(WriteError::Kept { .. })));
    }

    #[test]
    fn files_are_replaced_whole_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new/folder");
        for content in ["first", "second"] {
            let files = ["a", "b"].map(|name| ours(name, content));
            let written = write(&folder, files).unwrap();
            assert_eq!(written, [folder.join("a"), folder.join("b")]);
            assert_eq!(fs::read_to_string(&written[1]).unwrap(), marked(content));
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    }

    #[test]
    fn nothing_is_in_its_place_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("new/folder");
        let mut delivery = Delivery::into(&missing, Replace::Ours).unwrap();
        delivery.stage(&file("a", "x")).unwrap();
        assert!(!missing.join("a").exists());
        drop(delivery);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_can_not_be_put_in_its_place_takes_the_others_back() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write(folder, [ours("old", "old"), ours("other", "other")]).unwrap();
        let mut delivery = Delivery::into(folder, Replace::Ours).unwrap();
        for name in ["old", "new", "stuck", "later"] {
            delivery.stage(&file(name, "changed")).unwrap();
        }
        fs::create_dir(folder.join("stuck")).unwrap();
        let (old, other) = (marked("old"), marked("other"));
        let before = [("old", &*old), ("other", &other), ("stuck", "(folder)")];
        let before = before.map(|(name, content)| (name.to_owned(), content.to_owned()));
        let error = delivery.finish().unwrap_err();
        assert!(
            error
                .to_string()
                .contains("stuck: can't be written: a folder has this name"),
            "{error}"
        );
        assert_eq!(content(folder), BTreeMap::from(before));
    }

    #[test]
    fn what_can_not_be_taken_back_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let gone = Placed {
            place: folder.path().join("gone"),
            before: None,
        };
        let told = undo(
            vec![gone],
            WriteError::io(Path::new("stuck"), io::ErrorKind::StorageFull.into()),
        );
        let text = told.diagnostic();
        assert!(
            told.to_string().contains("gone: could not be put back"),
            "{told}"
        );
        assert!(
            text.notes[0].contains("because of stuck: can't be written"),
            "{text:?}"
        );
    }

    #[test]
    fn names_that_are_taken_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::create_dir(folder.join("a")).unwrap();
        let error = write(folder, [file("b", ""), file("a", "")]).unwrap_err();
        assert!(matches!(error, WriteError::Folder { .. }), "{error}");
        let error = write(folder, [file("b", ""), file("b", "")]).unwrap_err();
        assert!(matches!(error, WriteError::SameName { .. }), "{error}");
        let error = write(folder, [file("b", ""), file(&"c".repeat(300), "")]).unwrap_err();
        assert!(matches!(error, WriteError::Io { .. }), "{error}");
        assert_eq!(content(folder).len(), 1);
    }

    #[test]
    fn a_folder_that_is_none_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), file.path().join("below")] {
            let error = write(&path, []).unwrap_err();
            assert!(
                error.to_string().starts_with(&*path.to_string_lossy()),
                "{error}"
            );
        }
    }

    #[test]
    fn nothing_of_others_is_replaced_unless_a_person_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("theirs"), "by hand").unwrap();
        fs::write(folder.join("read-only"), marked("")).unwrap();
        fs::write(folder.join("empty"), "").unwrap();
        let mut permissions = fs::metadata(folder.join("read-only"))
            .unwrap()
            .permissions();
        permissions.set_readonly(true);
        fs::set_permissions(folder.join("read-only"), permissions).unwrap();
        let before = content(folder);
        let all = ["theirs", "read-only", "empty", "new"];
        let Err(WriteError::Kept { files }) = write(folder, all.map(|name| ours(name, "n"))) else {
            panic!("it was replaced");
        };
        let kept = [("theirs", Kept::NotOurs), ("read-only", Kept::ReadOnly)];
        assert_eq!(files, kept.map(|(name, kept)| (folder.join(name), kept)));
        assert_eq!(content(folder), before);

        let mut delivery = Delivery::into(folder, Replace::Nothing).unwrap();
        delivery.stage(&file("empty", "x")).unwrap();
        assert!(delivery.finish().is_err());
        let mut delivery = Delivery::into(folder, Replace::Anything).unwrap();
        for name in all {
            delivery.stage(&ours(name, "n")).unwrap();
        }
        assert_eq!(delivery.finish().unwrap().len(), 4);
        assert!(content(folder).values().all(|text| *text == marked("n")));
    }

    #[test]
    fn what_is_written_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let mut delivery = Delivery::into(folder, Replace::Ours).unwrap();
        for name in ["a", "b"] {
            delivery.stage(&ours(name, "n")).unwrap();
        }
        fs::write(folder.join("b"), "by hand").unwrap();
        assert!(matches!(delivery.finish(), Err(WriteError::Kept { .. })));
        let before = [("b".to_owned(), "by hand".to_owned())];
        assert_eq!(content(folder), BTreeMap::from(before));
    }

    #[test]
    fn an_interrupt_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("new");
        let mut delivery = Delivery::into(&missing, Replace::Ours).unwrap();
        for n in 0..20 {
            delivery.stage(&file(&n.to_string(), "x")).unwrap();
        }
        let error = delivery.until(|| true).finish().unwrap_err();
        assert!(matches!(error, WriteError::Interrupted), "{error}");
        let mut delivery = Delivery::into(&missing, Replace::Ours)
            .unwrap()
            .until(|| true);
        assert!(delivery.stage(&file("a", "x")).is_err());
        drop(delivery);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
