//! The rooms of the crate know each other in one direction.

use crate::fixtures::repository;
use std::{fs, path::Path};

/// Each may use those before it. `docs/architecture.md` has the picture.
const ROOMS: [&str; 16] = [
    "text",
    "parallel",
    "diagnostics",
    "input",
    "annotate",
    "definition",
    "fleet",
    "outputs",
    "rules",
    "document",
    "diff",
    "status",
    "gate",
    "pipeline",
    "live",
    "cli",
];

/// The rooms that a file uses outside of its tests.
fn used(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut used = Vec::new();
    for rest in text.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            let name = rest
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
            used.extend(name.map(str::to_owned));
            continue;
        };
        // Names at the depth of the list: those after a bracket or a comma.
        let (mut depth, mut name) = (1, String::new());
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            match c {
                ',' if depth == 1 => used.push(std::mem::take(&mut name)),
                _ if depth == 0 => break,
                _ => name.push(c),
            }
        }
        used.push(name);
    }
    let first = |path: String| {
        path.trim()
            .split("::")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    used.into_iter().map(first).collect()
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

#[test]
fn no_room_uses_one_that_comes_after_it() {
    let source = repository("cargo-slo/src");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (place, room) in ROOMS.iter().enumerate() {
        let folder = source.join(room);
        let mut found = Vec::new();
        match folder.is_dir() {
            true => files(&folder, &mut found),
            false => found.push(folder.with_extension("rs")),
        }
        for path in found {
            let text = fs::read_to_string(&path).unwrap();
            for other in used(&text) {
                count += 1;
                if ROOMS[place + 1..].contains(&&*other) {
                    wrong.push(format!("{} uses {other}", path.display()));
                }
            }
        }
    }
    assert!(count > 300, "only {count} uses were seen");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn uses_are_seen() {
    let text = "use crate::{\n    input::{a, b},\n    outputs::File,\n};\nlet x = crate::cli::y;\n";
    assert_eq!(used(text), ["input", "outputs", "", "cli"]);
}
