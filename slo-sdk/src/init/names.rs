//! Names that are wrong: annotations that share one, and so count as one endpoint, and services that
//! have several.

use crate::{notice, service};
use slo_model::{Declaration, Source};
use std::collections::BTreeMap;

/// Most names that are told.
const MAX_NAMES_SHOWN: usize = 5;

/// Warns of them, a line each.
pub(super) fn warn() {
    if let Some(contradiction) = service::contradiction() {
        notice::warn(format_args!("{contradiction}"));
    }
    warn_of_shared();
}

/// Copies of one annotation are one thing: other macros make them, and a file is compiled into
/// several crates.
fn warn_of_shared() {
    let endpoints = crate::registry::endpoints();
    let shared = shared(endpoints.iter().map(|endpoint| endpoint.declaration()));
    if shared.is_empty() {
        return;
    }
    let more = match shared.len().saturating_sub(MAX_NAMES_SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    notice::warn(format_args!(
        "several annotations have one name and are counted as one endpoint: {}{more}; give each a \
         `name` of its own",
        shared[..shared.len().min(MAX_NAMES_SHOWN)].join("; ")
    ));
}

/// Each shared name, with the places it stands at.
fn shared<'a>(declarations: impl Iterator<Item = &'a Declaration>) -> Vec<String> {
    let mut by_name = BTreeMap::<(&str, &str), Vec<Source>>::new();
    for declaration in declarations {
        let name = (declaration.journey.name(), declaration.name);
        let sources = by_name.entry(name).or_default();
        let source = declaration.source;
        if !sources.iter().any(|known| known.is_copy_of(&source)) {
            sources.push(source);
        }
    }
    let shared = by_name.iter().filter(|(_, sources)| sources.len() > 1);
    shared
        .map(|((journey, name), sources)| {
            let mut places: Vec<_> = sources.iter().map(|at| (at.file, at.line)).collect();
            places.sort_unstable();
            let places: Vec<_> = places
                .iter()
                .map(|(file, line)| format!("{file}:{line}"))
                .collect();
            format!("`{journey}/{name}` at {}", places.join(" and "))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Journey, Objectives};

    #[test]
    fn copies_are_one_and_others_are_told() {
        const A: Journey = Journey::new("a").objectives(Objectives::new().availability(99.0));
        const B: Journey = Journey::new("b").objectives(Objectives::new().availability(99.0));
        let at = |journey, name, line| {
            Declaration::new(name, journey).source(Source {
                file: "src/main.rs",
                line,
                ..Source::NONE
            })
        };
        let all = [
            at(A, "copied", 1),
            at(A, "copied", 1),
            within("both::handlers", at(A, "in-two-crates", 2)),
            within("server::handlers", at(A, "in-two-crates", 2)),
            at(A, "get", 20),
            at(B, "get", 3),
        ];
        assert_eq!(shared(all.iter()), [""; 0]);
        let again = at(A, "get", 4);
        assert_eq!(
            shared(all.iter().chain([&again])),
            ["`a/get` at src/main.rs:4 and src/main.rs:20"]
        );
        // What a macro makes twice in one crate is two things, though in one line.
        let again = within("both::again", at(A, "in-two-crates", 2));
        assert_eq!(
            shared(all.iter().chain([&again])),
            ["`a/in-two-crates` at src/main.rs:2 and src/main.rs:2"]
        );
    }

    fn within(module: &'static str, declaration: Declaration) -> Declaration {
        declaration.source(Source {
            module,
            ..declaration.source
        })
    }
}
