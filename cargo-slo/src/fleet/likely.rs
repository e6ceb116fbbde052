//! Which annotation probably serves which route, and which journey a route is part of that has none, by
//! their names.
//!
//! `list_products` serves `GET /products`, and what a description calls `getPet` is `get-pet`. A guess
//! is advice, and nothing is counted by it; where two are as good, there is none.

use crate::input::api::Offered;
use slo_model::record::EndpointRecord;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Among more, a guess takes long.
const MAX_COMPARED: usize = 200;

/// Longer names are not looked at.
const MAX_NAME_BYTES: usize = 200;

/// A lower score is chance.
const LOWEST: i32 = 3;

/// The score of names that are the same.
const SAME: i32 = 100;

/// What handlers of a method are called.
const VERBS: [(&[&str], &[&str]); 4] = [
    (
        &["GET", "QUERY"],
        &[
            "get", "list", "show", "find", "fetch", "read", "search", "view", "query", "load",
        ],
    ),
    (
        &["POST"],
        &[
            "create", "add", "new", "place", "post", "submit", "make", "start", "send", "register",
        ],
    ),
    (
        &["PUT", "PATCH"],
        &[
            "update", "put", "patch", "set", "replace", "change", "edit", "modify",
        ],
    ),
    (
        &["DELETE"],
        &["delete", "remove", "cancel", "drop", "destroy", "clear"],
    ),
];

/// What says nothing in a name or in a path.
const EMPTY: [&str; 8] = ["api", "handler", "endpoint", "by", "id", "the", "of", "all"];

/// Returns pairs of a route and the annotation that probably serves it; no route and no annotation is
/// in two of them.
pub(super) fn pairs<'a>(
    routes: &[&'a Offered],
    records: &[&'a EndpointRecord],
) -> Vec<(&'a Offered, &'a EndpointRecord)> {
    let routes = routes.iter().filter(|one| one.name.len() <= MAX_NAME_BYTES);
    let routes: Vec<_> = routes
        .take(MAX_COMPARED)
        .map(|one| (*one, RouteWords::of(one)))
        .collect();
    let records = records
        .iter()
        .filter(|one| one.name.len() <= MAX_NAME_BYTES);
    let records: Vec<_> = records
        .take(MAX_COMPARED)
        .map(|one| (*one, words(&one.name)))
        .collect();
    let mut by_score: HashMap<i32, Vec<(usize, usize)>> = HashMap::new();
    for (route, (_, of_route)) in routes.iter().enumerate() {
        for (record, (_, name)) in records.iter().enumerate() {
            let score = of_route.score(name);
            if score >= LOWEST {
                by_score.entry(score).or_default().push((route, record));
            }
        }
    }
    let mut scores: Vec<_> = by_score.into_iter().collect();
    scores.sort_by_key(|(score, _)| -score);
    let (mut taken_routes, mut taken_records) = (HashSet::new(), HashSet::new());
    let mut found = Vec::new();
    for (_, mut pairs) in scores {
        pairs.retain(|(route, record)| {
            !taken_routes.contains(route) && !taken_records.contains(record)
        });
        let is_alone = |pair: &(usize, usize)| {
            let rivals = pairs
                .iter()
                .filter(|one| one.0 == pair.0 || one.1 == pair.1);
            rivals.count() == 1
        };
        for pair in pairs.iter().filter(|pair| is_alone(pair)) {
            found.push((routes[pair.0].0, records[pair.1].0));
        }
        // Where several are as good, none that is worse is taken for them.
        taken_routes.extend(pairs.iter().map(|pair| pair.0));
        taken_records.extend(pairs.iter().map(|pair| pair.1));
    }
    found.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    found
}

/// Returns the journey that a route without an annotation is probably part of, of these endpoints with
/// their journeys: the only one, else the one that has most words of the path in its name or those of
/// its endpoints. `None` where that is true of none or of several.
pub(crate) fn likely_journey<'a>(route: &str, endpoints: &[(&str, &'a str)]) -> Option<&'a str> {
    let path = match route.split_once(' ') {
        Some((_, path)) => path,
        None => route,
    };
    let mut of_journeys = BTreeMap::<&str, BTreeSet<String>>::new();
    for (name, journey) in endpoints {
        let of_journey = of_journeys.entry(journey).or_default();
        of_journey.extend(nouns(name).chain(nouns(journey)));
    }
    if of_journeys.len() == 1 {
        return of_journeys.into_keys().next();
    }
    if path.len() > MAX_NAME_BYTES {
        return None;
    }
    let path: BTreeSet<String> = nouns(path).collect();
    let shared = |known: &BTreeSet<String>| known.intersection(&path).count();
    let most = of_journeys.values().map(shared).max()?;
    let mut best = of_journeys
        .iter()
        .filter(|(_, known)| shared(known) == most);
    match (best.next(), best.next()) {
        (Some((journey, _)), None) => Some(*journey),
        _ => None,
    }
}

