//! Asks Prometheus' own engine, through `promtool test rules`.

use std::{collections::BTreeMap, fmt::Write, path::Path, process::Command};

/// What to evaluate, and at which minute.
pub(crate) struct Query<'a> {
    pub(crate) expr: &'a str,
    pub(crate) minute: usize,
}

/// The results of a query: the values by their only label, or under an empty text.
pub(crate) type Answer = BTreeMap<String, f64>;

/// Plays series through all `rules*.yaml` of a folder, evaluated every minute, and answers
/// queries, each with at most one label.
///
/// promtool compares, it does not answer. So each query expects nothing, and promtool says in
/// which ones it was wrong, with what it found there; a label that is added to every result
/// tells which one that was. An extra query that always has a result shows that it was heard.
pub(crate) fn ask(
    folder: &Path,
    series: &[(String, String)],
    queries: &[Query<'_>],
) -> Vec<Answer> {
    let mut test = "rule_files: [rules*.yaml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n".to_owned();
    for (labels, values) in series {
        writeln!(test, "  - series: '{labels}'\n    values: '{values}'").unwrap();
    }
    test += "  promql_expr_test:\n";
    let heard = Query {
        expr: "vector(42)",
        minute: 0,
    };
    for (n, Query { expr, minute }) in queries.iter().chain([&heard]).enumerate() {
        writeln!(
            test,
            "  - expr: 'label_replace({expr}, \"q\", \"{n}\", \"\", \"\")'\n    eval_time: {minute}m\n    exp_samples: []"
        )
        .unwrap();
    }
    let file = folder.join("test.yaml");
    std::fs::write(&file, test).unwrap();
    let run = Command::new(std::env::var_os("PROMTOOL").unwrap_or_else(|| "promtool".into()))
        .args(["test", "rules"])
        .arg(&file)
        .output();
    let run = run
        .unwrap_or_else(|error| panic!("promtool can't be started ({error}): install Prometheus"));
    let said = [run.stdout, run.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    let mut answers = vec![Answer::new(); queries.len() + 1];
    for line in said.lines() {
        if let Some(found) = line.trim_start().strip_prefix("got: ") {
            // Each result is its labels in braces and its value, with commas between them.
            for result in found.split('{').skip(1) {
                let (labels, value) = result.split_once('}').unwrap();
                let (n, label) = numbered(labels);
                let value = value.trim_matches([',', ' ']).parse().unwrap();
                answers[n].insert(label, value);
            }
        }
    }
    let heard = answers.pop().unwrap();
    assert_eq!(
        heard.get(""),
        Some(&42.0),
        "promtool answers otherwise:\n{said}"
    );
    answers
}

/// The number of the query, and the value of the other label if there is one.
fn numbered(labels: &str) -> (usize, String) {
    let (mut n, mut other) = (None, String::new());
    for label in labels.split(", ") {
        let (name, value) = label.split_once('=').unwrap();
        let value = value.trim_matches('"');
        match name {
            "q" => n = Some(value.parse().unwrap()),
            _ => value.clone_into(&mut other),
        }
    }
    (n.unwrap(), other)
}
