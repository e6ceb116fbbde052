//! Repositories that somebody else made: nothing in them is run, hides something or exhausts
//! the machine.

use crate::doc_history::Repository;
use std::fs;

/// Keys of git that name a program, or something that is fetched from.
const PROGRAMS: [(&str, &str); 22] = [
    ("core.sshCommand", "{}"),
    ("core.fsmonitor", "{}"),
    ("core.pager", "{}"),
    ("core.editor", "{}"),
    ("core.askPass", "{}"),
    ("core.gitProxy", "{}"),
    ("core.alternateRefsCommand", "{}"),
    ("core.attributesFile", "attributes"),
    ("core.worktree", "/"),
    ("credential.helper", "!{}"),
    ("gpg.program", "{}"),
    ("gpg.ssh.program", "{}"),
    ("log.showSignature", "true"),
    ("diff.external", "{}"),
    ("diff.x.textconv", "{}"),
    ("diff.x.command", "{}"),
    ("filter.x.smudge", "{}"),
    ("filter.x.clean", "{}"),
    ("filter.x.process", "{}"),
    ("pager.log", "{}"),
    ("alias.log", "!{}"),
    ("i18n.logOutputEncoding", "UTF-16"),
];

const HOOKS: [&str; 6] = [
    "post-checkout",
    "pre-auto-gc",
    "reference-transaction",
    "post-index-change",
    "fsmonitor-watchman",
    "query-watchman",
];

/// A repository of two values, and a third that is not committed.
fn changed() -> Repository {
    let mut repository = Repository::new();
    for traffic in ["5/day", "7/day"] {
        repository.write(999_000_000, traffic);
        repository.commit();
    }
    repository
}

