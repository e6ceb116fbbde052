//! Services as `.proto` files declare them.

use crate::input::{Folders, NamedBy, read_text};
use std::{fs, path::Path};

/// Longest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// Folders that are looked into, and how deep.
const MAX_FOLDERS: usize = 10_000;
const MAX_DEPTH: usize = 12;

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Service {
    pub(super) package: String,
    pub(super) name: String,
    pub(super) methods: Vec<String>,
}

impl Service {
    /// `/package.Service/Method`.
    pub(super) fn route(&self, method: &str) -> String {
        let Service { package, name, .. } = self;
        match package.as_str() {
            "" => format!("/{name}/{method}"),
            package => format!("/{package}.{name}/{method}"),
        }
    }
}

/// The services of all `.proto` files below a folder. Links to folders, hidden folders and those of
/// builds are left out.
pub(super) fn services(folder: &Path) -> Vec<Service> {
    let within = Folders::around(folder);
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = open.pop() {
        seen += 1;
        if seen > MAX_FOLDERS {
            break;
        }
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => {
                    let is_left_out =
                        name.starts_with('.') || matches!(&*name, "target" | "node_modules");
                    if !is_left_out && depth < MAX_DEPTH {
                        open.push((path, depth + 1));
                    }
                }
                Ok(_) if name.ends_with(".proto") => {
                    let text = read_text(&path, MAX_FILE_BYTES, NamedBy::FileWithin(&within));
                    found.extend(text.iter().flat_map(|text| parse(text)));
                }
                _ => {}
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The services that a file declares.
fn parse(text: &str) -> Vec<Service> {
    let words = words(text);
    let mut services: Vec<Service> = Vec::new();
    let (mut package, mut depth, mut of_service) = (String::new(), 0_usize, None);
    let mut words = words.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        match word {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if of_service == Some(depth) {
                    of_service = None;
                }
            }
            "package" if depth == 0 => package = words.next().unwrap_or_default().to_owned(),
            "service" if depth == 0 => {
                let name = words.next().unwrap_or_default().to_owned();
                if words.peek() == Some(&"{") {
                    of_service = Some(depth);
                    services.push(Service {
                        package: package.clone(),
                        name,
                        methods: Vec::new(),
                    });
                }
            }
            "rpc" if of_service == depth.checked_sub(1) && of_service.is_some() => {
                let name = words.next().unwrap_or_default().to_owned();
                if let (Some("("), Some(service)) = (words.peek().copied(), services.last_mut()) {
                    service.methods.push(name);
                }
            }
            _ => {}
        }
    }
    services
}

/// Words and brackets, without comments and texts.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '_' || c == '.' {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        match (c, chars.peek()) {
            ('/', Some('/')) => while chars.next_if(|c| *c != '\n').is_some() {},
            ('/', Some('*')) => {
                let mut last = ' ';
                for c in chars.by_ref() {
                    if (last, c) == ('*', '/') {
                        break;
                    }
                    last = c;
                }
            }
            ('"' | '\'', _) => {
                while let Some(inner) = chars.next() {
                    match inner {
                        '\\' => drop(chars.next()),
                        end if end == c => break,
                        _ => {}
                    }
                }
            }
            ('{' | '}' | '(' | ')' | ';', _) => words.push(c.to_string()),
            _ => {}
        }
    }
    words
}

/// A name in snake case, as tonic makes functions of methods.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<_> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let is_start = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase()
                        && letters.get(at + 1).is_some_and(|next| next.is_lowercase())
            });
        if is_start {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

/// A name in camel case, as tonic makes traits of services.
pub(super) fn camel(name: &str) -> String {
    let words = snake(name);
    let words = words.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_with_their_methods() {
        let text = "// service Not { rpc No (A) returns (B); }\n\
                    /* package wrong; */ syntax = \"proto3\"; package shop.v1;\n\
                    option x = \"service { rpc \\\" No\";\n\
                    message service_of { string rpc = 1; }\n\
                    service Payments {\n  rpc Charge(stream A) returns (B) { option (a) = { post: \"/x\" }; }\n\
                    rpc GetURL (A) returns (B);\n}\nservice Empty {}";
        let services = parse(text);
        assert_eq!(services.len(), 2);
        assert_eq!(services[0].methods, ["Charge", "GetURL"]);
        assert_eq!(services[0].route("Charge"), "/shop.v1.Payments/Charge");
        assert_eq!(
            parse("service A { rpc B(C) returns (D); }")[0].route("B"),
            "/A/B"
        );
    }

    #[test]
    fn names_are_what_tonic_makes_of_them() {
        for (name, function) in [
            ("Charge", "charge"),
            ("GetURL", "get_url"),
            ("GetURLPath", "get_url_path"),
            ("place_order", "place_order"),
            ("List2Go", "list2_go"),
        ] {
            assert_eq!(snake(name), function);
        }
        assert_eq!(camel("payments_api"), "PaymentsApi");
        assert_eq!(camel("Payments"), "Payments");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_wild(text: String) {
            let _ = parse(&text);
        }
    }
}
