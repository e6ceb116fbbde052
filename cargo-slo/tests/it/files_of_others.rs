//! Files that somebody else wrote are not replaced, and our own always are.

use crate::{
    delivery::names,
    fixtures::{Run, Sandbox, orders},
};
use std::{fs, path::Path};

/// Every command that writes into a folder, with all that it writes there.
const COMMANDS: [&str; 3] = [
    "generate alertmanager datadog grafana openslo prometheus prometheus-rule promtool pyrra sloth \
     terraform --bin orders -o out",
    "export --bin orders -o out",
    "doc --history none --bin orders -o out",
];

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox
}

fn contents(folder: &Path) -> Vec<(String, String)> {
    let names = names(folder).into_iter();
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    names.map(|name| (name.clone(), read(&name))).collect()
}

fn replaced_nothing(run: Run, why: &str) {
    run.failed(&[
        &format!("this file is not replaced: {why}"),
        "--> out/",
        "nothing was written",
        "`--force`",
    ]);
}

#[test]
fn what_we_wrote_is_replaced_however_often() {
    for command in COMMANDS {
        let sandbox = sandbox();
        let first = sandbox.slo(command).ok().err;
        let before = contents(&sandbox.path("out"));
        assert!(!before.is_empty());
        // By another version, and with other endings of lines.
        for (name, text) in &before {
            let version = concat!("cargo-slo ", env!("CARGO_PKG_VERSION"));
            assert!(text.contains(version), "{name}");
            let older = text
                .replace(version, "cargo-slo 0.0.1")
                .replace('\n', "\r\n");
            sandbox.write(&format!("out/{name}"), older);
        }
        assert_eq!(sandbox.slo(command).ok().err, first);
        assert_eq!(contents(&sandbox.path("out")), before, "{command}");
    }
}

#[test]
fn each_file_of_others_stops_all_of_them() {
    for command in COMMANDS {
        let once = sandbox();
        once.slo(command).ok();
        let written = contents(&once.path("out"));
        for (name, _) in &written {
            let sandbox = sandbox();
            let path = sandbox.write(
                &format!("out/{name}"),
                "# by hand, not by cargo-slo 0.1.0\n",
            );
            let before = contents(&sandbox.path("out"));
            replaced_nothing(sandbox.slo(command), "nothing at its head says");
            assert_eq!(contents(&sandbox.path("out")), before);
            sandbox.slo(&format!("{command} --force")).ok();
            assert_eq!(contents(&sandbox.path("out")), written, "{path:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_read_only_or_a_link_stays() {
    for command in COMMANDS {
        let sandbox = sandbox();
        sandbox.slo(command).ok();
        let written = contents(&sandbox.path("out"));
        let path = sandbox.path("out").join(&written[0].0);
        let writable = fs::metadata(&path).unwrap().permissions();
        let mut read_only = writable.clone();
        read_only.set_readonly(true);
        fs::set_permissions(&path, read_only).unwrap();
        replaced_nothing(sandbox.slo(command), "it is read-only");
        assert!(fs::metadata(&path).unwrap().permissions().readonly());
        sandbox.slo(&format!("{command} --force")).ok();
        assert_eq!(fs::metadata(&path).unwrap().permissions(), writable);

        let elsewhere = sandbox.path("elsewhere");
        fs::rename(&path, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        replaced_nothing(sandbox.slo(command), "it is a link");
        sandbox.slo(&format!("{command} --force")).ok();
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), written[0].1);
    }
}

#[test]
fn all_of_them_are_named() {
    let sandbox = sandbox();
    for n in 0..14 {
        sandbox.write(&format!("s{n:02}"), orders());
        sandbox.write(&format!("out/s{n:02}.slo.json"), "{}");
    }
    let run = sandbox.slo(&format!("export -o out --bin {}", services()));
    run.failed(&[
        "--> out/s00.slo.json",
        "out/s01.slo.json: nothing at",
        "and 3 more",
    ]);
}

fn services() -> String {
    let names: Vec<_> = (0..14).map(|n| format!("s{n:02}")).collect();
    names.join(" ")
}

#[test]
fn force_is_for_where_something_is_written() {
    let sandbox = sandbox();
    for command in ["export --force", "doc --force", "check --force"] {
        let run = sandbox.slo(&format!("{command} --bin orders"));
        assert_eq!(run.code, 2, "{command}: {}", run.err);
    }
}
