//! The name that the program gives its service.

use slo_model::ServiceName;
use std::collections::BTreeMap;

/// The slice of the linker. Several crates of a program may hold the same name.
#[linkme::distributed_slice]
pub static SERVICE_NAMES: [ServiceName];

/// The name; `None` if the program gives none, or several.
pub(crate) fn declared() -> Option<&'static str> {
    only(&SERVICE_NAMES)
}

fn only(names: &[ServiceName]) -> Option<&'static str> {
    let (first, others) = names.split_first()?;
    let agree = others.iter().all(|other| other.name == first.name);
    agree.then_some(first.name)
}

/// What is wrong if the program gives several names.
pub(crate) fn contradiction() -> Option<String> {
    contradiction_in(&SERVICE_NAMES)
}

fn contradiction_in(names: &[ServiceName]) -> Option<String> {
    let places: BTreeMap<_, _> = names
        .iter()
        .map(|service| (service.name, service.source))
        .collect();
    if places.len() < 2 {
        return None;
    }
    let places: Vec<_> = places
        .iter()
        .map(|(name, at)| format!("`{name}` at {}:{}", at.file, at.line))
        .collect();
    Some(format!(
        "the program gives its service several names, so none is used: {}; leave one \
         `slo_sdk::service!`",
        places.join(" and ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::Source;

    const fn at(name: &'static str, line: u32) -> ServiceName {
        let source = Source {
            file: "src/main.rs",
            line,
            ..Source::NONE
        };
        ServiceName::new(name, source)
    }

    #[test]
    fn one_name_is_used_and_copies_are_one() {
        assert_eq!(only(&[]), None);
        let copies = [at("orders", 1), at("orders", 1), at("orders", 7)];
        assert_eq!(only(&copies), Some("orders"));
        assert_eq!(contradiction_in(&copies), None);
    }

    #[test]
    fn of_two_names_none_is_used_and_both_are_said() {
        let two = [at("stock", 3), at("orders", 1), at("stock", 3)];
        assert_eq!(only(&two), None);
        assert_eq!(
            contradiction_in(&two).as_deref(),
            Some(
                "the program gives its service several names, so none is used: `orders` at \
                 src/main.rs:1 and `stock` at src/main.rs:3; leave one `slo_sdk::service!`"
            )
        );
    }
}
