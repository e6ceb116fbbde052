//! What the arguments of the annotation become.

use crate::{SHOP, counts, run};
use slo_sdk::{
    __private::{Answer, Declaration},
    Journey, Latency, Objectives, Per, Target, Until, Window, hours, millis, minutes, secs, slo,
};
use std::time::Duration;

mod catalogue {
    use super::{Duration, Journey, Latency, Objectives, Target, Window, millis};

    pub(crate) mod journeys {
        use super::Journey;

        pub(crate) const BARE: Journey = Journey::new("bare");
    }
    pub(crate) const GOLD: Objectives = Objectives::new()
        .availability(99.9)
        .latency(99.0, millis(500));
    pub(crate) const STRICT: Target = Target::from_percent(99.95);
    pub(crate) const SLOW: Duration = millis(900);
    pub(crate) const FAST: Latency = Latency::named("fast", 90.0, millis(50));
    pub(crate) const MONTH: Window = Window::MONTH;
    pub(crate) const ROUTE: &str = "GET /stock/{id}";
    pub(crate) const fn name(n: u8) -> &'static str {
        if n == 1 {
            "named-by-a-function"
        } else {
            "other"
        }
    }
}
use catalogue::{FAST, GOLD, SLOW, STRICT, journeys};

/// The kit under another name, as an organisation may re-export it.
mod platform {
    pub(crate) mod observability {
        pub(crate) use slo_sdk as slo;
    }
}

#[track_caller]
fn declared(endpoint: &str) -> &'static Declaration {
    slo_sdk::snapshot()
        .endpoint(endpoint)
        .expect("the endpoint is registered")
        .declaration()
}

#[slo(
    journey = journeys::BARE,
    name = "place-order",
    route = "POST /orders",
    availability = 99.95%,
    latency = 99% < 300ms,
    latency("typical", 50.5% < 0.1s),
    window = 4w,
    until = headers,
    description = "Takes \"orders\"",
    runbook = concat!("https://runbooks/", "orders"),
)]
fn literals() {}

#[slo(
    journey = journeys::BARE,
    name = catalogue::name(1),
    route = catalogue::ROUTE,
    availability = STRICT,
    latency = STRICT < SLOW,
    latency("half", 50% < millis(2) ),
    latency("exact", Target::from_percent(10.0) < 250us),
    latency = FAST,
    window = catalogue::MONTH,
    every = minutes(5),
    until = body
)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn constants() {}

#[slo(journey = SHOP, objectives = GOLD.latency(99.0, millis(120)), window = 7d)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn tightened() {}

#[slo(journey = SHOP, objectives = GOLD, availability = 99%, latency = 95% < 1m)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn overridden() {}

#[slo(journey = { const LOCAL: Journey = SHOP; LOCAL }, every = 1h)]
fn block_and_interval() {}

#[slo(journey = SHOP, crate = platform::observability::slo)]
async fn reexported() {}

#[slo(journey = SHOP, crate = crate::values::platform::observability::slo, availability = 99.9%)]
fn reexported_absolutely() {}

#[slo(journey = SHOP)]
#[expect(non_snake_case, reason = "such names exist, in generated code")]
fn __camelCase_and__underscores__() {}

#[slo(journey = SHOP, good_status = [404, StatusCode::GONE.as_u16()], bad_status = CROWDED)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn judging() {}

#[slo(journey = SHOP, bad_status = { const LOCAL: &[u16] = &[14]; LOCAL }, per = request)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn judging_by_block() {}

#[slo(journey = SHOP, per = call)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn per_call() {}

const RENAMED: Journey = SHOP.formerly(&["store"]);

#[slo(journey = RENAMED, formerly = "place-order-1")]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn renamed() {}

#[slo(journey = RENAMED, formerly = ["a", "store/b", concat!("c", "1")])]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn renamed_often() {}

#[slo(journey = RENAMED, formerly = OLD_NAMES)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
fn renamed_by_constant() {}

const OLD_NAMES: &[&str] = &["d", "e"];

/// As in `axum`.
struct Sse<T>(T);

#[slo(journey = SHOP)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
async fn streaming() -> Sse<u8> {
    Sse(0)
}

#[slo(journey = SHOP, until = headers)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
async fn whole_until_headers() -> String {
    String::new()
}

#[slo(journey = SHOP)]
#[expect(dead_code, reason = "a function nobody calls is declared, too")]
async fn whole() -> String {
    String::new()
}

