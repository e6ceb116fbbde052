//! Folders, patterns and lists of files are read wherever files are.

use crate::{
    check::fleet,
    fixtures::{Run, Sandbox},
};
use std::fs;

/// The fleet with its exports in a folder.
fn sandbox() -> Sandbox {
    let sandbox = fleet(&[]);
    fs::create_dir(sandbox.path("services")).unwrap();
    let exports = fs::read_dir(sandbox.path(".")).unwrap();
    for entry in exports {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".slo.json") {
            let to = sandbox.path("services").join(&name);
            fs::rename(sandbox.path(&name), to).unwrap();
        }
    }
    sandbox.write("services/README.md", "Exports of all teams.");
    sandbox
}

/// The paths of all exports, as a shell would list them.
fn each(sandbox: &Sandbox) -> String {
    let mut names: Vec<_> = fs::read_dir(sandbox.path("services"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".slo.json"))
        .map(|name| format!("services/{name}"))
        .collect();
    names.sort();
    names.join(" ")
}

#[test]
fn every_command_reads_folders_patterns_and_lists_like_the_files_themselves() {
    let sandbox = sandbox();
    let each = each(&sandbox);
    let list = format!("# all teams\n\n{}\n", each.replace(' ', "\n"));
    sandbox.write("list.txt", &list);
    sandbox.write("folders.txt", "services\n");
    for command in [
        "list",
        "check --format json",
        "doc --history none -o out/doc",
        "export -o out/export",
        "generate prometheus -o out/rules",
        "diff --against services/orders.slo.json",
    ] {
        let expected = sandbox.slo(&format!("{command} --export {each}"));
        assert!(expected.code < 2, "{expected:?}");
        let mut ways = vec![
            "--export services".to_owned(),
            "--export services/".to_owned(),
            "--export services/*.slo.json".to_owned(),
            "--export **/*.slo.json".to_owned(),
            "--files-from list.txt".to_owned(),
            "--files-from folders.txt".to_owned(),
        ];
        if !command.starts_with("generate") {
            ways.push("-- services/".to_owned());
            ways.push("-- services/*.slo.json".to_owned());
        }
        for way in ways {
            // The catalogue has exports of its own.
            if way.contains("**") {
                fs::rename(sandbox.path("catalogue"), sandbox.path(".catalogue")).unwrap();
            }
            if sandbox.path("out").exists() && way.contains("**") {
                fs::remove_dir_all(sandbox.path("out")).unwrap();
            }
            let run = sandbox.slo(&format!("{command} {way}"));
            assert_eq!(
                (run.code, &run.out),
                (expected.code, &expected.out),
                "{command} {way}: {}",
                run.err
            );
            if way.contains("**") {
                fs::rename(sandbox.path(".catalogue"), sandbox.path("catalogue")).unwrap();
            }
        }
    }
}

#[test]
fn a_list_may_come_from_standard_input() {
    let sandbox = sandbox();
    let script = r#"printf 'services/orders.slo.json\n' | "$0" slo list --files-from -"#;
    let run = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_cargo-slo")])
        .current_dir(sandbox.path("."))
        .output()
        .unwrap();
    let out = String::from_utf8(run.stdout).unwrap();
    assert!(out.starts_with("orders: "), "{out}");
}

#[test]
fn a_change_is_found_against_a_folder() {
    let sandbox = sandbox();
    let text = fs::read_to_string(sandbox.path("services/orders.slo.json")).unwrap();
    sandbox.write("orders.slo.json", text.replace("999000000", "995000000"));
    for against in ["services", "services/", "services/*.slo.json"] {
        let run = sandbox.slo(&format!("diff --against {against} -- orders.slo.json"));
        assert_eq!(run.code, 1, "{run:?}");
        // What the other teams have is not part of it.
        assert!(
            run.out.lines().all(|line| line.contains("orders/")),
            "{}",
            run.out
        );
    }
    // Between two folders, one that is gone is told.
    sandbox.write("now/orders.slo.json", &text);
    sandbox.write(
        "now/stock.slo.json",
        fs::read(sandbox.path("services/stock.slo.json")).unwrap(),
    );
    let run = sandbox.slo("diff --against services -- now");
    assert!(run.out.contains("payments/"), "{}", run.out);
    // Rule files of a folder are compared, too.
    let settlement = "--export services/settlement.slo.json";
    sandbox
        .slo(&format!("generate prometheus -o rules {settlement}"))
        .ok();
    sandbox.write("rules/values.yaml", "no: rules");
    sandbox
        .slo(&format!("diff --against rules {settlement}"))
        .ok();
}

