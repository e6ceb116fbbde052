//! Judges SARIF documents by the official JSON schema, formats of addresses and dates included,
//! and by the types that others made of it.
//!
//! The first argument is the schema, the others are the documents. A document that was broken on
//! purpose has to be refused: a judge that accepts everything is none.

use jsonschema::Validator;
use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;
use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let judged = match &arguments[..] {
        [schema, documents @ ..] if !documents.is_empty() => judge(schema, documents),
        _ => Err("name the schema and documents".to_owned()),
    };
    match judged {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn judge(schema: &str, documents: &[String]) -> Result<(), String> {
    let mut schema = json(schema)?;
    let title = schema["title"].as_str().unwrap_or("");
    if !title.contains("SARIF") || !title.contains("2.1.0") {
        return Err(format!("`{title}` is another schema"));
    }
    // Its pattern for languages has a bracket too many, which no strict validator takes. We write
    // no language.
    for kind in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{kind}/properties/language"));
        if let Some(language) = language.and_then(Value::as_object_mut) {
            language.remove("pattern");
        }
    }
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| error.to_string())?;
    for path in documents {
        let document = json(path)?;
        check(&validator, &document).map_err(|why| format!("{path}: {why}"))?;
        let run = &document["runs"][0];
        let count = |list: &Value| list.as_array().map_or(0, Vec::len);
        let (results, rules) = (
            count(&run["results"]),
            count(&run["tool"]["driver"]["rules"]),
        );
        eprintln!("  {path}: {results} results of {rules} rules");
        if results == 0 || rules == 0 {
            return Err(format!("{path}: there is nothing to judge"));
        }
        for (pointer, wrong) in [
            ("/version", json!("2.2.0")),
            ("/runs/0/results/0/level", json!("bad")),
            ("/runs/0/results/0/ruleIndex", json!(-2)),
            (
                "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
                json!("a b\n"),
            ),
        ] {
            let mut broken = document.clone();
            if let Some(place) = broken.pointer_mut(pointer) {
                *place = wrong;
                if check(&validator, &broken).is_ok() {
                    return Err(format!("{path} is accepted with {pointer} broken"));
                }
            }
        }
    }
    Ok(())
}

fn check(validator: &Validator, document: &Value) -> Result<(), String> {
    let errors = validator.iter_errors(document);
    let errors: Vec<_> = errors
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    if !errors.is_empty() {
        return Err(errors.join("\n"));
    }
    serde_json::from_value::<Sarif>(document.clone())
        .map(drop)
        .map_err(|error| error.to_string())
}

fn json(path: &str) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))
}
