//! What shells complete, and the manual pages.

use crate::fixtures::Sandbox;
use std::process::Command;

/// The commands that `--help` lists.
fn commands(sandbox: &Sandbox) -> Vec<String> {
    let help = sandbox.slo("--help").ok().out;
    let (_, list) = help.split_once("\nCommands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    // The explanation of a command may go on in another line.
    let names = list.lines().filter_map(|line| {
        let line = line.strip_prefix("  ")?;
        (!line.starts_with(' ')).then(|| line.split(' ').next().unwrap().to_owned())
    });
    names.filter(|name| name != "help").collect()
}

/// What bash offers after these words, the last of which is not complete.
fn offered(script: &str, words: &[&str]) -> Vec<String> {
    // The function is the one that the script registers for the program.
    let ask = r#"
        eval "$SCRIPT"
        read -ra registered <<<"$(complete -p cargo-slo)"
        for ((i = 0; i < ${#registered[@]}; i++)); do
            [[ ${registered[i]} == -F ]] && function=${registered[i + 1]}
        done
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        "$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" || true
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let output = Command::new("bash")
        .args(["-c", ask, "bash"])
        .args(words)
        .env("SCRIPT", script)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn bash_completes_commands_options_and_values() {
    let sandbox = Sandbox::new();
    let script = sandbox.slo("completions bash").ok().out;
    let of = |words: &[&str]| offered(&script, words);
    assert_eq!(of(&["cargo-slo", "che"]), ["check"]);
    assert_eq!(
        of(&["cargo-slo", "check", "--write-h"]),
        ["--write-history"]
    );
    assert_eq!(of(&["cargo-slo", "check", "--format", "sa"]), ["sarif"]);
    assert!(!of(&["cargo-slo", "list", "--"]).contains(&"--write-history".to_owned()));
    let all = of(&["cargo-slo", ""]);
    for command in commands(&sandbox) {
        assert!(all.contains(&command), "{command} is not in {all:?}");
    }
}

#[test]
fn every_shell_has_a_script_that_knows_all_commands() {
    let sandbox = Sandbox::new();
    let known = [
        ("bash", "complete -F _cargo__slo -o nosort"),
        ("elvish", "edit:completion:arg-completer[cargo-slo]"),
        ("fish", "complete -c cargo-slo"),
        ("powershell", "-CommandName 'cargo-slo'"),
        // By this function, cargo's own completions find it.
        ("zsh", "#compdef cargo-slo\n"),
    ];
    for (shell, start) in known {
        let script = sandbox.slo(&format!("completions {shell}")).ok().out;
        assert!(script.contains(start), "{shell}: {script}");
        for command in commands(&sandbox) {
            assert!(script.contains(&command), "{shell}: {command}");
        }
    }
    let run = sandbox.slo("completions tcsh");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("possible values: bash,"), "{}", run.err);
}

#[test]
fn every_command_has_a_manual_page() {
    let sandbox = Sandbox::new();
    let all = sandbox.slo("man").ok().out;
    assert!(all.contains("\n.TH cargo-slo 1 "), "{all}");
    let commands = commands(&sandbox);
    assert!(commands.len() > 9, "{commands:?}");
    for command in commands {
        let listed = format!("\ncargo\\-slo\\-{command}(1)\n");
        assert!(all.contains(&listed), "{all}");
        let page = sandbox.slo(&format!("man {command}")).ok().out;
        let title = format!("\n.TH cargo-slo-{command} 1 ");
        let usage = format!("\n\\fBcargo slo {command}\\fR ");
        assert!(page.contains(&title) && page.contains(&usage), "{page}");
    }
    sandbox
        .slo("man chekc")
        .failed(&["no command called `chekc`", "did you mean `check`?"]);
    sandbox.slo("man xyz").failed(&["cargo slo --help"]);
}
