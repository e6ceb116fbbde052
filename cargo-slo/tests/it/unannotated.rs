//! Requests that no annotation covers, with what they came to.

use crate::fixtures::{Sandbox, elf, endpoint, record, sentinel};
use serde_json::{Value, json};

/// A program with endpoints of these names and routes.
fn program(routes: &[(&str, Option<&str>)]) -> Vec<u8> {
    let records = routes.iter().map(|(name, route)| {
        let mut one = endpoint(name);
        let fields = one.as_object_mut().unwrap();
        fields.remove("route");
        if let Some(route) = route {
            fields.insert("route".to_owned(), json!(route));
        }
        record(&one)
    });
    let records: Vec<_> = std::iter::once(sentinel()).chain(records).collect();
    let records: Vec<&[u8]> = records.iter().map(|record| &**record).collect();
    elf(&records)
}

const ITEMS: [(&str, Option<&str>); 2] = [
    ("list-items", Some("GET /items")),
    ("create-item", Some("POST /items")),
];

/// So many events of an endpoint, good and bad, and these rows of what nobody annotated.
fn history(unannotated: &Value) -> Value {
    json!({
        "format": 1, "until": "2026-05-31", "step_days": 90,
        "services": {"orders": {
            "events": [{"journey": "checkout", "endpoint": "list-items", "sli": "availability",
                "good": [99_000], "bad": [100]}],
            "results": [{"journey": "checkout", "endpoint": "list-items", "result": "ok",
                "count": 99_100}],
            "unannotated": unannotated,
        }},
    })
}

fn row(route: &str, [good, bad, excluded]: [u64; 3]) -> Value {
    json!({"route": route, "count": good + bad + excluded,
        "outcomes": {"good": good, "bad": bad, "excluded": excluded}})
}

/// A row of a layer that did not say outcomes.
fn plain(route: &str, count: u64) -> Value {
    json!({"route": route, "count": count})
}

struct Checked {
    found: Vec<Value>,
    err: String,
}

fn check(routes: &[(&str, Option<&str>)], unannotated: &Value) -> Checked {
    let sandbox = Sandbox::new();
    sandbox.write("orders", program(routes));
    sandbox.write("history.json", history(unannotated).to_string());
    let run = sandbox.slo("check --format json --history history.json --bin orders");
    assert!(run.code < 2, "{run:?}");
    let found = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    Checked {
        found: found.collect(),
        err: run.err,
    }
}

impl Checked {
    fn of(&self, rule: &str) -> Vec<&Value> {
        let found = self.found.iter();
        found.filter(|finding| finding["rule"] == rule).collect()
    }

    fn messages(&self, rule: &str) -> Vec<&str> {
        let found = self.of(rule).into_iter();
        found
            .map(|finding| finding["message"].as_str().unwrap())
            .collect()
    }
}

const RULE: &str = "unannotated-traffic";

#[test]
fn the_worst_route_comes_first_with_its_failures() {
    let rows = json!([
        row("/admin", [5_000, 0, 0]),
        row("/search", [2_000, 340, 9]),
        row("/rare", [3, 40, 0]),
        row("/chance", [3, 4, 0]),
        row("_other", [3_000, 0, 0]),
        row("_unmatched", [0, 0, 500_000]),
    ]);
    let checked = check(&ITEMS, &rows);
    assert_eq!(
        checked.messages(RULE),
        [
            "orders: 2% of the requests are to `/search`, which no annotation covers; 340 of them \
             failed",
            "orders: less than 1% of the requests are to `/rare`, which no annotation covers; 40 of \
             them failed",
            "orders: 4% of the requests are to `/admin`, which no annotation covers",
            "orders: 2% of the requests are to more routes than are told apart, which no annotation \
             covers",
        ]
    );
    let note = &checked.of(RULE)[0]["notes"][0];
    assert_eq!(note, "2,340 of 109,490 requests in 90 days");
    assert!(
        checked.err.contains(
            "orders: 10,390 requests on routes without an annotation, 384 failures; nobody served \
             500,000 requests more"
        ),
        "{}",
        checked.err
    );
}

#[test]
fn preflights_are_nobodys() {
    // Of an annotated route, a layer that says no outcomes counts preflights, too.
    for rows in [
        json!([plain("/items", 60_000)]),
        json!([row("/items", [0, 0, 60_000])]),
        json!([plain("OPTIONS /elsewhere", 60_000)]),
        json!([row("OPTIONS /elsewhere", [50_000, 5_000, 0])]),
        json!([row("/elsewhere", [0, 0, 60_000])]),
    ] {
        assert_eq!(check(&ITEMS, &rows).messages(RULE), [""; 0], "{rows}");
    }
    // What was answered is another method's, as preflights that are answered count nowhere.
    let checked = check(&ITEMS, &json!([row("/items", [50_000, 5_000, 9_000])]));
    assert_eq!(
        checked.messages(RULE),
        [
            "orders: 35% of the requests are to `/items` and belong to none of its annotations; \
             5,000 of them failed"
        ]
    );
    assert_eq!(
        checked.of(RULE)[0]["notes"][1],
        "annotated there: `POST /items` (`create-item`), `GET /items` (`list-items`)"
    );
}

