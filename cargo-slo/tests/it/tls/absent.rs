//! A build without the feature `tls`.

use super::commands::{COMMANDS, ask, sandbox, system};

const WORDS: [&str; 2] = ["this build knows no https", "`cargo install cargo-slo`"];

#[test]
fn https_is_an_error_that_says_what_to_do() {
    let sandbox = sandbox("");
    let system = system();
    let url = system.url().replace("http://", "https://");
    let others = [
        "diff --against datadog+URL --bin orders",
        "dev --port 0 --for 1s --forward URL",
    ];
    for command in COMMANDS.iter().chain(&others) {
        let run = ask(&sandbox, command, &url, "");
        assert_eq!(run.code, 2, "{run:?}");
        for word in WORDS {
            assert!(run.err.contains(word), "`{word}` is not in:\n{}", run.err);
        }
    }
    assert_eq!(system.heads(), [""; 0]);
    ask(
        &sandbox,
        COMMANDS[2],
        &system.url(),
        "--ca-file nowhere.pem",
    );
    assert!(!system.heads().is_empty());
}
