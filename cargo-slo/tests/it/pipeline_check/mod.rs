//! `status --pipeline`, over ways on which anything may happen to counts: what is found is what happened.
//!
//! Faults are drawn from a seed, which stands in every message. `PIPELINE_SEED` runs one again.

mod fake;
mod faults;

use crate::fixtures::{Run, Sandbox, repository};
use fake::{Fake, Trouble};
use faults::{Faults, Found, METRICS};
use serde_json::Value;
use std::{collections::BTreeSet, fs, thread, time::Duration};

/// The command over a way, with more arguments.
fn checked(fake: &Fake, more: &str, variables: &[(&str, &str)]) -> Run {
    let url = &fake.url;
    Sandbox::new().slo_in(
        &format!("status --pipeline --otlp {url} --prometheus {url} {more}"),
        variables,
    )
}

fn report(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"))
}

fn found(report: &Value) -> BTreeSet<Found> {
    let findings = report["findings"].as_array().unwrap().iter();
    let of = |finding: &Value| {
        let kind = finding["kind"].as_str().unwrap().to_owned();
        // How many series it is of depends on what else happened.
        let what = match &*kind {
            "doubled" | "wrong-count" | "reset" | "refused" | "partly-taken" => "",
            _ => finding["what"].as_str().unwrap(),
        };
        (kind, what.to_owned())
    };
    findings.map(of).collect()
}

const PATIENT: &str = "--wait 14s --late-after 5s --format json";

#[test]
fn nothing_is_found_where_nothing_happens() {
    let fake = Fake::start(Faults::default(), Trouble::None);
    let run = checked(&fake, "", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.contains("events are `slo_events_total` by `job`"),
        "{run:?}"
    );
    assert!(
        run.err
            .contains("counts arrive as they are sent: 90 events of 2 replicas"),
        "{run:?}"
    );
    let heads = fake.heads();
    assert_eq!(heads.len(), 6);
    assert!(
        heads[0].contains("content-type: application/x-protobuf"),
        "{heads:?}"
    );
    assert!(!heads[0].contains("content-encoding"), "{heads:?}");
}

/// What `tests/promtool/pipeline_check.rs` plays through rules: nothing else is sent, above all no objective.
#[test]
fn nothing_is_sent_that_rules_make_something_of() {
    let fake = Fake::start(Faults::default(), Trouble::None);
    assert_eq!(checked(&fake, "", &[]).code, 0);
    let sent = fake.sent();
    let names: BTreeSet<_> = sent
        .iter()
        .map(|(labels, _)| &*labels["__name__"])
        .collect();
    assert_eq!(names, METRICS.into());
    for (labels, value) in &sent {
        for name in ["service.name", "slo.journey", "slo.endpoint"] {
            let own = labels
                .get(name)
                .is_none_or(|own| own.starts_with("slo-pipeline-check-"));
            assert!(own, "{labels:?}");
        }
        match &*labels["__name__"] {
            "slo.in_flight" => assert_eq!(*value, 0.0),
            "slo.interval" => assert_eq!(*value, 86_400.0),
            "slo.results" => assert_ne!(labels["slo.result"], "outside_layer"),
            _ => {}
        }
    }
    // Whatever has events has an interval.
    let of = |name: &str| -> BTreeSet<_> {
        let all = sent.iter().filter(|(labels, _)| labels["__name__"] == name);
        all.map(|(labels, _)| ["slo.journey", "slo.endpoint"].map(|name| labels[name].clone()))
            .collect()
    };
    assert_eq!(of("slo.events"), of("slo.interval"));
}

#[test]
fn exports_go_where_those_of_services_go() {
    let fake = Fake::start(Faults::default(), Trouble::None);
    let url = &fake.url;
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &**url),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=shop%20one"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("CARGO_SLO_HEADERS", "Authorization: Bearer of-the-store"),
    ];
    let arguments = format!("status --pipeline --prometheus {url} --match env=~\".*\"");
    let run = Sandbox::new().slo_in(&arguments, &variables);
    assert_eq!(run.code, 0, "{run:?}");
    for head in fake.heads() {
        assert!(head.contains("x-tenant: shop one"), "{head}");
        assert!(head.contains("content-encoding: gzip"), "{head}");
        assert!(!head.contains("of-the-store"), "{head}");
    }
    let run = checked(&fake, "--otlp-header Authorization:s3cret", &variables);
    assert_eq!(run.code, 0, "{run:?}");
    let head = fake.heads().pop().unwrap();
    assert!(
        head.contains("authorization: s3cret") && !head.contains("x-tenant"),
        "{head}"
    );
}

#[test]
fn what_is_found_is_what_happened() {
    let seeds: Vec<u64> = match std::env::var("PIPELINE_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..40).collect(),
    };
    let mut kinds = BTreeSet::new();
    let threads = seeds.iter().map(|seed| {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // SplitMix64.
        let mut below = move |end: usize| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
        };
        let faults = Faults::drawn(&mut below);
        let seed = *seed;
        thread::spawn(move || {
            let fake = Fake::start(faults.clone(), Trouble::None);
            let run = checked(&fake, PATIENT, &[]);
            let report = report(&run);
            let (found, expected) = (found(&report), faults.expected());
            let story = format!("PIPELINE_SEED={seed}: {faults:?}\n{report:#}");
            assert_eq!(found, expected, "{story}");
            assert_eq!(run.code, i32::from(!expected.is_empty()), "{story}");
            expected
        })
    });
    let threads: Vec<_> = threads.collect();
    let all = threads.len();
    for thread in threads {
        let expected = thread.join().unwrap();
        kinds.extend(expected.into_iter().map(|(kind, _)| kind));
    }
    assert!(all < 40 || kinds.len() == 9, "{kinds:?}");
}

