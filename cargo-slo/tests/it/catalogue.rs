//! Which catalogue is read: that of the option, of the variable, or of `slo.toml`, by every command
//! alike.

use crate::{check::fleet, fixtures::Sandbox};

const VARIABLE: &str = "SLO_CATALOG";

/// Every command that reads the catalogue, over a service that chooses the setting `slow` of it.
const COMMANDS: [&str; 5] = [
    "list --format json",
    "check --today 2026-06-01",
    "doc --history none",
    "generate prometheus",
    "diff --against rules/settlement.prometheus.yaml",
];

const SETTLEMENT: &str = "--export settlement.slo.json --slo-toml settlement.toml";

/// The fleet, with rules that were generated with the catalogue.
fn sandbox() -> Sandbox {
    let sandbox = fleet(&[]);
    sandbox
        .slo(&format!(
            "generate prometheus -o rules --catalog catalogue {SETTLEMENT}"
        ))
        .ok();
    sandbox.write(".git/HEAD", "");
    sandbox
}

/// Adds the folder to what the service says.
fn named(sandbox: &Sandbox, path: &str) {
    let text = std::fs::read_to_string(sandbox.path("settlement.toml")).unwrap();
    let text = text.split("\n[catalogue]").next().unwrap();
    let text = format!("{text}\n[catalogue]\npath = {path:?}\n");
    sandbox.write("settlement.toml", text);
}

#[test]
fn option_variable_and_file_name_the_same_catalogue_to_every_command() {
    let sandbox = sandbox();
    for command in COMMANDS {
        let command = format!("{command} {SETTLEMENT}");
        let chosen = sandbox.slo(&format!("{command} --catalog catalogue"));
        let none = sandbox.slo(&command);
        assert_ne!(
            (chosen.code, &chosen.out),
            (none.code, &none.out),
            "{command}"
        );
        let variable = sandbox.slo_in(&command, &[(VARIABLE, "catalogue")]);
        assert_eq!((variable.code, &variable.out), (chosen.code, &chosen.out));
        let said = "the catalogue is catalogue, as SLO_CATALOG says\n";
        assert!(variable.err.starts_with(said), "{}", variable.err);
        named(&sandbox, "catalogue");
        let file = sandbox.slo(&command);
        assert_eq!(
            (file.code, file.out),
            (chosen.code, chosen.out),
            "{command}"
        );
        assert_eq!(file.err, chosen.err);
        let text = std::fs::read_to_string(sandbox.path("settlement.toml")).unwrap();
        let text = text.split("\n[catalogue]").next().unwrap();
        sandbox.write("settlement.toml", format!("{text}\n"));
    }
}

#[test]
fn the_option_is_stronger_than_the_variable_and_that_than_the_file() {
    let sandbox = sandbox();
    let generate = format!("generate prometheus {SETTLEMENT}");
    let missing = |name: &str| format!("--> {name}");
    named(&sandbox, "of-the-file");
    sandbox.slo(&generate).failed(&[
        "of-the-file: the catalogue can't be read",
        "settlement.toml:",
        "path =",
    ]);
    sandbox
        .slo_in(&generate, &[(VARIABLE, "of-the-variable")])
        .failed_after(
            "the catalogue is of-the-variable",
            &[&missing("of-the-variable")],
        );
    let option = format!("{generate} --catalog of-the-option");
    sandbox
        .slo_in(&option, &[(VARIABLE, "of-the-variable")])
        .failed(&[&missing("of-the-option")]);
    // An empty variable is none.
    named(&sandbox, "catalogue");
    let run = sandbox.slo_in(&generate, &[(VARIABLE, "")]).ok();
    assert!(!run.err.contains(VARIABLE), "{}", run.err);
}

#[test]
fn explained_burn_rates_are_those_of_the_catalogue_and_scaled_as_asked() {
    let sandbox = fleet(&[]);
    let explain = "explain burn-rates --window 90d";
    let usual = sandbox.slo(explain).ok().out;
    assert!(!usual.contains("`slow` of the catalogue"));
    sandbox.write("slo.toml", "[catalogue]\npath = 'catalogue'\n");
    let chosen = sandbox.slo(explain).ok().out;
    assert!(chosen.contains("`slow` of the catalogue"), "{chosen}");
    let scaled = sandbox
        .slo(&format!("{explain} --scaling scale-windows"))
        .ok()
        .out;
    let first = |text: &str| {
        let row = text.lines().find(|line| line.starts_with("page")).unwrap();
        let words: Vec<_> = row.split_whitespace().map(str::to_owned).collect();
        [words[1].clone(), words[2].clone()]
    };
    assert_eq!(first(&chosen), ["43.2", "1h"]);
    assert_eq!(first(&scaled), ["14.4", "3h"]);
}

#[test]
fn the_folder_that_a_file_names_stays_in_its_repository() {
    let outer = Sandbox::new();
    let sandbox = Sandbox::at(outer.path("repository"));
    let whole = fleet(&[]);
    for name in ["settlement.slo.json", "settlement.toml"] {
        sandbox.write(name, std::fs::read(whole.path(name)).unwrap());
    }
    sandbox.write(".git/HEAD", "");
    let burn_rates = std::fs::read(whole.path("catalogue/burn-rates.toml")).unwrap();
    outer.write("elsewhere/burn-rates.toml", burn_rates);
    let generate = format!("generate prometheus {SETTLEMENT}");
    let refused = |path: &str| {
        named(&sandbox, path);
        sandbox.slo(&generate).failed(&[
            "the catalogue can't be read: it lies outside of",
            "settlement.toml:14:8",
            "--may-read DIR",
        ]);
        sandbox
            .slo(&format!("{generate} --may-read ../elsewhere"))
            .ok();
    };
    refused("../elsewhere");
    refused(outer.path("elsewhere").to_str().unwrap());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../elsewhere", sandbox.path("link")).unwrap();
        refused("link");
    }
}

#[test]
fn what_a_command_does_not_take_it_refuses_with_the_reason() {
    let sandbox = Sandbox::new();
    for (arguments, why) in [
        ("man --catalog slo", "reads nothing"),
        (
            "doc --prometheus http://localhost",
            "`--measured FILE` shows it",
        ),
        ("explain burn-rates --service orders", "it reads no service"),
        ("init --scaling=keep-windows", "it writes the `slo.toml`"),
    ] {
        let mut words = arguments.split(' ');
        let told = format!("`{}` takes no `--", words.next().unwrap());
        sandbox.slo(arguments).failed(&[&told, why]);
    }
    // Whatever nobody takes is told as ever.
    sandbox
        .slo("list --catalogue slo")
        .failed(&["unexpected argument", "--catalog"]);
}
