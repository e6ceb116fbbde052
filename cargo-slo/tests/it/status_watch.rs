//! A watch keeps the last answer while the store is away, and ends when it is interrupted.

use crate::{
    status::sandbox,
    status_store::{WINDOW, answer, body, serve, windows},
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The first lines of a watch whose store answers once and is away afterwards, and its exit code after
/// an interrupt; how often it was asked for windows.
fn watched(format: &str, lines: usize) -> (Vec<String>, Option<i32>, usize) {
    let sandbox = sandbox();
    let window = windows("999999", "1");
    let rounds = AtomicUsize::new(0);
    let (url, asked) = serve(move |asked| {
        let is_window = asked.contains(WINDOW);
        let round = rounds.fetch_add(usize::from(is_window), Ordering::Relaxed);
        let told = match (round, is_window) {
            (0, true) => answer(asked, &window).to_string(),
            (0 | 1, false) => body(&[]).to_string(),
            _ => r#"{"status": "error", "error": "the ingester is away"}"#.to_owned(),
        };
        Some(Arc::from(told))
    });
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
        .args([
            "slo",
            "status",
            "--bin",
            "orders",
            "--watch=1s",
            "--format",
            format,
        ])
        .args(["--prometheus", &url])
        .current_dir(sandbox.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let read: Vec<_> = out.lines().take(lines).map(Result::unwrap).collect();
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    let code = child.wait().unwrap().code();
    let asked = asked.lock().unwrap();
    (
        read,
        code,
        asked
            .iter()
            .filter(|asked| asked.contains("timestamp("))
            .count(),
    )
}

#[test]
fn the_last_answer_is_kept_with_its_age() {
    let (lines, code, asked) = watched("json", 3);
    // Every budget is whole, as far as the last answer goes.
    assert_eq!(code, Some(0));
    assert!((3..=4).contains(&asked), "{asked}");
    let told: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(told[0]["stale"].is_null(), "{:#}", told[0]);
    for stale in &told[1..] {
        assert_eq!(stale["at"], told[0]["at"], "{stale:#}");
        assert_eq!(stale["slos"], told[0]["slos"]);
        assert!(
            stale["stale"]["age-seconds"].as_i64().unwrap() >= 0,
            "{stale:#}"
        );
        assert!(stale["stale"]["why"].is_string(), "{stale:#}");
    }
    assert!(
        told[2]["stale"]["age-seconds"].as_i64() >= Some(1),
        "{:#}",
        told[2]
    );
}

#[test]
fn without_a_terminal_each_answer_is_a_line() {
    let (lines, code, _) = watched("human", 2);
    assert_eq!(code, Some(0));
    assert!(
        lines[0].ends_with("UTC: 3 of 3 SLOs have budget left"),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("the store can't be asked: "),
        "{lines:?}"
    );
    assert!(lines[1].contains("; what follows is "), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains('\x1b')), "{lines:?}");
}

#[test]
fn markdown_is_not_drawn_anew() {
    let run = sandbox()
        .slo("status --bin orders --watch --format markdown --prometheus http://127.0.0.1:1");
    run.failed(&["`--watch` writes no Markdown"]);
}
