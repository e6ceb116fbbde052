//! The history in the documents of `cargo slo doc`, from repositories made for the purpose.

use crate::fixtures::{Sandbox, endpoint};
use serde_json::json;
use std::{fs, process::Command};

/// A repository in a sandbox, whose commits are the same each time.
pub(crate) struct Repository {
    pub(crate) sandbox: Sandbox,
    commits: u32,
}

impl Repository {
    pub(crate) fn new() -> Repository {
        Repository::with(&[])
    }

    /// One that is made with these options.
    pub(crate) fn with(options: &[&str]) -> Repository {
        let repository = Repository {
            sandbox: Sandbox::new(),
            commits: 0,
        };
        let init = ["init", "--quiet", "--initial-branch", "main"];
        repository.git(&[&init, options].concat());
        repository
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let day = format!("2026-05-{:02}T12:00:00+0900", self.commits + 1);
        let output = Command::new("git")
            .args(arguments)
            .current_dir(self.sandbox.path(""))
            .envs([
                ("GIT_AUTHOR_NAME", "A. Mori"),
                ("GIT_AUTHOR_EMAIL", "mori@example.com"),
                ("GIT_COMMITTER_NAME", "C"),
                ("GIT_COMMITTER_EMAIL", "c@example.com"),
                ("GIT_AUTHOR_DATE", &day),
                ("GIT_COMMITTER_DATE", &day),
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn commit(&mut self) {
        self.git(&["add", "--all"]);
        self.git(&[
            "commit",
            "--quiet",
            "--allow-empty",
            "--message",
            "a change",
        ]);
        self.commits += 1;
    }

    /// The declarations with this availability, in parts per billion, and this traffic.
    pub(crate) fn write(&self, availability: u32, traffic: &str) {
        let mut record = endpoint("cart");
        record["journey"]["objectives"]["availability_ppb"] = availability.into();
        let export = json!({
            "format": 1, "generator": "test", "service": "orders", "records": [record],
        });
        self.sandbox
            .write("slo/orders.slo.json", export.to_string());
        let facts = format!("# facts\n[traffic]\n\"checkout\" = \"{traffic}\"\n");
        self.sandbox.write("slo.toml", facts);
    }

    pub(crate) fn doc(&self, options: &str) -> crate::fixtures::Run {
        self.sandbox
            .slo(&format!("doc {options} slo/orders.slo.json"))
    }

    /// The lines of the history: its table, or the sentence instead.
    fn history(&self, options: &str) -> Vec<String> {
        let text = self.doc(options).ok().out;
        let (_, history) = text.split_once("## History\n").unwrap();
        let (history, _) = history.split_once("### Appendix").unwrap();
        let lines = history.lines().filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    }

    pub(crate) fn rows(&self, options: &str) -> Vec<String> {
        let rows = self.history(options).into_iter();
        let is_row = |line: &String| line.starts_with("| ") && !line.starts_with("| ---");
        // The first names the columns.
        rows.filter(is_row).skip(1).collect()
    }
}

#[test]
fn who_changed_what_and_when() {
    let mut repository = Repository::new();
    let nothing = ["git shows no changes."];
    repository.write(999_000_000, "5/day");
    assert_eq!(repository.history(""), nothing);
    repository.commit();
    assert_eq!(repository.history(""), nothing);
    repository.write(999_500_000, "5/day");
    repository.commit();
    repository.write(999_500_000, "7/day");
    repository.commit();
    let hash = |row: &str| row.rsplit('`').nth(1).unwrap().to_owned();
    let rows = repository.rows("--history all");
    let [newest, oldest] = &rows[..] else {
        panic!("{rows:?}")
    };
    assert_eq!(
        *newest,
        format!(
            "| Expected traffic: `checkout` | 5 per day | 7 per day | 2026-05-03 | A. Mori | `{}` |",
            hash(newest)
        )
    );
    assert_eq!(
        *oldest,
        format!(
            "| `checkout.availability` | 99.9% over 30\u{a0}days | 99.95% over 30\u{a0}days | \
             2026-05-02 | A. Mori | `{}` |",
            hash(oldest)
        )
    );
    assert_eq!(hash(oldest).len(), 10);
    let settled = repository.rows("");
    assert_eq!(
        settled[0],
        "| Expected traffic: `checkout` | 5 per day | 7 per day | newest | – | – |"
    );
    assert_eq!(settled[1], *oldest);
}

#[test]
fn what_was_approved_is_told_where_git_knows_it() {
    let mut repository = Repository::new();
    repository.write(999_000_000, "5/day");
    repository.commit();
    repository.write(999_500_000, "5/day");
    repository.commit();
    let facts = fs::read_to_string(repository.sandbox.path("slo.toml")).unwrap();
    for (of, told) in [
        (
            "4efdde23148e1d3a",
            "✗ void: 99.9% do not fail was approved, now 99.95% do not fail",
        ),
        ("0000000000000000", "✗ void: the value has changed since"),
    ] {
        let review = format!(
            "{facts}[[review]]\nslo = \"checkout.availability\"\nverdict = \"achievable\"\n\
             by = \"A. Mori\"\ndate = 2026-05-01\nof = \"{of}\"\n"
        );
        repository.sandbox.write("slo.toml", review);
        let out = repository.doc("").ok().out;
        assert!(out.contains(told), "{out}");
        assert!(out.contains(&format!("(approved: `{of}`)")), "{out}");
    }
}

/// The document is generated, committed with what it is about, and checked in a pipeline; then
/// something else is committed. It stays the same all the time.
#[test]
fn a_document_stays_true_when_it_is_committed() {
    let mut repository = Repository::new();
    repository.write(999_000_000, "5/day");
    repository.commit();
    for (availability, traffic) in [
        (999_500_000, "5/day"),
        (999_500_000, "7/day"),
        (999_000_000, "9/day"),
        (999_000_000, "9/day"),
    ] {
        repository.write(availability, traffic);
        repository.doc("-o docs").ok();
        repository.doc("-o docs --check").ok();
        repository.commit();
        repository.doc("-o docs --check").ok();
        repository.sandbox.write("other", traffic);
        // What changes no value changes no document.
        let facts = fs::read_to_string(repository.sandbox.path("slo.toml")).unwrap();
        repository
            .sandbox
            .write("slo.toml", format!("{facts}# a comment\n"));
        repository.doc("-o docs --check").ok();
        repository.commit();
        repository.doc("-o docs --check").ok();
    }
    repository.write(999_000_000, "1/day");
    assert_eq!(repository.doc("-o docs --check").code, 1);
}

#[test]
fn merges_add_nothing_and_lose_nothing() {
    let mut repository = Repository::new();
    repository.write(999_000_000, "5/day");
    repository.commit();
    repository.git(&["switch", "--quiet", "--create", "side"]);
    repository.write(999_000_000, "7/day");
    repository.commit();
    repository.git(&["switch", "--quiet", "main"]);
    repository.sandbox.write("other", "x");
    repository.commit();
    repository.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "side"]);
    let rows = repository.rows("--history all");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].contains("| 2026-05-02 | A. Mori |"), "{rows:?}");
}

