//! What `init --annotate` does with hostile files, with changed ones, and when it fails midway.

use crate::{
    annotate::{annotated, service, sources, write},
    fixtures::Sandbox,
};
use std::{fs, process::Command};

/// What is wrong with one file is told, and the others go on.
#[test]
fn hostile_sources() {
    let sandbox = service(
        "mod broken;\nmod binary;\nmod deep;\nmod long;\nmod link;\nmod again;\nmod control;\n\
         #[path = \"/etc/hostname\"] mod outside;\n#[cfg(windows)] mod gone;\n\
         #[cfg(test)] mod tests { use super::*; fn app() -> axum::Router { axum::Router::new().route(\"/test\", axum::routing::get(good)) } }\n\
         async fn good() {}\n\
         fn recursive() -> axum::Router { recursive().merge(other()) }\nfn other() -> axum::Router { recursive() }\n\
         fn main() { axum::serve(l, axum::Router::new().merge(recursive()).route(\"/good\", axum::routing::get(good))); }\n",
    );
    sandbox.write("src/broken.rs", "fn a() {}\nfn {\n");
    sandbox.write("src/binary.rs", b"fn a() {} // \xff\xfe");
    sandbox.write(
        "src/deep.rs",
        format!("const A: bool = {}true;", "!".repeat(50_000)),
    );
    fs::File::create(sandbox.write("src/long.rs", ""))
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    sandbox.write("src/control.rs", "// \u{1b}]0;title\u{7}\n");
    sandbox.write("src/again.rs", "#[path = \"again.rs\"] mod again;\n#[path = \"main.rs\"] mod main;\nuse again::x;\nuse x::again;\npub use self::*;\n");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("main.rs", sandbox.path("src/link.rs")).unwrap();
        std::os::unix::fs::symlink(".", sandbox.path("src/loop")).unwrap();
    }
    let run = write(&sandbox);
    assert_eq!(run.code, 1, "{run:?}");
    for told in [
        "--> src/broken.rs:2",
        "src/binary.rs",
        "src/deep.rs:1",
        "src/long.rs",
        "src/control.rs",
        "lies outside of",
    ] {
        assert!(run.err.contains(told), "`{told}` is not in:\n{}", run.err);
    }
    assert!(
        !run.err.contains("gone") && !run.err.contains('\u{1b}'),
        "{}",
        run.err
    );
    let found = annotated(&sandbox);
    let good = found.get("good").unwrap();
    assert!(
        good.contains(&Some("GET /good".to_owned())),
        "{good:?}\n{}",
        run.err
    );
    assert_eq!(found.len(), 1);
}

fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example",
            "-c",
            "core.autocrlf=false",
        ])
        .args(arguments)
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn only_what_is_committed_is_changed() {
    let main = "async fn a() {}\nfn main() { axum::serve(l, axum::Router::new().route(\"/a\", axum::routing::get(a))); }\n";
    let sandbox = service(main);
    let unchanged = || {
        let now = fs::read_to_string(sandbox.path("src/main.rs"));
        assert_eq!(now.unwrap(), main);
    };
    let run = || sandbox.slo("init --annotate --write --offline");
    run().failed(&["in no git repository", "nothing was written", "--force"]);
    git(&sandbox, &["init", "--quiet"]);
    run().failed(&["not as they were committed", "src/main.rs"]);
    unchanged();
    git(&sandbox, &["add", "."]);
    run().failed(&["not as they were committed"]);
    git(&sandbox, &["commit", "--quiet", "--message", "a"]);
    sandbox.write("src/main.rs", format!("{main}// mine\n"));
    run().failed(&["not as they were committed"]);
    assert!(
        fs::read_to_string(sandbox.path("src/main.rs"))
            .unwrap()
            .ends_with("// mine\n")
    );
    // Others may be changed, and git may have turned the ends of lines.
    sandbox.write("src/main.rs", main.replace('\n', "\r\n"));
    sandbox.write("README.md", "new");
    let run = run().ok();
    assert_eq!(run.out, "");
    assert!(
        run.err
            .contains("wrote src/journeys.rs\nwrote src/main.rs\n1 handler is annotated now\n"),
        "{}",
        run.err
    );
    // And a diff is what `git apply` takes.
    git(&sandbox, &["checkout", "--quiet", "."]);
    fs::remove_file(sandbox.path("src/journeys.rs")).unwrap();
    let diff = sandbox.slo("init --annotate --offline").ok().out;
    sandbox.write("a.patch", diff);
    git(&sandbox, &["apply", "a.patch"]);
    assert!(sandbox.slo("init --annotate --offline").ok().out.is_empty());
}

/// All or none, and a file that changes meanwhile is not lost: a read-only one stops all of them.
#[cfg(unix)]
#[test]
fn all_files_or_none() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = service(
        "mod b;\nasync fn a() {}\nfn main() { axum::serve(l, axum::Router::new().route(\"/a\", axum::routing::get(a)).route(\"/b\", axum::routing::get(b::b))); }\n",
    );
    let path = sandbox.write("src/b.rs", "pub async fn b() {}\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let before = sources(&sandbox.path(""));
    write(&sandbox).failed(&["src/b.rs", "read-only", "nothing was written"]);
    assert_eq!(sources(&sandbox.path("")), before);
    assert_eq!(fs::read_dir(sandbox.path("src")).unwrap().count(), 2);
}
