//! What `cargo slo` finds in the program.

use slo_model::{
    Target,
    record::{EndpointRecord, Record, frames},
};

const NAME: &str = "shapes";
slo_sdk::service!(NAME);

#[test]
fn program_carries_the_name_of_its_service() {
    let names: Vec<_> = records()
        .into_iter()
        .filter_map(|record| match record {
            Record::Service(service) => Some(*service),
            _ => None,
        })
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(names[0].name, NAME);
    assert!(names[0].source.file.ends_with("binary.rs"));
    assert_eq!(names[0].source.package, "slo-macros");
}

/// Every record in this very test binary.
fn records() -> Vec<Record> {
    let program = std::env::current_exe().expect("a test has a program");
    let bytes = std::fs::read(program).expect("the program can be read");
    frames(&bytes)
        .filter_map(Result::ok)
        .filter_map(|frame| Record::decode(&frame).ok())
        .collect()
}

fn endpoints(name: &str) -> Vec<EndpointRecord> {
    records()
        .into_iter()
        .filter_map(|record| match record {
            Record::Endpoint(endpoint) if endpoint.name == name => Some(*endpoint),
            _ => None,
        })
        .collect()
}

#[test]
fn program_carries_sentinel_and_endpoints() {
    let sentinels = records()
        .iter()
        .filter(|record| matches!(record, Record::Sentinel(_)))
        .count();
    assert_eq!(sentinels, 1);
    // Called, never called, generic, rewritten by `async_trait`:
    for (endpoint, function) in [
        ("place-order", "literals"),
        ("tightened", "tightened"),
        ("generic", "generic"),
        ("charge", "charge"),
    ] {
        let found = endpoints(endpoint);
        assert_eq!(found.len(), 1, "{endpoint}");
        assert_eq!(found[0].source.function, function);
    }
    let order = &endpoints("place-order")[0];
    let own = order.objectives.as_ref().expect("it has its own");
    assert_eq!(own.availability.map(Target::ppb), Some(999_500_000));
}

/// `debug_handler` copies the function, annotation and all, into checks that never run: two
/// more records in debug builds. They are the same to the byte, which is how readers know
/// them from two endpoints that took the same name.
#[test]
fn copies_by_other_macros_are_identical() {
    for endpoint in ["checked-above", "checked-below"] {
        let found = endpoints(endpoint);
        assert!(found.iter().all(|record| *record == found[0]), "{found:?}");
        assert!(!found.is_empty(), "{endpoint}");
    }
}