#[test]
fn a_shallow_clone_is_no_basis() {
    let mut repository = Repository::new();
    for traffic in ["5/day", "7/day"] {
        repository.write(999_000_000, traffic);
        repository.commit();
    }
    let url = format!("file://{}", repository.sandbox.path("").display());
    repository.git(&["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let clone = repository.sandbox.path("shallow");
    let inputs = format!(
        "{} --slo-toml {}",
        clone.join("slo/orders.slo.json").display(),
        clone.join("slo.toml").display()
    );
    let run = repository.sandbox.slo(&format!("doc {inputs}"));
    run.failed(&["shallow clone", "git fetch --unshallow", "--history none"]);
    let run = repository
        .sandbox
        .slo(&format!("doc --history none {inputs}"))
        .ok();
    assert!(run.out.contains("The history was left out"), "{}", run.out);
}

#[test]
fn without_git_it_is_said() {
    let repository = Repository::new();
    repository.write(999_000_000, "5/day");
    fs::remove_dir_all(repository.sandbox.path(".git")).unwrap();
    assert_eq!(
        repository.history(""),
        ["The files are not kept in git, so what was different before is not known."]
    );
    // What is not a repository is not one without a history.
    fs::create_dir(repository.sandbox.path(".git")).unwrap();
    let run = repository.doc("");
    run.failed(&["the history can't be read", "--history none"]);
}

/// Neither `git` nor a configuration is needed: the document is the same for everybody.
#[test]
fn the_history_is_the_same_without_git_and_whatever_its_variables_say() {
    let mut repository = Repository::new();
    repository.write(999_000_000, "5/day");
    repository.commit();
    repository.write(999_000_000, "7/day");
    repository.commit();
    let other = Repository::new();
    let git = other.sandbox.path(".git").display().to_string();
    let home = Sandbox::new();
    let config = "[log]\ndate = iso\nshowSignature = true\n[i18n]\nlogOutputEncoding = UTF-16\n";
    let config = home.write(".gitconfig", config).display().to_string();
    let home = home.path("").display().to_string();
    let expected = repository.doc("--history all").ok().out;
    for variables in [
        &[("PATH", "")][..],
        &[("GIT_DIR", &*git), ("GIT_WORK_TREE", "/")],
        &[("GIT_OBJECT_DIRECTORY", &*git), ("GIT_INDEX_FILE", "none")],
        &[
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "i18n.logOutputEncoding"),
            ("GIT_CONFIG_VALUE_0", "UTF-16"),
        ],
        &[("HOME", &*home), ("XDG_CONFIG_HOME", &*home)],
        &[
            ("GIT_CONFIG_GLOBAL", &*config),
            ("GIT_CONFIG_SYSTEM", &*config),
        ],
        &[
            ("TZ", "Asia/Tokyo"),
            ("LANG", "tr_TR.UTF-8"),
            ("LC_ALL", "C"),
        ],
        &[
            ("COLUMNS", "20"),
            ("CLICOLOR_FORCE", "1"),
            ("http_proxy", "http://127.0.0.1:1"),
        ],
    ] {
        let run = repository
            .sandbox
            .slo_in("doc --history all slo/orders.slo.json", variables);
        assert_eq!(run.ok().out, expected, "{variables:?}");
    }
    assert!(expected.contains("| 5 per day | 7 per day |"), "{expected}");
}
