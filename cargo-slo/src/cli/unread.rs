//! Files that could not be read, where a command goes on without them.

use super::{Exit, failure::Failure};
use crate::{
    diagnostics::{Diagnostic, human},
    text::{numbers::counted, visible},
};
use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

/// More files than these are a number in the summary.
const NAMED: usize = 10;

/// Files that were left out, because they could not be read.
#[derive(Debug, Default)]
pub(super) struct Unread {
    keeps_going: bool,
    files: BTreeSet<PathBuf>,
}

impl Unread {
    /// No file yet; if `keeps_going` is false, there will be none.
    pub(super) fn new(keeps_going: bool) -> Unread {
        Unread {
            keeps_going,
            files: BTreeSet::new(),
        }
    }

    /// True if the command goes on without what it can't read.
    pub(super) fn keeps_going(&self) -> bool {
        self.keeps_going
    }

    /// True if there is such a file.
    pub(super) fn has_left_out(&self) -> bool {
        !self.files.is_empty()
    }

    /// Reports why files are left out.
    pub(super) fn leave_out<'a>(
        &mut self,
        files: impl IntoIterator<Item = &'a Path>,
        why: &[Diagnostic],
        err: &mut dyn Write,
    ) -> Result<(), Failure> {
        self.files.extend(files.into_iter().map(Path::to_owned));
        for diagnostic in why {
            human::write(err, diagnostic)?;
        }
        Ok(())
    }

    /// The exit code of a command that ends with another one where every file was read: what was
    /// left out is summed up, and the job was not done.
    pub(super) fn exit(&self, exit: Exit, err: &mut dyn Write) -> Result<Exit, Failure> {
        if self.files.is_empty() {
            return Ok(exit);
        }
        let first = self.files.iter().take(NAMED);
        let mut names: Vec<_> = first
            .map(|file| visible(&file.display().to_string()).into_owned())
            .collect();
        if self.files.len() > NAMED {
            names.push(format!("and {} more", self.files.len() - NAMED));
        }
        let count = u64::try_from(self.files.len()).unwrap_or(u64::MAX);
        writeln!(
            err,
            "{} could not be read and {} left out: {}",
            counted(count, "file"),
            if count == 1 { "was" } else { "were" },
            names.join(", ")
        )?;
        Ok(Exit::Failed)
    }
}