/// Names a program at every place that git knows, and gives back the file it would make.
fn armed(repository: &Repository) -> std::path::PathBuf {
    let trace = repository.sandbox.path("TRACE");
    let program = format!("touch {}; false", trace.display());
    for (key, value) in PROGRAMS {
        repository.git(&["config", key, &value.replace("{}", &program)]);
    }
    for hook in HOOKS {
        let hook = repository.sandbox.write(
            &format!(".git/hooks/{hook}"),
            format!("#!/bin/sh\n{program}\n"),
        );
        #[cfg(unix)]
        fs::set_permissions(hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let attributes = "* filter=x diff=x working-tree-encoding=UTF-16\n";
    repository.sandbox.write(".gitattributes", attributes);
    repository.sandbox.write(".git/info/attributes", attributes);
    trace
}

#[test]
fn no_program_that_a_repository_names_is_run() {
    let repository = changed();
    let expected = repository.doc("--history all").ok().out;
    let trace = armed(&repository);
    assert_eq!(repository.doc("--history all").ok().out, expected);
    assert!(!trace.exists());
}

/// A clone without all files names a remote to fetch them from, and a command to do it with.
#[test]
fn what_is_missing_is_not_fetched() {
    let repository = changed();
    let blob = repository.git(&["rev-parse", "HEAD~1:slo.toml"]);
    let trace = armed(&repository);
    for (key, value) in [
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ssh://nowhere/x"),
        ("remote.origin.uploadpack", "touch TRACE"),
    ] {
        repository.git(&["config", key, value]);
    }
    let object = format!(".git/objects/{}/{}", &blob[..2], &blob[2..]);
    fs::remove_file(repository.sandbox.path(&object)).unwrap();
    let run = repository.doc("");
    run.failed(&["lacks object", &blob, "--history none"]);
    assert!(!trace.exists());
}

/// A folder of a clone can look like a repository, with a configuration of its own.
#[test]
fn a_folder_that_looks_like_a_repository_is_none() {
    let repository = changed();
    let inner = changed();
    let trace = armed(&inner);
    let from = inner.sandbox.path(".git");
    let to = repository.sandbox.path("service");
    fs::create_dir(&to).unwrap();
    for name in ["HEAD", "config", "objects", "refs"] {
        fs::rename(from.join(name), to.join(name)).unwrap();
    }
    let facts = "service = \"orders\"\n[traffic]\n\"checkout\" = \"9/day\"\n";
    repository.sandbox.write("service/slo.toml", facts);
    let run = repository
        .sandbox
        .slo("doc --history all --export slo/orders.slo.json --slo-toml service/slo.toml");
    let out = run.ok().out;
    assert!(out.contains("git shows no changes"), "{out}");
    assert!(!trace.exists());
}

#[test]
fn no_author_hides_what_they_did() {
    for author in [
        "A\u{1}B",
        "A\u{1}0123456789012345678901234567890123456789",
        "A\u{2}\u{7f}",
        "A\u{85}\u{202e}B",
        "A|B`C",
        "-",
    ] {
        let mut repository = changed();
        repository.write(999_000_000, "9/day");
        repository.git(&["add", "--all"]);
        let author = format!("--author={author} <a@b>");
        repository.git(&["commit", "--quiet", "--message", "x", &author]);
        repository.write(999_000_000, "11/day");
        repository.commit();
        let rows = repository.rows("--history all");
        assert_eq!(rows.len(), 3, "{author:?}: {rows:?}");
    }
}

/// Whatever the bytes of a commit are, also those that git itself would not write.
#[test]
fn no_byte_of_a_commit_hides_it() {
    for author in [
        &b"J\xf6rg"[..],
        b"A\0B",
        b"A <x> B",
        b"\xff\xfe\x01",
        b"A\rB",
    ] {
        let repository = changed();
        let parent = repository.git(&["rev-parse", "HEAD~1"]);
        let tree = repository.git(&["rev-parse", "HEAD^{tree}"]);
        let mut commit = format!("tree {tree}\nparent {parent}\nauthor ").into_bytes();
        commit.extend_from_slice(author);
        commit.extend_from_slice(b" <m@x> 1777600000 +0000\ncommitter C <c@x> 1 +0000\n\nx\n");
        fs::write(repository.sandbox.path("commit"), commit).unwrap();
        let arguments = ["hash-object", "-t", "commit", "-w", "--literally", "commit"];
        let hash = repository.git(&arguments);
        repository
            .sandbox
            .write(".git/refs/heads/main", format!("{hash}\n"));
        let rows = repository.rows("--history all");
        assert_eq!(rows.len(), 1, "{author:?}: {rows:?}");
        assert!(rows[0].contains("2026-05-01"), "{rows:?}");
    }
}

/// A gibibyte of zeros is a mebibyte in a repository, however it is kept.
#[cfg(unix)]
#[test]
fn a_long_version_is_not_read() {
    for threshold in ["1", "2g"] {
        let mut repository = changed();
        repository.git(&["config", "core.bigFileThreshold", threshold]);
        let long = fs::File::create(repository.sandbox.path("slo.toml")).unwrap();
        long.set_len(200 << 20).unwrap();
        repository.commit();
        repository.write(999_000_000, "9/day");
        repository.commit();
        for packed in [false, true] {
            if packed {
                repository.git(&["repack", "-a", "-d", "-q"]);
            }
            let run = repository
                .sandbox
                .slo_within(64 << 10, "doc --history all slo/orders.slo.json");
            assert!(run.ok().out.contains("| 5 per day | 7 per day |"));
        }
    }
}

/// Packed, loose, borrowed, a worktree, a branch in a folder, a head that is not a branch, and
/// hashes of both kinds: the history is what `git log` shows.
#[test]
fn repositories_are_read_however_they_are_kept() {
    let repository = changed();
    let expected = repository.rows("--history all");
    assert_eq!(expected.len(), 1);
    let check = |what: &str| assert_eq!(repository.rows("--history all"), expected, "{what}");
    repository.git(&["gc", "--quiet"]);
    check("packed");
    repository.git(&["switch", "--quiet", "--create", "a/b"]);
    check("a branch in a folder");
    repository.git(&["switch", "--quiet", "--detach"]);
    check("no branch");
    repository.git(&["worktree", "add", "--quiet", "tree"]);
    let in_folder = |folder: &str| {
        let arguments = format!(
            "doc --history all --export {folder}/slo/orders.slo.json --slo-toml {folder}/slo.toml"
        );
        let out = repository.sandbox.slo(&arguments).ok().out;
        assert!(out.contains(&expected[0]), "{folder}: {out}");
    };
    in_folder("tree");
    repository.git(&["clone", "--quiet", "--shared", ".", "borrowed"]);
    in_folder("borrowed");
    fs::write(
        repository
            .sandbox
            .path("borrowed/.git/objects/info/alternates"),
        "",
    )
    .unwrap();
    let run = repository
        .sandbox
        .slo("doc --slo-toml borrowed/slo.toml --export borrowed/slo/orders.slo.json");
    run.failed(&["lacks object"]);

    let mut other = Repository::with(&["--object-format", "sha256"]);
    for traffic in ["5/day", "7/day"] {
        other.write(999_000_000, traffic);
        other.commit();
    }
    assert_eq!(other.rows("--history all").len(), 1);
}

/// What is not a repository, or a damaged one, is told and waits for nobody.
#[cfg(unix)]
#[test]
fn a_repository_of_devices_and_loops_is_refused() {
    let link = |repository: &Repository, to: &str, name: &str| {
        let path = repository.sandbox.path(name);
        let _ = fs::remove_file(&path);
        std::os::unix::fs::symlink(to, path).unwrap();
    };
    for (name, to) in [
        (".git/HEAD", "/dev/zero"),
        (".git/refs/heads/main", "/dev/zero"),
        (".git/packed-refs", "/dev/zero"),
        (".git/shallow", "/dev/zero"),
        (".git/commondir", "/dev/zero"),
        (".git/objects/info/alternates", "/dev/zero"),
        (".git/objects/pack/pack-0.idx", "/dev/zero"),
    ] {
        let repository = changed();
        if name.ends_with("packed-refs") {
            fs::remove_file(repository.sandbox.path(".git/refs/heads/main")).unwrap();
        }
        link(&repository, to, name);
        let run = repository.doc("");
        run.failed(&["history can't be read", "device or a pipe"]);
    }
    for (name, content) in [
        (".git/HEAD", "ref: refs/heads/main"),
        (".git/HEAD", "ref: ../../etc/passwd"),
        (".git/HEAD", "ref: refs/../HEAD"),
        (".git/HEAD", "0123"),
        (".git/refs/heads/main", "ref: refs/heads/main"),
        (
            ".git/refs/heads/main",
            "0123456789012345678901234567890123456789",
        ),
        (".git/refs/heads/main", "\u{0}"),
        (".git/objects/info/alternates", "../objects\n."),
        (".git/commondir", "/proc"),
    ] {
        let repository = changed();
        repository.sandbox.write(name, content);
        let run = repository.doc("");
        assert!([0, 2].contains(&run.code), "{name} {content}: {run:?}");
        assert!(!run.err.contains("panicked"), "{run:?}");
    }
}