#[test]
fn services_that_no_side_shares_may_be_called_otherwise() {
    let sandbox = sandbox();
    let diff = "diff --against services/orders.slo.json --export services/stock.slo.json";
    let run = sandbox.slo(diff);
    assert!(
        run.err
            .contains("before there are `orders`, now `stock`; `--service NAME`"),
        "{}",
        run.err
    );
    let run = sandbox.slo(&format!("{diff} --service orders"));
    assert!(
        !run.err.contains("no service is on both sides"),
        "{}",
        run.err
    );
}

#[test]
fn what_names_nothing_says_so() {
    let sandbox = sandbox();
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.slo("list empty").failed(&[
        "the folder has no `*.slo.json`",
        "--> empty",
        "'empty/**/*.slo.json'",
    ]);
    sandbox
        .slo("list services/*.toml")
        .failed(&["no file matches `services/*.toml`"]);
    sandbox
        .slo("list --files-from missing.txt")
        .failed(&["--> missing.txt"]);
    sandbox.write("list.txt", "services/nobody.slo.json\n");
    sandbox
        .slo("list --files-from list.txt")
        .failed(&["--> services/nobody.slo.json", "there is no such file"]);
}

#[cfg(unix)]
#[test]
fn links_of_a_folder_lead_nowhere_else() {
    let outer = Sandbox::new();
    outer.write("home/credentials", "aws_secret_access_key = hunter2");
    outer.write("repository/.git/HEAD", "");
    let link = outer.write("repository/services/z.slo.json", "");
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("../../home/credentials", &link).unwrap();
    let sandbox = Sandbox::at(outer.path("repository"));
    let run = sandbox.slo("list services").failed(&["lies outside of"]);
    assert!(!run.err.contains("hunter2"), "{}", run.err);
    // A pipe that a folder, a pattern or a list names is not waited for.
    fs::remove_file(&link).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&link)
            .status()
            .unwrap()
            .success()
    );
    sandbox.write("list.txt", "services/z.slo.json");
    for way in ["services", "services/*", "--files-from list.txt"] {
        sandbox
            .slo(&format!("list {way}"))
            .failed(&["a device or a pipe"]);
    }
}

/// Its file is written, and of a service beside it nothing is said. What an export of annotations
/// alone does not know is noted.
fn only_wrote(run: &Run, service: &str) {
    let wrote = format!("wrote shared/{service}.slo.json\n");
    assert!(run.err.ends_with(&wrote), "{}", run.err);
    assert_eq!(run.err.matches("shared/").count(), 1, "{}", run.err);
    for other in ["orders", "payments", "stock"] {
        assert!(other == service || !run.err.contains(other), "{}", run.err);
    }
}

/// A folder that all teams export into: each writes its own, and knows of no other.
#[test]
fn an_export_into_a_shared_folder_mentions_its_own_files_only() {
    let sandbox = sandbox();
    for service in ["orders", "payments", "stock"] {
        let run = sandbox
            .slo(&format!(
                "export -o shared --export services/{service}.slo.json"
            ))
            .ok();
        only_wrote(&run, service);
    }
    let before = fs::metadata(sandbox.path("shared/stock.slo.json")).unwrap();
    let run = sandbox
        .slo("export -o shared services/orders.slo.json")
        .ok();
    only_wrote(&run, "orders");
    let after = fs::metadata(sandbox.path("shared/stock.slo.json")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
}
