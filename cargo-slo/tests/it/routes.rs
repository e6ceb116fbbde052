//! Routes that claim the same requests, compared with every path there is and with a router.

use cargo_slo::definition::Service;
use proptest::prelude::*;
use serde_json::json;
use slo_model::record::EndpointRecord;

fn service(routes: &[String]) -> Service {
    let endpoints = routes.iter().enumerate().map(|(n, route)| {
        let journey = json!({"name": "j", "hash": "0"});
        let source = json!({"package": "p", "version": "0", "module": "m", "function": "f",
            "file": "f.rs", "line": n});
        let record = json!({"name": format!("e{n}"), "journey": journey, "route": route,
            "hash": "0", "source": source});
        serde_json::from_value(record).unwrap()
    });
    Service {
        name: "s".to_owned(),
        sdk: None,
        files: Vec::new(),
        packages: Vec::new(),
        declared: None,
        exported: None,
        journeys: Vec::new(),
        endpoints: endpoints.collect(),
        slos: Vec::new(),
    }
}

/// Segments of a path or a template.
fn segments(path: &str) -> Vec<&str> {
    path.trim_start_matches('/').split('/').collect()
}

/// How specifically a template matches a path, segment by segment; `None` if it does not.
fn match_of(template: &str, path: &str) -> Option<Vec<bool>> {
    let (template, path) = (segments(template), segments(path));
    let mut literals = Vec::new();
    for (n, segment) in template.iter().enumerate() {
        let part = path.get(n)?;
        if segment.starts_with("{*") {
            literals.push(false);
            return Some(literals);
        }
        let is_literal = !segment.starts_with('{');
        if is_literal && segment != part {
            return None;
        }
        literals.push(is_literal);
    }
    (template.len() == path.len()).then_some(literals)
}

fn paths() -> Vec<String> {
    let mut paths = vec![String::new()];
    for first in 0.. {
        let Some(path) = paths.get(first).cloned() else {
            break;
        };
        if path.len() < 2 * 4 {
            paths.extend(["a", "b", "c"].map(|segment| format!("{path}/{segment}")));
        }
    }
    paths.split_off(1)
}

fn is_conflict(one: &str, other: &str, paths: &[String]) -> bool {
    let split = |route: &'_ str| -> (String, String) {
        let (method, path) = route.split_once(' ').unwrap();
        (method.to_owned(), path.to_owned())
    };
    let (one, other) = (split(one), split(other));
    let is_equal = |path: &String| {
        let found = match_of(&one.1, path).zip(match_of(&other.1, path));
        found.is_some_and(|(one, other)| one.iter().zip(&other).all(|(one, two)| one == two))
    };
    one.0 == other.0 && paths.iter().any(is_equal)
}

fn route() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec!["a", "b", "{x}", "{y}"]);
    let method = prop::sample::select(vec!["GET", "POST"]);
    let rest = prop::sample::select(vec!["", "/{*r}", "/{*s}"]);
    (method, prop::collection::vec(segment, 0..4), rest).prop_filter_map(
        "no path",
        |(method, segments, rest)| {
            let path: String = segments
                .iter()
                .map(|segment| format!("/{segment}"))
                .collect();
            let path = path + rest;
            (!path.is_empty()).then(|| format!("{method} {path}"))
        },
    )
}

/// Paths with all that a router has rules for.
fn template() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec!["a", "b", "{x}", "{y}", "a{x}", "{x}.b", "{{a}}"]);
    let rest = prop::sample::select(vec!["", "/", "/{*r}", "/{*s}", "/a{*r}"]);
    (prop::collection::vec(segment, 1..4), rest)
        .prop_map(|(segments, rest)| format!("/{}{rest}", segments.join("/")))
}

proptest! {
    #[test]
    fn routes_conflict_if_a_path_matches_both_with_equal_right(
        routes in prop::collection::vec(route(), 2..6)
    ) {
        let paths = paths();
        let service = service(&routes);
        let found = service.conflicting_routes();
        let is_in = |n: usize| {
            let name = format!("e{n}");
            found.iter().any(|conflict| {
                conflict.endpoint.name == name
                    || conflict.rivals.iter().any(|rival| rival.name == name)
            })
        };
        for (n, one) in routes.iter().enumerate() {
            let others = routes.iter().enumerate().filter(|(other, _)| *other != n);
            let expected = others.clone().any(|(_, other)| is_conflict(one, other, &paths));
            prop_assert_eq!(is_in(n), expected, "{} of {:?}", one, &routes);
        }
        for conflict in &found {
            for rival in &conflict.rivals {
                let route = |record: &EndpointRecord| record.route.clone().unwrap();
                prop_assert!(is_conflict(&route(conflict.endpoint), &route(rival), &paths));
            }
        }
    }

    #[test]
    fn routes_of_one_method_conflict_if_a_router_refuses_them(
        one in template(), other in template()
    ) {
        let is_understood =
            |path: &str| matchit::Router::new().insert(path, ()).is_ok();
        if !is_understood(&one) || !is_understood(&other) {
            return Ok(());
        }
        let mut router = matchit::Router::new();
        router.insert(&*one, ()).unwrap();
        let expected = router.insert(&*other, ()).is_err();
        let pair = [&one, &other].map(|path| format!("GET {path}"));
        let found = !service(&pair).conflicting_routes().is_empty();
        prop_assert_eq!(found, expected, "{:?}", pair);
    }

    #[test]
    fn no_text_is_too_wild(routes in prop::collection::vec("[ -~\u{e9}/{}*]{0,20}", 0..6)) {
        let _ = service(&routes).conflicting_routes();
    }
}