const CROWDED: &[u16] = &[429, 8];

/// As in `http`.
struct StatusCode(u16);

impl StatusCode {
    const GONE: Self = Self(410);

    const fn as_u16(&self) -> u16 {
        self.0
    }
}

fn objectives(endpoint: &str) -> Objectives {
    declared(endpoint)
        .objectives
        .expect("it has objectives of its own")
}

#[test]
fn notation_of_the_attribute() {
    literals();
    let declared = declared("place-order");
    assert_eq!(declared.journey, journeys::BARE);
    assert_eq!(
        declared.route.map(|route| route.as_str()),
        Some("POST /orders")
    );
    assert_eq!(declared.until, Until::Headers);
    assert_eq!(declared.every, None);
    assert_eq!(declared.description, "Takes \"orders\"");
    assert_eq!(declared.runbook, "https://runbooks/orders");
    let expected = Objectives::new()
        .availability(99.95)
        .latency(99.0, millis(300))
        .latency_named("typical", 50.5, millis(100))
        .window(Window::days(28));
    assert_eq!(declared.objectives, Some(expected));
}

#[test]
fn constant_expressions() {
    let declared = declared("named-by-a-function");
    assert_eq!(
        declared.route.map(|route| route.path()),
        Some("/stock/{id}")
    );
    assert_eq!(declared.every, Some(secs(300)));
    assert_eq!(declared.until, Until::Body);
    let expected = Objectives::new()
        .availability(99.95)
        .latency(99.95, millis(900))
        .latency_named("half", 50.0, millis(2))
        .latency_named("exact", 10.0, Duration::from_micros(250))
        .latency_named("fast", 90.0, millis(50))
        .window(Window::MONTH);
    assert_eq!(declared.objectives, Some(expected));
}

#[test]
fn tiers_are_overridden_piece_by_piece() {
    let tight = GOLD.latency(99.0, millis(120)).window(Window::days(7));
    assert_eq!(objectives("tightened"), tight);
    let own = GOLD.availability(99.0).latency(95.0, secs(60));
    assert_eq!(objectives("overridden"), own);
}

#[test]
fn opinions_of_status_codes() {
    let declared_statuses = declared("judging").statuses;
    assert_eq!(declared_statuses.get_good(), [404, 410]);
    assert_eq!(declared_statuses.get_bad(), [429, 8]);
    assert_eq!(declared("per-call").per, Per::Call);
    let by_block = declared("judging-by-block");
    assert_eq!(by_block.statuses.get_bad(), [14]);
    assert_eq!(by_block.per, Per::Request);
    assert!(declared("place-order").statuses.is_empty());
}

#[test]
fn former_names() {
    assert_eq!(declared("renamed").formerly, ["place-order-1"]);
    assert_eq!(declared("renamed").journey.formerly_declared(), ["store"]);
    assert_eq!(declared("renamed-often").formerly, ["a", "store/b", "c1"]);
    assert_eq!(declared("renamed-by-constant").formerly, ["d", "e"]);
    assert_eq!(declared("per-call").formerly, [""; 0]);
}

#[test]
fn names_intervals_and_paths() {
    block_and_interval();
    assert_eq!(declared("block-and-interval").every, Some(hours(1)));
    run(reexported());
    reexported_absolutely();
    assert_eq!(counts("reexported"), [1, 0, 0]);
    __camelCase_and__underscores__();
    assert_eq!(counts("camel-case-and-underscores"), [1, 0, 0]);
}

#[test]
fn source_is_the_function() {
    let source = declared("place-order").source;
    assert_eq!(source.function, "literals");
    assert_eq!(source.package, "slo-macros");
    assert_eq!(source.version, env!("CARGO_PKG_VERSION"));
    assert!(source.module.ends_with("::values"), "{}", source.module);
    assert!(
        source.file.ends_with("tests/shapes/values.rs"),
        "{}",
        source.file
    );
    let line = include_str!("values.rs")
        .lines()
        .position(|line| line == "fn literals() {}");
    assert_eq!(line, Some(source.line as usize - 1));
}

#[test]
fn what_is_known_of_answers() {
    let answers = ["streaming", "whole-until-headers", "whole"];
    assert_eq!(
        answers.map(|endpoint| declared(endpoint).answer),
        [Answer::Stream, Answer::Whole, Answer::Unknown]
    );
}
