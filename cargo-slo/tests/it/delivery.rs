//! What is generated appears whole or not at all, and nobody has to read it to its end.

use crate::fixtures::{Sandbox, elf, endpoint, record, sentinel};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

/// A program with so many endpoints that no output of it fits into a pipe.
fn large() -> Vec<u8> {
    let many = (0..1000).map(|n| record(&endpoint(&format!("endpoint-{n}"))));
    elf(&[&many.collect::<Vec<_>>().concat()])
}

/// The same with an SLO at each of its endpoints, for rules of that size.
fn large_with_slos() -> Vec<u8> {
    let many = (0..100).map(|n| {
        let mut endpoint = endpoint(&format!("endpoint-{n}"));
        endpoint["objectives"] = endpoint["journey"]["objectives"].clone();
        record(&endpoint)
    });
    elf(&[&many.collect::<Vec<_>>().concat()])
}

/// The names in a folder of the sandbox, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_command_ends_quietly_when_its_reader_has_seen_enough() {
    let sandbox = Sandbox::new();
    let programs = [
        sandbox.write("orders", large()),
        sandbox.write("payments", large_with_slos()),
    ];
    for (arguments, program) in [
        ("list", &programs[0]),
        ("list --format json", &programs[0]),
        ("export", &programs[0]),
        ("generate prometheus", &programs[1]),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
            .arg("slo")
            .args(arguments.split(' '))
            .arg("--bin")
            .arg(program)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "{arguments}: {line:?}");
        drop(out);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(ended.stderr).unwrap(), "", "{arguments}");
        assert_eq!(ended.status.code(), Some(0), "{arguments}");
    }
}

#[cfg(unix)]
#[test]
fn remarks_that_nobody_reads_stop_nothing() {
    let sandbox = Sandbox::new();
    // Each of them is a remark.
    for n in 0..2000 {
        sandbox.write(&format!("empty/service-{n}"), elf(&[&sentinel()]));
    }
    let script =
        r#"{ "$0" slo generate prometheus -o out --bin empty/*; echo $? > code; } 2>&1 | head -1"#;
    let run = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_cargo-slo")])
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(run.stdout).unwrap().lines().count(), 1);
    assert_eq!(fs::read_to_string(sandbox.path("code")).unwrap(), "0\n");
    assert_eq!(names(&sandbox.path("out")).len(), 2000);
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_everything_as_it_was() {
    let sandbox = Sandbox::new();
    sandbox.write("a", elf(&[&record(&endpoint("cart"))]));
    sandbox.write("b", large_with_slos());
    fs::create_dir(sandbox.path("out")).unwrap();
    sandbox.write("out/a.prometheus.yaml", "as it was");
    // No file may grow beyond 128 blocks, and growing further is an error, not a signal.
    let script =
        r#"trap "" XFSZ; ulimit -f 128; exec "$0" slo generate prometheus -o "$1" --bin a b"#;
    for (folder, left) in [("out", &["a.prometheus.yaml"][..]), ("new/out", &[])] {
        let run = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_cargo-slo"), folder])
            .current_dir(sandbox.path(""))
            .output()
            .unwrap();
        let err = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{err}");
        assert!(
            err.contains("b.prometheus.yaml") && err.contains("nothing was written"),
            "{err}"
        );
        match left {
            [] => assert!(!sandbox.path("new").exists()),
            left => assert_eq!(names(&sandbox.path(folder)), left),
        }
    }
    let kept = fs::read_to_string(sandbox.path("out/a.prometheus.yaml")).unwrap();
    assert_eq!(kept, "as it was");
}

#[cfg(target_os = "linux")]
#[test]
fn places_that_take_nothing_are_errors() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&record(&endpoint("cart"))]));
    for folder in ["/proc", "/proc/new", "/dev/null", "orders/below"] {
        let run = sandbox.slo(&format!("export -o {folder} --bin orders"));
        run.failed(&[
            "can't be written",
            &format!("--> {folder}"),
            "nothing was written",
        ]);
    }
    fs::create_dir_all(sandbox.path("out/orders.slo.json")).unwrap();
    sandbox
        .slo("export -o out --bin orders")
        .failed(&["--> out/orders.slo.json", "a folder has this name"]);
    assert_eq!(names(&sandbox.path("out")), ["orders.slo.json"]);

    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
        .args(["export", "--bin"])
        .arg(sandbox.path("orders"))
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    let err = String::from_utf8(run.stderr).unwrap();
    assert!(
        err.starts_with("error: the output can't be written"),
        "{err}"
    );
}

#[test]
fn many_files_are_a_number_and_old_ones_a_note() {
    let sandbox = Sandbox::new();
    for n in 0..12 {
        sandbox.write(&format!("s{n}"), elf(&[&record(&endpoint("cart"))]));
    }
    let all: Vec<_> = (0..12).map(|n| format!("s{n}")).collect();
    let run = sandbox
        .slo(&format!(
            "generate prometheus -o out --bin {}",
            all.join(" ")
        ))
        .ok();
    assert_eq!(run.err, "wrote 12 files into out\n");
    let run = sandbox.slo("generate prometheus -o out --bin s1").ok();
    for words in [
        "wrote out/s1.prometheus.yaml\n",
        "note: 11 files of earlier generations are still there",
        "for what was not read this time: s0.prometheus.yaml, s10.prometheus.yaml,",
        "and 1 more\n",
    ] {
        assert!(run.err.contains(words), "`{words}` is not in:\n{}", run.err);
    }
    assert_eq!(names(&sandbox.path("out")).len(), 12);
    // An export there is none of the rules that were generated before.
    assert_eq!(
        sandbox.slo("export -o out --bin s1").ok().err,
        "wrote out/s1.slo.json\n"
    );
}