/// What a name or a path is about: its words but for verbs and parameters, each of them as one.
fn nouns(name: &str) -> impl Iterator<Item = String> {
    let is_verb = |word: &str| VERBS.iter().any(|(_, verbs)| verbs.contains(&word));
    name.split('/')
        .filter(|segment| !is_parameter(segment))
        .flat_map(words)
        .filter(move |word| !is_verb(word))
        .map(|word| singular(&word).to_owned())
}

/// True for a segment of a path that stands for many.
fn is_parameter(segment: &str) -> bool {
    segment.contains(['{', ':', '*'])
}

/// The words of a route.
struct RouteWords {
    method: Option<String>,
    path: Vec<String>,
    /// Whether it ends with a parameter: it is about one of many.
    is_one: bool,
    operation: Option<Vec<String>>,
}

impl RouteWords {
    fn of(route: &Offered) -> RouteWords {
        let (method, path) = match route.name.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path),
            None => (None, &*route.name),
        };
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        RouteWords {
            method,
            path: segments
                .clone()
                .filter(|segment| !is_parameter(segment))
                .flat_map(words)
                .collect(),
            is_one: segments.next_back().is_some_and(is_parameter),
            operation: route.operation.as_deref().map(words),
        }
    }

    /// How well a name fits; higher is better.
    fn score(&self, name: &[String]) -> i32 {
        if self.operation.as_deref() == Some(name) {
            return SAME;
        }
        let path: BTreeSet<_> = self.path.iter().map(|word| singular(word)).collect();
        let named: BTreeSet<_> = name.iter().map(|word| singular(word)).collect();
        let Some(last) = self
            .path
            .last()
            .filter(|last| named.contains(singular(last)))
        else {
            return 0;
        };
        let matched = path.intersection(&named).count();
        let mut score = 3 * length(matched) - length(path.len() - matched);
        for word in named.difference(&path) {
            let methods = VERBS.iter().find(|(_, verbs)| verbs.contains(word));
            score += match (methods, self.method.as_deref()) {
                (Some((methods, _)), Some(method)) if methods.contains(&method) => 1,
                (Some(_), Some(_)) => -4,
                _ => -1,
            };
        }
        let is_many = name.contains(last) && singular(last) != last.as_str()
            || name.iter().any(|word| word == "list");
        score + i32::from(is_many != self.is_one)
    }
}

fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 4)
}

