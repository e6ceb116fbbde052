//! Whatever stands in a record, in `slo.toml`, in the catalogue or in a file that lists endpoints:
//! nothing that a command shows moves a cursor, forges a line, or turns letters around.

use crate::{
    check::fleet,
    fixtures::{Run, Sandbox, repository},
};
use serde_json::Value;
use std::fs;

/// A colour, a title for the window, a bell, a line of its own for GitHub, C1 controls, overrides of
/// the direction of writing, and a tag that nobody sees.
const HOSTILE: &str = "a\u{1b}[31m\u{1b}]0;x\u{7}\r\n::error::forged\n\u{9b}2J\u{85}\u{202e}cba\u{2066}\u{2028}\u{feff}\u{e0041}%0A";

/// What must not reach a terminal as it is.
fn is_dangerous(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || ('\u{2028}'..='\u{202e}').contains(&c)
        || ('\u{2060}'..='\u{206f}').contains(&c)
        || ('\u{e0000}'..='\u{e007f}').contains(&c)
}

/// Runs a command as into a file and as on a terminal, where colours are left in, and looks at
/// what it shows.
fn safe(sandbox: &Sandbox, what: &str, command: &str) -> Run {
    for color in ["0", "1"] {
        let run = sandbox.slo_in(command, &[("CLICOLOR_FORCE", color)]);
        for stream in [&run.out, &run.err] {
            let plain = without_colours(stream);
            assert!(!plain.contains("panicked"), "{what}: {plain}");
            let found = plain.chars().find(|c| is_dangerous(*c));
            assert_eq!(found, None, "{command} with {what}: {plain:?}");
            let forged = plain
                .lines()
                .find(|line| line.starts_with("::error::forged"));
            assert_eq!(forged, None, "{command} with {what}: {plain}");
        }
    }
    sandbox.slo(command)
}

/// What is left where the colours are ours; other sequences stay.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match digits.strip_prefix('m') {
            Some(rest) => plain += rest,
            None => plain += &format!("\u{1b}[{part}"),
        }
    }
    plain
}

