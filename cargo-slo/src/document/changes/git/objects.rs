//! Commits, trees and files by their hashes.

use super::{
    GitError, Repository,
    commit::{Head, head_of},
};
use gix_hash::ObjectId;
use gix_object::{Find, FindHeader, Kind, TreeRefIter};
use gix_odb::{Handle, store::init::Options};
use std::collections::HashMap;

/// Longest object that is looked at, in bytes, and longest that one is told by its difference
/// from: more is neither a commit nor a folder nor anything written by hand.
const MAX_OBJECT_BYTES: usize = 16 << 20;

/// How many folders are remembered, so that few are read twice.
const MAX_REMEMBERED: usize = 100_000;

/// The objects of a repository.
pub(in super::super) struct Objects<'a> {
    repository: &'a Repository,
    handle: Handle,
    buffer: Vec<u8>,
    /// What a path leads to, from a folder.
    found: HashMap<(ObjectId, String), Option<ObjectId>>,
}

impl Objects<'_> {
    pub(in super::super) fn open(repository: &Repository) -> Result<Objects<'_>, GitError> {
        let kind = repository
            .head
            .map_or(gix_hash::Kind::Sha1, |head| head.kind());
        let options = Options {
            alloc_limit_bytes: Some(MAX_OBJECT_BYTES),
            ..Options::default()
        };
        let handle = gix_odb::at_opts(&repository.objects, kind, None, options)
            .map_err(|error| repository.damaged(&error))?;
        Ok(Objects {
            repository,
            handle,
            buffer: Vec::new(),
            found: HashMap::new(),
        })
    }

    /// What a commit says about itself.
    pub(super) fn commit(&mut self, id: ObjectId) -> Result<Head, GitError> {
        self.find(id, Kind::Commit)?;
        let kind = id.kind();
        head_of(&self.buffer, kind).ok_or_else(|| {
            self.repository
                .damaged(&format!("object {id} is not a commit"))
        })
    }

    /// What a file holds; `None` if it is longer than `most` bytes, or than any that is read.
    pub(in super::super) fn content(
        &mut self,
        id: ObjectId,
        most: u64,
    ) -> Result<Option<&[u8]>, GitError> {
        let header = self
            .handle
            .try_header(&id)
            .map_err(|error| self.repository.damaged(&error))?
            .ok_or_else(|| self.missing(id))?;
        if header.size > most.min(MAX_OBJECT_BYTES as u64) {
            return Ok(None);
        }
        self.find(id, Kind::Blob)?;
        Ok(Some(&self.buffer))
    }

    /// The file that a path leads to from a folder, if there is one.
    pub(super) fn file(
        &mut self,
        folder: ObjectId,
        path: &str,
    ) -> Result<Option<ObjectId>, GitError> {
        let key = (folder, path.to_owned());
        if let Some(found) = self.found.get(&key) {
            return Ok(*found);
        }
        let (name, rest) = match path.split_once('/') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let found = match (self.entry(folder, name)?, rest) {
            (Some((id, true)), Some(rest)) => self.file(id, rest)?,
            (Some((id, false)), None) => Some(id),
            _ => None,
        };
        if self.found.len() >= MAX_REMEMBERED {
            self.found.clear();
        }
        self.found.insert(key, found);
        Ok(found)
    }

    /// What a folder holds under a name, and whether that is a folder; links and other
    /// repositories are not what is looked for.
    fn entry(
        &mut self,
        folder: ObjectId,
        name: &str,
    ) -> Result<Option<(ObjectId, bool)>, GitError> {
        self.find(folder, Kind::Tree)?;
        for entry in TreeRefIter::from_bytes(&self.buffer, folder.kind()) {
            let entry = entry.map_err(|error| self.repository.damaged(&error))?;
            if entry.filename == name {
                let mode = entry.mode;
                let wanted = mode.is_tree() || mode.is_blob();
                return Ok(wanted.then(|| (entry.oid.to_owned(), mode.is_tree())));
            }
        }
        Ok(None)
    }

    fn find(&mut self, id: ObjectId, kind: Kind) -> Result<(), GitError> {
        let found = Find::try_find(&self.handle, &id, &mut self.buffer)
            .map_err(|error| self.repository.damaged(&error))?
            .map(|data| (data.kind, data.data.len()));
        match found {
            Some((found, length)) if found == kind => {
                self.buffer.truncate(length);
                Ok(())
            }
            Some(_) => Err(self
                .repository
                .damaged(&format!("object {id} is not a {kind}"))),
            None => Err(self.missing(id)),
        }
    }

    fn missing(&self, id: ObjectId) -> GitError {
        GitError::Missing {
            folder: self.repository.root.clone(),
            object: id.to_string(),
        }
    }
}
