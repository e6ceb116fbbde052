//! `explain` and `init`, and the documents that are generated from what they say.

use crate::fixtures::{Sandbox, elf, endpoint, orders, record, repository, sentinel};
use cargo_slo::{
    input::{NamedBy, manifest::ManifestFile},
    rules,
};
use std::{fs, path::Path};

#[test]
fn rules_and_words_are_explained() {
    let sandbox = Sandbox::new();
    for rule in rules::all() {
        let run = sandbox.slo(&format!("explain {}", rule.name)).ok();
        assert!(
            run.out.starts_with(&format!("{} (", rule.name)),
            "{}",
            run.out
        );
        assert!(run.out.contains(rule.text().trim_end()), "{}", run.out);
    }
    let run = sandbox.slo("explain error budget").ok();
    assert!(run.out.contains("may be bad"), "{}", run.out);
    let all = sandbox.slo("explain").ok().out;
    assert!(
        all.contains("few-events") && all.contains("Error budget"),
        "{all}"
    );
    sandbox.slo("explain burn-rat").failed(&[
        "no rule and no word called `burn-rat`",
        "did you mean `burn-rates`?",
    ]);
}

/// Every number worked out by hand: factors 14.4, 6, 3 and 1 times a budget of 0.1 %, and
/// 526 events in 720 hours.
#[test]
fn burn_rates_as_a_table() {
    let sandbox = Sandbox::new();
    let run = sandbox
        .slo("explain burn-rates --target 99.9 --traffic 526/month")
        .ok();
    let expected = "\
99.9% over 30d: the budget is 0.1% of the events, or an outage of 43.2 min
526 events are expected; 0 may be bad, and a service exactly on target has more in 41% of all windows

the usual conditions
ALERT   FACTOR  WINDOWS   FIRES ABOVE  SPENT  OUTAGE SEEN  10% FAIL SEEN  RESETS     EVENTS  BAD NEEDED  BY CHANCE
page    14.4    1h / 5m   1.44%        2%     2.7 h        27.4 h         4.9 min    0.7     2           less than 0.1
page    6       6h / 30m  0.6%         5%     2.7 h        27.4 h         29.8 min   4.3     2           less than 0.1
ticket  3       1d / 2h   0.3%         10%    2.7 h        27.4 h         119.6 min  17.5    2           less than 0.1
ticket  1       3d / 6h   0.1%         10%    2.7 h        27.4 h         6 h        52.6    2           less than 0.1
";
    assert!(run.out.starts_with(expected), "{}", run.out);
    // 1,388.9 events an hour, of which 1.44% are 20: the rate asks for more than chance explains.
    let busy = "explain burn-rates --target 99.9 --traffic 1000000/month";
    let run = sandbox.slo(busy).ok();
    let page = run
        .out
        .lines()
        .find(|line| line.starts_with("page    14.4"));
    let cells: Vec<_> = page.unwrap().split_whitespace().collect();
    assert!(cells.contains(&"21"), "{page:?}");
    let run = sandbox.slo("explain burn-rates --target 99.9%").ok();
    assert!(run.out.contains("51.8 s"), "{}", run.out);
    let catalogue = repository("cargo-slo/tests/it/fleet/catalogue");
    let run = sandbox
        .slo(&format!(
            "explain burn-rates --catalog {}",
            catalogue.display()
        ))
        .ok();
    assert!(
        run.out.contains("\n`slow` of the catalogue\n"),
        "{}",
        run.out
    );
    for wrong in ["--target 100", "--target x", "--traffic 5", "--window 400d"] {
        let run = sandbox.slo(&format!("explain burn-rates {wrong}"));
        assert_eq!(run.code, 2, "{}", run.err);
    }
}

#[test]
fn a_new_file_says_what_the_build_declares() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    let run = sandbox.slo("init --bin orders").ok();
    assert_eq!(run.err, "wrote slo.toml\n");
    let path = sandbox.path("slo.toml");
    let text = fs::read_to_string(&path).unwrap();
    ManifestFile::read(&path, NamedBy::Person).unwrap();
    for said in [
        "service = \"orders\"",
        "#\"checkout\" = \"1000/day\"",
        "#\"checkout/place-order\" = \"100/day\"",
        "#slo = \"checkout.latency\"",
        "# 99% < 500ms over 30d",
    ] {
        assert!(text.contains(said), "{said} is not in:\n{text}");
    }
    // What is offered is valid without its `#`, and about what is there.
    let filled: Vec<_> = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(fact) if !fact.starts_with(' ') => fact,
            _ => line,
        })
        .collect();
    fs::write(&path, filled.join("\n")).unwrap();
    ManifestFile::read(&path, NamedBy::Person).unwrap();
    let run = sandbox.slo("check --format json --bin orders");
    for rule in ["unknown-name", "approval-void"] {
        assert!(!run.out.contains(rule), "{}", run.out);
    }
}

#[test]
fn a_file_that_is_there_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", orders());
    sandbox.write("slo.toml", "mine");
    sandbox
        .slo("init --bin orders")
        .failed(&["is there already", "--> slo.toml"]);
    assert_eq!(
        fs::read_to_string(sandbox.path("slo.toml")).unwrap(),
        "mine"
    );
    sandbox.slo("init -o other.toml --bin orders").ok();
    sandbox
        .slo("init -o none/slo.toml --bin orders")
        .failed(&["can't be written"]);
    sandbox.write("two", elf(&[&sentinel(), &record(&endpoint("x"))]));
    sandbox
        .slo("init -o third.toml --bin orders two")
        .failed(&["about one service", "orders, two"]);
}

/// The book's pages are what the command says. `UPDATE_DOCS=1 cargo test -p cargo-slo --test it
/// pages` writes them again.
#[test]
fn the_pages_of_the_book_say_the_same() {
    let mut list = String::from(
        "# Rules\n\nWhat `cargo slo check` looks for. Each page is the text of `cargo slo explain \
         RULE`; how findings\nare accepted and levels are changed is in [slo.toml](../slo-toml.md).\n\n\
         | rule | level | finds |\n| --- | --- | --- |\n",
    );
    let folder = repository("docs/rules");
    for rule in rules::all() {
        let (name, level) = (rule.name, rule.level.as_str());
        list += &format!("| [{name}]({name}.md) | {level} | {} |\n", rule.summary());
        let page = format!("# {name}\n\n*{level}*\n\n{}", rule.text());
        compare(&folder.join(format!("{name}.md")), &page);
    }
    compare(&folder.join("README.md"), &list);
    let pages = fs::read_dir(&folder).unwrap().count();
    assert_eq!(pages, rules::all().len() + 1, "a page is of no rule");
    let glossary = fs::read_to_string(repository("cargo-slo/src/cli/explain/glossary.md"));
    compare(&repository("docs/glossary.md"), &glossary.unwrap());
}

fn compare(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == text,
        "{} is not up to date: UPDATE_DOCS=1",
        path.display()
    );
}