/// Layers of several versions, methods, mountings and answers, each with and without outcomes: what is
/// found is what somebody served, or what failed, on a path that is not annotated for it.
#[test]
fn every_kind_of_row() {
    for is_told in [false, true] {
        for (route, is_annotated, is_nobodys) in [
            ("/items", true, false),
            ("/items/", true, false),
            ("/other", false, false),
            ("/items/{id}", false, false),
            ("shop.Payments/Charge", false, false),
            ("/shop.Payments/Charge", false, false),
            ("OPTIONS /items", true, true),
            ("OPTIONS /other", false, true),
            ("_unmatched", false, true),
            ("_other", false, false),
        ] {
            for outcomes in [
                [9_000, 0, 0],
                [0, 9_000, 0],
                [0, 0, 9_000],
                [9_000, 9_000, 9_000],
            ] {
                let row = match is_told {
                    true => row(route, outcomes),
                    false => plain(route, outcomes.iter().sum()),
                };
                let is_served = match is_told {
                    true => outcomes[0] + outcomes[1] > 0,
                    false => !is_annotated,
                };
                let expected = usize::from(is_served && !is_nobodys);
                let found = check(&ITEMS, &json!([row])).of(RULE).len();
                assert_eq!(found, expected, "{row}");
            }
        }
    }
}

/// A gateway puts `/shop` before each path, and annotations and layers say it or not.
#[test]
fn a_prefix_changes_nothing() {
    for declared in ["GET /items", "GET /shop/items"] {
        for counted in ["/items", "/shop/items"] {
            let sandbox = Sandbox::new();
            sandbox.write("orders", program(&[("list-items", Some(declared))]));
            sandbox.write("slo.toml", "[coverage]\nprefix = '/shop'\n");
            let rows = json!([row(counted, [0, 0, 9_000]), row("/shop", [0, 0, 9_000])]);
            sandbox.write("history.json", history(&rows).to_string());
            let run = sandbox.slo("check --format json --history history.json --bin orders");
            assert!(!run.out.contains(RULE), "{declared} {counted}: {}", run.out);
            let rows = json!([row(counted, [9_000, 0, 0])]);
            sandbox.write("history.json", history(&rows).to_string());
            let run = sandbox.slo("check --format json --history history.json --bin orders");
            let words = format!("annotated there: `{declared}` (`list-items`)");
            assert!(
                run.out.contains(&words),
                "{declared} {counted}: {}",
                run.out
            );
        }
    }
}

/// As many routes and annotations as nobody writes by hand: compared by their paths, not each with
/// each.
#[test]
fn many_routes_take_no_longer_than_they_are_many() {
    let names: Vec<_> = (0..2_000)
        .map(|n| (format!("e{n}"), format!("GET /r{n}/{{id}}")))
        .collect();
    let routes: Vec<_> = names
        .iter()
        .map(|(name, route)| (&**name, Some(&**route)))
        .collect();
    let rows: Vec<_> = (0..20_000)
        .map(|n| row(&format!("/r{n}/{{x}}"), [1, 1, 1]))
        .collect();
    let start = std::time::Instant::now();
    let checked = check(&routes, &json!(rows));
    assert!(
        checked
            .err
            .contains("40,000 requests on routes without an annotation")
    );
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_service_that_failed_from_its_first_request_on_is_seen() {
    let routes = [("list-items", None), ("create-item", Some("POST /orders"))];
    let checked = check(&routes, &json!([row("/items", [0, 5_000, 0])]));
    let help = checked.of(RULE)[0]["help"].to_string();
    assert!(help.contains("`route = \\\"METHOD /items\\\"`"), "{help}");
    let asked = checked.of("no-route");
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0]["message"],
        "orders: `checkout/list-items` says no `route`: what fails before its handler runs may count \
         for no SLO"
    );
    assert_eq!(
        asked[0]["notes"][0],
        "failed, and nobody knows whose they are: 5,000 requests to `/items`"
    );
    // Something answered well, so no annotation stands there.
    let checked = check(&routes, &json!([row("/items", [1, 5_000, 0])]));
    assert!(!checked.of(RULE)[0]["help"].to_string().contains("METHOD"));
    assert_eq!(checked.of("no-route")[0]["notes"], Value::Null);
}