/// Replaces every text of a record, one after the other.
fn each_text(value: &Value, change: &mut dyn FnMut(&str, Value)) {
    fn walk(value: &Value, way: &mut Vec<String>, found: &mut Vec<String>) {
        match value {
            Value::String(_) => found.push(format!("/{}", way.join("/"))),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    way.push(index.to_string());
                    walk(item, way, found);
                    way.pop();
                }
            }
            Value::Object(entries) => {
                for (key, entry) in entries {
                    way.push(key.clone());
                    walk(entry, way, found);
                    way.pop();
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, &mut Vec::new(), &mut found);
    for pointer in found {
        let mut changed = value.clone();
        let place = changed.pointer_mut(&pointer).unwrap();
        *place = format!("{}{HOSTILE}", place.as_str().unwrap()).into();
        change(&pointer, changed);
    }
}

#[test]
fn texts_of_records() {
    let sandbox = fleet(&[]);
    let text = fs::read_to_string(sandbox.path("search.slo.json")).unwrap();
    let mut export: Value = serde_json::from_str(&text).unwrap();
    // One endpoint says all there is to say.
    export["records"].as_array_mut().unwrap().truncate(1);
    export["records"][0]["description"] = "d".into();
    export["records"][0]["bad_status"] = serde_json::json!([429]);
    let mut read = 0;
    each_text(&export, &mut |pointer, changed| {
        sandbox.write("x.slo.json", changed.to_string());
        for command in [
            "check --format human --export x.slo.json --openapi api/stock.yaml",
            "check --format json --export x.slo.json --openapi api/stock.yaml",
            "check --format github --export x.slo.json --openapi api/stock.yaml",
            "check --format sarif --export x.slo.json --openapi api/stock.yaml",
            "list --export x.slo.json",
            "list --format json --export x.slo.json",
            "generate prometheus openslo -o out --export x.slo.json",
            "diff --against search.slo.json --export x.slo.json",
            "diff --format json --against search.slo.json --export x.slo.json",
        ] {
            let run = safe(&sandbox, pointer, command);
            read += i32::from(run.code < 2);
        }
    });
    assert!(
        read > 50,
        "most texts may be anything, so the commands went on: {read}"
    );
}

#[test]
fn names_in_facts_and_in_files_that_list_endpoints() {
    let toml = HOSTILE.escape_unicode().to_string();
    // TOML spells them with four or eight digits.
    let toml: String = toml
        .split("\\u{")
        .skip(1)
        .map(|code| format!("\\U{:0>8}", code.trim_end_matches('}')))
        .collect();
    let json = serde_json::to_string(HOSTILE).unwrap();
    let json = json.trim_matches('"');
    let sandbox = fleet(&[]);
    let facts = [
        format!("[traffic]\n\"{toml}\" = \"5/day\"\n"),
        format!("[journey.\"{toml}\"]\nwhen-it-fails = \"x\"\n"),
        format!("[[exception]]\nrule = \"{toml}\"\non = \"{toml}\"\nreason = \"{toml}\"\n"),
        format!("[[exception]]\nrule = \"few-events\"\non = \"{toml}\"\nreason = \"{toml}\"\n"),
        format!("[[dependency]]\nservice = \"{toml}\"\nkind = \"hard\"\njourney = \"{toml}\"\n"),
        format!("[[dependency]]\nservice = \"stock\"\nkind = \"{toml}\"\n"),
        format!(
            "[[review]]\nslo = \"{toml}\"\nverdict = \"achievable\"\nby = \"{toml}\"\ndate = 2026-01-01\nof = \"{toml}\"\n"
        ),
        format!(
            "tier = \"{toml}\"\npolicy = \"{toml}\"\nburn-rates = \"{toml}\"\nowner = \"{toml}\"\n"
        ),
        format!("\"{toml}\" = 1\n"),
        format!("service = \"{toml}\"\n"),
        format!(
            "[coverage]\nopenapi = [\"{toml}\"]\nignore = [{{ route = \"/x{toml}\", reason = \"r\" }}]\n"
        ),
        "# \u{202e}\u{1b}]0;x\u{7}\ntier = \n".to_owned(),
    ];
    for text in &facts {
        sandbox.write("x.toml", text);
        for format in ["human", "json", "github", "sarif"] {
            let command = format!(
                "check --format {format} --export search.slo.json --slo-toml x.toml --catalog catalogue"
            );
            safe(&sandbox, text, &command);
        }
        let generate = "generate openslo -o out --export search.slo.json --slo-toml x.toml --catalog catalogue";
        safe(&sandbox, text, generate);
    }
    let lists = [
        (
            "openapi",
            format!("{{\"openapi\": \"3.0.0\", \"paths\": {{\"/a{json}\": {{\"get\": {{}}}}}}}}"),
        ),
        ("openapi", format!("{{\"openapi\": \"{json}\"}}")),
        (
            "openapi",
            format!("{{\"openapi\": \"3.0.0\", \"paths\": {{\"/a\": {{\"$ref\": \"{json}\"}}}}}}"),
        ),
        (
            "gateway",
            format!(
                "{{\"kind\": \"HTTPRoute\", \"spec\": {{\"rules\": [{{\"matches\": [{{\"path\": {{\"value\": \"/{json}\"}}, \"method\": \"{json}\"}}]}}]}}}}"
            ),
        ),
        (
            "routes",
            format!(
                "GET /{}",
                HOSTILE.replace(['\r', '\n', '\u{85}', '\u{2028}'], "")
            ),
        ),
        ("routes", HOSTILE.to_owned()),
    ];
    for (kind, text) in &lists {
        sandbox.write("list", text);
        for format in ["human", "json", "github", "sarif"] {
            let command = format!("check --format {format} --export search.slo.json --{kind} list");
            safe(&sandbox, text, &command);
        }
    }
}

/// A shell lists the files of a folder as arguments, whatever their names are.
#[cfg(unix)]
#[test]
fn names_of_files_that_are_arguments() {
    use std::os::unix::ffi::OsStrExt;
    let names: [&[u8]; 4] = [
        b"--\x1b]0;title\x07.slo.json",
        b"-\x1b[31m",
        b"--a\n::error::forged",
        b"--\xe2\x80\xae\xff",
    ];
    for name in names {
        for before in [
            &["list"][..],
            &["doc", "--lang"],
            &["check", "--today"],
            &[],
        ] {
            let run = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
                .arg("slo")
                .args(before)
                .arg(std::ffi::OsStr::from_bytes(name))
                .output()
                .unwrap();
            assert_eq!(run.status.code(), Some(2));
            let err = String::from_utf8_lossy(&run.stderr);
            let found = err.chars().find(|c| is_dangerous(*c));
            assert_eq!(found, None, "{before:?}: {err:?}");
            assert!(!err.contains("\n::error"), "{err}");
        }
    }
}

#[test]
fn names_in_the_catalogue() {
    let folder = repository("tests/judges/definitions");
    let sandbox = Sandbox::new();
    for name in [
        "hostile.toml",
        "hostile.slo.json",
        "catalogue/burn-rates.toml",
        "catalogue/policies.toml",
    ] {
        sandbox.write(name, fs::read(folder.join(name)).unwrap());
    }
    for format in ["human", "json", "github", "sarif"] {
        let command = format!(
            "check --format {format} --export hostile.slo.json --slo-toml hostile.toml --catalog catalogue"
        );
        safe(&sandbox, format, &command);
    }
    safe(&sandbox, "names", "explain burn-rates --catalog catalogue");
    sandbox.write(
        "catalogue/burn-rates.toml",
        "[\"\\u001b[31m\\u202e\"]\ncondition = [{ severity = \"page\", budget = \"5%\", long = \"6h\", short = \"30m\" }]\n",
    );
    safe(&sandbox, "names", "explain burn-rates --catalog catalogue");
}
