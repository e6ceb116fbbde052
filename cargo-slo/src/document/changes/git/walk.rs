//! Which commits touched some files.

use super::{GitError, Objects, Repository, commit::Head};

use gix_hash::ObjectId;
use std::collections::HashMap;

/// A commit that touched one of the files asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Commit {
    pub(in super::super) hash: String,
    /// The day it was written.
    pub(in super::super) date: String,
    pub(in super::super) author: String,
    /// For each file asked for that it touched: its place among them, what it was before and
    /// what it became.
    pub(in super::super) files: Vec<Touched>,
}

/// A file that a commit touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Touched {
    /// Its place among those asked for.
    pub(in super::super) file: usize,
    pub(in super::super) before: Option<ObjectId>,
    pub(in super::super) after: Option<ObjectId>,
}

/// A commit on the way.
struct Node {
    head: Head,
    /// The parents that are followed.
    parents: Vec<ObjectId>,
    files: Vec<Option<ObjectId>>,
    /// How many of those that follow it are still to be listed.
    children: usize,
}

/// The files at `HEAD`, and the commits that touched them, the newest first; merges only join
/// what other commits did, and are left out.
///
/// As git does, a side of a merge that left all of these files as they are now is the only one
/// followed: what the other side did was not kept.
pub(in super::super) fn commits(
    repository: &Repository,
    objects: &mut Objects<'_>,
    files: &[&str],
) -> Result<(Vec<Option<ObjectId>>, Vec<Commit>), GitError> {
    let Some(newest) = repository.head else {
        return Ok((vec![None; files.len()], Vec::new()));
    };
    let mut nodes = read(objects, newest, files)?;
    let all: Vec<_> = nodes
        .values()
        .flat_map(|node| node.parents.clone())
        .collect();
    for parent in all {
        if let Some(node) = nodes.get_mut(&parent) {
            node.children += 1;
        }
    }
    let now = nodes[&newest].files.clone();
    let mut commits = Vec::new();
    let mut open = vec![newest];
    while let Some(id) = open.pop() {
        let Node { head, parents, .. } = &nodes[&id];
        if let [parent] = head.parents[..] {
            let (before, after) = (&nodes[&parent].files, &nodes[&id].files);
            let touched: Vec<_> = (0..files.len())
                .filter(|file| before[*file] != after[*file])
                .map(|file| Touched {
                    file,
                    before: before[file],
                    after: after[file],
                })
                .collect();
            if !touched.is_empty() {
                commits.push(Commit {
                    hash: id.to_string(),
                    date: head.date.clone(),
                    author: head.author.clone(),
                    files: touched,
                });
            }
        }
        for parent in parents.clone() {
            if let Some(node) = nodes.get_mut(&parent) {
                node.children -= 1;
                if node.children == 0 {
                    open.push(parent);
                }
            }
        }
    }
    Ok((now, commits))
}

/// All commits that are followed from one.
fn read(
    objects: &mut Objects<'_>,
    newest: ObjectId,
    files: &[&str],
) -> Result<HashMap<ObjectId, Node>, GitError> {
    let mut nodes = HashMap::new();
    let mut read = HashMap::new();
    let mut open = vec![newest];
    while let Some(id) = open.pop() {
        if nodes.contains_key(&id) {
            continue;
        }
        let (head, now) = take(objects, &mut read, id, files)?;
        let mut parents: Vec<ObjectId> = Vec::new();
        for parent in &head.parents {
            if !read.contains_key(parent) && !nodes.contains_key(parent) {
                let node = take(objects, &mut read, *parent, files)?;
                read.insert(*parent, node);
            }
            let before = read
                .get(parent)
                .map(|(_, files)| files)
                .or(nodes.get(parent).map(|node: &Node| &node.files));
            if before == Some(&now) {
                parents = vec![*parent];
                break;
            }
            if !parents.contains(parent) {
                parents.push(*parent);
            }
        }
        open.extend(&parents);
        let node = Node {
            head,
            parents,
            files: now,
            children: 0,
        };
        nodes.insert(id, node);
    }
    Ok(nodes)
}

type Known = HashMap<ObjectId, (Head, Vec<Option<ObjectId>>)>;

/// A commit and the files in it, from what is known or from the repository.
fn take(
    objects: &mut Objects<'_>,
    known: &mut Known,
    id: ObjectId,
    files: &[&str],
) -> Result<(Head, Vec<Option<ObjectId>>), GitError> {
    if let Some(known) = known.remove(&id) {
        return Ok(known);
    }
    let head = objects.commit(id)?;
    let found = files.iter().map(|file| objects.file(head.tree, file));
    let found = found.collect::<Result<_, _>>()?;
    Ok((head, found))
}
