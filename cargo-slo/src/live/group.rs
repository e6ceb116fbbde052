//! The processes of a group, as Linux tells of them: whether they are still building, for a program that
//! does not run yet need not have exported anything, whether they all ended, and which programs they run.

use crate::input::{NamedBy, read_text};
use std::{collections::BTreeSet, fs, path::PathBuf};

/// Longest text about a process.
const MAX_STAT_BYTES: u64 = 4096;

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    id: i32,
    parent: i32,
    /// The first bytes of its program's name.
    name: String,
}

/// Returns the processes of a group that run.
pub(super) fn members(group: i32) -> Vec<Member> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    // One that ended meanwhile is none.
    let stats = processes.filter_map(|process| {
        read_text(&process.path().join("stat"), MAX_STAT_BYTES, NamedBy::File).ok()
    });
    stats.filter_map(|stat| member(&stat, group)).collect()
}

/// Reads `/proc/ID/stat`: `ID (NAME) STATE PARENT GROUP …`. A name may have brackets itself. Nothing is
/// left of one in state `Z` but its code.
fn member(stat: &str, group: i32) -> Option<Member> {
    let (id, rest) = stat.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    let is_gone = words.next()? == "Z";
    let parent = words.next()?.parse().ok()?;
    let is_of_group = words.next()?.parse() == Ok(group);
    (is_of_group && !is_gone).then_some(Member {
        id: id.parse().ok()?,
        parent,
        name: name.to_owned(),
    })
}

/// Returns the programs that processes run, each once, those whose files are still there.
pub(super) fn programs(members: &[Member]) -> Vec<PathBuf> {
    let programs = members
        .iter()
        .filter_map(|member| fs::read_link(format!("/proc/{}/exe", member.id)).ok());
    let programs: BTreeSet<_> = programs.filter(|program| program.is_file()).collect();
    programs.into_iter().collect()
}

/// Whether a compiler runs, or cargo alone: it waits for another one, downloads, or looks at what is
/// to be compiled. `cargo run` becomes the program, and tests are processes of `cargo test`.
pub(super) fn is_building(members: &[Member]) -> bool {
    let is_alone = |cargo: &Member| !members.iter().any(|other| other.parent == cargo.id);
    members.iter().any(|member| match &*member.name {
        "rustc" => true,
        "cargo" => is_alone(member),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_of_a_group() {
        let found = member("7 (a) b (c) S 5 42 9 0 -1", 42);
        let expected = Member {
            id: 7,
            parent: 5,
            name: "a) b (c".to_owned(),
        };
        assert_eq!(found, Some(expected));
        for stat in [
            "7 (a) S 5 4 9",
            "7 (a) S 42 5 9",
            "7 (a S 5 42",
            "7 (a) Z 5 42",
            "7 (a) S 5",
            "",
        ] {
            assert_eq!(member(stat, 42), None, "{stat}");
        }
        let own = rustix::process::getpid().as_raw_nonzero().get();
        let group = members(rustix::process::getpgrp().as_raw_nonzero().get());
        assert!(group.iter().any(|member| member.id == own), "{group:?}");
        let own = std::env::current_exe().unwrap();
        assert!(programs(&group).contains(&own), "{group:?}");
    }

    #[test]
    fn what_is_built_and_what_runs() {
        let is_building = |members: &[(i32, i32, &str)]| {
            let members = members.iter().map(|(id, parent, name)| Member {
                id: *id,
                parent: *parent,
                name: (*name).to_owned(),
            });
            is_building(&members.collect::<Vec<_>>())
        };
        assert!(is_building(&[(2, 1, "cargo")]));
        assert!(is_building(&[
            (2, 1, "sh"),
            (3, 2, "cargo"),
            (4, 3, "rustc")
        ]));
        // One service runs, and another is built.
        assert!(is_building(&[
            (2, 1, "sh"),
            (3, 2, "orders"),
            (4, 2, "cargo")
        ]));
        assert!(!is_building(&[(2, 1, "orders")]));
        assert!(!is_building(&[(2, 1, "cargo"), (3, 2, "tests-0123456789")]));
        assert!(!is_building(&[]));
    }
}