#[test]
fn names_are_right_where_rules_ask_for_them() {
    let faults = Faults {
        has_dots: true,
        has_suffixes: false,
        has_service_name: true,
        ..Faults::default()
    };
    let fake = Fake::start(faults, Trouble::None);
    let run = checked(&fake, "--store victoriametrics", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = checked(&fake, "--wait 2s --late-after 2s", &[]);
    assert_eq!(run.code, 1, "{run:?}");
    let way_out = "`cargo slo generate --store victoriametrics` writes rules that fit";
    assert!(run.out.contains(way_out), "{run:?}");
    let run = checked(&fake, "--wait 2s --late-after 2s --format markdown", &[]);
    let row = "| renamed | names and labels | \\`slo.events\\`, by \\`service.name\\` |";
    assert!(run.out.contains(row), "{run:?}");
}

#[test]
fn what_answers_badly_is_told_from_what_loses_counts() {
    let short = "--wait 2s --late-after 2s --format json";
    for (trouble, code, words) in [
        (
            Trouble::StoreHangs,
            2,
            &["no answer in time", "can't be told"][..],
        ),
        (Trouble::StoreFails, 2, &["broken", "can't be told"]),
        (
            Trouble::StoreAnswersGarbage,
            2,
            &["not a Prometheus API response"],
        ),
        (Trouble::StoreLacksNodes, 2, &["is not known", "isPartial"]),
        (
            Trouble::StoreHasNativeHistograms,
            1,
            &["converted: slo.duration"],
        ),
        (
            Trouble::StoreIsAnothers,
            1,
            &["nothing arrived: every series"],
        ),
        (Trouble::CollectorFails, 1, &["refused: 6 of 6 exports"]),
        (
            Trouble::CollectorFailsLater,
            1,
            &["refused: 4 of 6 exports"],
        ),
        (
            Trouble::CollectorWantsAToken,
            1,
            &["refused: 6 of 6 exports"],
        ),
        (
            Trouble::CollectorIsALoginPage,
            1,
            &["refused: 6 of 6 exports"],
        ),
        (
            Trouble::CollectorTakesAPart,
            1,
            &["partly taken: 6 of 6 exports"],
        ),
    ] {
        let fake = Fake::start(Faults::default(), trouble);
        let run = checked(&fake, short, &[]);
        assert_eq!(run.code, code, "{trouble:?} {run:?}");
        for word in words {
            assert!(run.err.contains(word), "{trouble:?} {word} {run:?}");
        }
        assert!(!run.err.contains("panicked"), "{run:?}");
        assert!(
            !run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'),
            "{run:?}"
        );
        // Nobody is sent counts whom nobody can ask for them.
        let sent = !matches!(
            trouble,
            Trouble::StoreHangs | Trouble::StoreFails | Trouble::StoreAnswersGarbage
        );
        assert_eq!(!fake.heads().is_empty(), sent, "{trouble:?}");
    }
    let fake = Fake::start(Faults::default(), Trouble::CollectorHangs);
    let run = checked(&fake, short, &[]);
    run.failed(&["no answer in time", "nothing was sent"]);
    let url = &fake.url;
    let nobody = "status --pipeline --otlp http://127.0.0.1:1";
    let run = Sandbox::new().slo(&format!("{nobody} --prometheus {url}"));
    run.failed(&["the Collector failed: connection refused"]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let sandbox = Sandbox::new();
    let some = "status --prometheus http://127.0.0.1:1";
    for (arguments, words) in [
        ("--otlp http://127.0.0.1:1", &["--pipeline"][..]),
        (
            "--store mimir",
            &["`--store` says nothing without `--pipeline`"],
        ),
        (
            "--pipeline",
            &["where do services send", "OTEL_EXPORTER_OTLP_ENDPOINT"],
        ),
        (
            "--pipeline --explain a/b.c",
            &["cannot be used with", "--explain"],
        ),
        ("--pipeline --watch", &["cannot be used with", "--watch"]),
        ("--pipeline --bin x", &["cannot be used with", "--bin"]),
        ("--pipeline orders", &["cannot be used with", "FILE"]),
        (
            "--pipeline --otlp ci:hunter2@host",
            &["a user or a password", "--otlp"],
        ),
        (
            "--pipeline --otlp http://127.0.0.1:1/v1/metrics",
            &["ends with `/v1/metrics`"],
        ),
        (
            "--pipeline --otlp http://127.0.0.1:1 --wait 10s",
            &["`--late-after` is longer than `--wait`"],
        ),
    ] {
        let run = sandbox.slo(&format!("{some} {arguments}"));
        assert!(!run.err.contains("hunter2"), "{run:?}");
        run.failed(words);
    }
    let run = sandbox.slo("status --pipeline --otlp http://127.0.0.1:1");
    run.failed(&["which store"]);
}

#[test]
fn reports_are_as_their_schema_says() {
    let text = fs::read_to_string(repository("docs/schema/pipeline.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let mut met = BTreeSet::new();
    let slow = Faults {
        delay: Duration::from_secs(1),
        ..Faults::default()
    };
    for (faults, trouble) in [
        (Faults::default(), Trouble::None),
        (slow, Trouble::CollectorTakesAPart),
        (Faults::default(), Trouble::StoreLacksNodes),
    ] {
        let fake = Fake::start(faults, trouble);
        let run = checked(&fake, "--wait 3s --late-after 500ms --format json", &[]);
        let report = report(&run);
        crate::status_schema::hold(&schema, &schema, &report, "report", &mut met);
    }
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(met.contains(key), "{key}");
    }
}