/// The words of a name, in small letters: `listProducts`, `list-products` and `list_products` have the
/// same.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_after_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && is_after_small) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        is_after_small = letter.is_lowercase() || letter.is_numeric();
    }
    words.retain(|word| !word.is_empty() && !EMPTY.contains(&&**word) && !is_version(word));
    words
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// One of many: `product` of `products`.
fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(one) if one.len() > 1 && !one.ends_with(['s', 'u', 'i']) => one,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostics::Location, input::api::RoutePattern};

    fn guessed(routes: &[(&str, &str)], names: &[&str]) -> Vec<String> {
        let routes: Vec<_> = routes
            .iter()
            .map(|(name, operation)| Offered {
                name: (*name).to_owned(),
                patterns: vec![RoutePattern::parse(name).unwrap()],
                operation: (!operation.is_empty()).then(|| (*operation).to_owned()),
                location: Location::file("f"),
            })
            .collect();
        let records: Vec<EndpointRecord> = names
            .iter()
            .map(|name| {
                let text = format!(
                    "{{\"name\": \"{name}\", \"journey\": {{\"name\": \"j\", \"hash\": \"\"}}, \
                     \"until\": \"body\", \"hash\": \"\", \"source\": {{\"package\": \"p\", \
                     \"version\": \"1\", \"module\": \"m\", \"function\": \"{name}\", \"file\": \"f\", \
                     \"line\": 1}}}}"
                );
                serde_json::from_str(&text).unwrap()
            })
            .collect();
        let pairs = pairs(
            &routes.iter().collect::<Vec<_>>(),
            &records.iter().collect::<Vec<_>>(),
        );
        let shown = pairs
            .iter()
            .map(|(route, record)| format!("{}: {}", route.name, record.name));
        shown.collect()
    }

    #[test]
    fn handlers_are_called_after_their_routes() {
        let routes = [
            ("GET /products", ""),
            ("GET /products/{id}", ""),
            ("POST /orders", ""),
            ("GET /orders/{id}/events", ""),
            ("POST /api/v1/cart/items", ""),
            ("DELETE /orders/{id}", ""),
        ];
        let names = [
            "product",
            "order-events",
            "list-products",
            "place-order",
            "add-item",
            "cancel-order",
        ];
        assert_eq!(
            guessed(&routes, &names),
            [
                "DELETE /orders/{id}: cancel-order",
                "GET /orders/{id}/events: order-events",
                "GET /products: list-products",
                "GET /products/{id}: product",
                "POST /api/v1/cart/items: add-item",
                "POST /orders: place-order",
            ]
        );
    }

    #[test]
    fn a_name_of_an_operation_goes_before() {
        let routes = [("POST /b", "listThings"), ("GET /things", "")];
        assert_eq!(guessed(&routes, &["list-things"]), ["POST /b: list-things"]);
        let rpc = [("/pay.v1.Payments/RefundAll", "RefundAll")];
        assert_eq!(guessed(&rpc, &["refund-all"]).len(), 1);
    }

    #[test]
    fn what_is_not_clear_is_not_guessed() {
        for (routes, names) in [
            // Another method.
            (&[("POST /pets", "")][..], &["get-pet"][..]),
            // Two that fit as well.
            (&[("GET /a/pets", ""), ("GET /b/pets", "")], &["list-pets"]),
            (&[("GET /pets", "")], &["find-pets", "search-pets"]),
            // Nothing in common, or only what says nothing.
            (&[("GET /healthz", "")], &["list-pets"]),
            (&[("GET /api/v1", "")], &["api-v1"]),
            // Another thing of the same owner.
            (&[("GET /orders/{id}/events", "")], &["get-order"]),
        ] {
            assert_eq!(guessed(routes, names), [""; 0], "{routes:?} {names:?}");
        }
    }

    #[test]
    fn routes_are_part_of_the_journey_that_is_about_the_same() {
        let endpoints = [
            ("place-order", "checkout"),
            ("pay", "checkout"),
            ("list-carts", "browse"),
            ("show-product", "browse"),
            ("refund", "after-sales"),
        ];
        for (route, journey) in [
            ("GET /orders/{id}/receipt", Some("checkout")),
            ("DELETE /api/v1/cart/{item}", Some("browse")),
            ("/shop.Products/List", Some("browse")),
            ("GET /after-sales/{refund}", Some("after-sales")),
            ("POST /orders/{id}/products", None),
            ("GET /healthz", None),
            ("PLACE /place", None),
            ("", None),
        ] {
            assert_eq!(likely_journey(route, &endpoints), journey, "{route}");
        }
        assert_eq!(
            likely_journey("GET /healthz", &endpoints[..2]),
            Some("checkout")
        );
        assert_eq!(likely_journey("GET /orders", &[]), None);
        let long = "é".repeat(MAX_NAME_BYTES);
        assert_eq!(likely_journey(&long, &endpoints), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_guessed_twice(
            routes in proptest::collection::vec("(GET|POST) (/(pets|orders|items|\\{id\\}|é)){1,3}", 0..9),
            names in proptest::collection::vec("(get|list|add)-(pets?|orders?|items?|É)", 0..9),
        ) {
            let routes: Vec<_> = routes.iter().map(|name| (&**name, "")).collect();
            let names: Vec<_> = names.iter().map(|name| &**name).collect();
            let found = guessed(&routes, &names);
            proptest::prop_assert!(found.len() <= routes.len().min(names.len()));
        }
    }
}