/// The layer that it was given to counts all that reaches it, so no route is missing.
#[test]
fn what_is_no_function_is_asked_for_no_route() {
    let sandbox = Sandbox::new();
    sandbox.write("orders", program(&[("list-items", None)]));
    sandbox.slo("export --bin orders -o exports").ok();
    let path = sandbox.path("exports/orders.slo.json");
    let function = std::fs::read_to_string(&path).unwrap();
    let declared = function.replace("\"function\": \"list_items\"", "\"function\": \"\"");
    assert_ne!(declared, function);
    for (export, asked) in [(function, true), (declared, false)] {
        sandbox.write("one.slo.json", export);
        let run = sandbox.slo("check --format json --export one.slo.json");
        assert_eq!(run.out.contains("no-route"), asked, "{}", run.out);
    }
}

#[test]
fn a_misspelt_route_is_said_beside_the_one_that_was_meant() {
    let routes = [("place-order", Some("POST /order"))];
    let checked = check(&routes, &json!([row("/orders", [0, 5_000, 0])]));
    let help = checked.of(RULE)[0]["help"].to_string();
    assert!(
        help.contains(
            "correct the route of `place-order`, if that serves it: it says `POST /order`"
        ),
        "{help}"
    );
}

#[test]
fn routes_that_are_compared_with_nothing_are_said_to_be() {
    let sandbox = Sandbox::new();
    let said = |routes: &[(&str, Option<&str>)]| {
        sandbox.write("orders", program(routes));
        let run = sandbox.slo("check --bin orders");
        let lines = run
            .err
            .lines()
            .filter(|line| line.contains("compared with nothing"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        said(&[("place-order", Some("POST /order"))]),
        "the routes of `orders` are compared with nothing: a misspelt one is seen with `[coverage]` \
         in `slo.toml`, or with a history"
    );
    assert_eq!(said(&[("place-order", None)]), "");
    sandbox.write("history.json", history(&json!([])).to_string());
    sandbox.write("orders", program(&ITEMS));
    let run = sandbox.slo("check --history history.json --bin orders");
    assert!(!run.err.contains("compared with nothing"), "{}", run.err);
}

#[test]
fn routes_that_claim_the_same_requests_are_listed_and_found() {
    let routes = [
        ("all-files", Some("GET /files/{*rest}")),
        ("file", Some("GET /files/{id}")),
        ("new-file", Some("GET /files/new")),
        ("open", Some("GET /p/{a}")),
        ("other", Some("GET /p/{b}")),
    ];
    let checked = check(&routes, &json!([]));
    assert_eq!(
        checked.messages("conflicting-routes"),
        [
            "orders: `GET /files/{*rest}` (`all-files`) takes the requests of `GET /files/{id}` \
             (`file`), too",
            "orders: `GET /p/{b}` (`other`) and `GET /p/{a}` (`open`) declare one route",
        ]
    );
    let sandbox = Sandbox::new();
    sandbox.write("orders", program(&routes));
    let listed = sandbox.slo("list --bin orders").ok().out;
    assert!(
        listed.ends_with(
            "conflicting routes: `GET /files/{*rest}` (`all-files`) takes the requests of `GET \
             /files/{id}` (`file`), too\nconflicting routes: `GET /p/{b}` (`other`) and `GET /p/{a}` \
             (`open`) declare one route\n"
        ),
        "{listed}"
    );
    let listed = sandbox.slo("list --format json --bin orders").ok().out;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(
        listed["services"][0]["conflicting_routes"],
        json!([
            {"endpoint": "all-files", "rivals": ["file"]},
            {"endpoint": "other", "rivals": ["open"]},
        ])
    );
}

#[test]
fn two_endpoints_of_one_name_are_both_shown_with_the_way_out() {
    let mut other = endpoint("get");
    other["source"]["line"] = json!(40);
    let sandbox = Sandbox::new();
    sandbox.write(
        "orders",
        elf(&[&sentinel(), &record(&endpoint("get")), &record(&other)]),
    );
    for command in ["list", "check"] {
        let told = sandbox.slo(&format!("{command} --bin orders"));
        told.failed(&[
            "service `orders` has two endpoints called `get`",
            "rename one of them: `#[slo(name = \"…\", …)]`",
        ]);
    }
}

#[test]
fn a_share_in_place_of_a_percentage_is_asked_about() {
    for (ppb, message) in [
        (9_990_000, "did you mean 99.9%?"),
        (1_000_000, "did you mean 99.9%?"),
        (10_000_000, "did you mean 99%?"),
        (
            400_000_000,
            "write the percentage of events that must be good: `99.9%`",
        ),
    ] {
        let mut one = endpoint("cart");
        one["journey"]["objectives"]["availability_ppb"] = json!(ppb);
        let sandbox = Sandbox::new();
        sandbox.write("orders", elf(&[&sentinel(), &record(&one)]));
        let out = sandbox.slo("check --bin orders").out;
        assert!(out.contains(message), "{message} is not in {out}");
    }
}
