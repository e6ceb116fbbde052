//! Who exports: the resource and the start time, each in a process of its own.

use crate::{
    child::is_child,
    collector::{Collector, eventually, metrics},
};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::any_value,
    metrics::v1::{metric::Data, number_data_point::Value},
};
use slo_sdk::{FlushError, InitError, export_health};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What this program calls its service.
pub(crate) const DECLARED: &str = "orders of the tests";
slo_sdk::service!(DECLARED);

/// The attributes of the resource of this name.
pub(crate) fn attributes(export: &ExportMetricsServiceRequest, key: &str) -> Vec<String> {
    let resources = export.resource_metrics.iter();
    resources
        .filter_map(|one| one.resource.as_ref())
        .flat_map(|resource| &resource.attributes)
        .filter(|attribute| attribute.key == key)
        .map(|attribute| match &attribute.value.as_ref().unwrap().value {
            Some(any_value::Value::StringValue(text)) => text.clone(),
            other => panic!("{key} is {other:?}"),
        })
        .collect()
}

pub(crate) fn start_time(export: &ExportMetricsServiceRequest) -> f64 {
    let metric = metrics(export).find(|metric| metric.name == "slo.start_time");
    let Some(Data::Gauge(gauge)) = &metric.unwrap().data else {
        panic!("slo.start_time is not a gauge");
    };
    assert_eq!(gauge.data_points.len(), 1);
    assert!(gauge.data_points[0].attributes.is_empty());
    match gauge.data_points[0].value {
        Some(Value::AsDouble(seconds)) => seconds,
        other => panic!("slo.start_time is {other:?}"),
    }
}

fn builder(collector: &Collector) -> slo_sdk::Builder {
    slo_sdk::builder()
        .endpoint(collector.url())
        .export_interval(Duration::from_secs(3600))
        .shutdown_timeout(Duration::from_secs(30))
}

/// What a process exports that is started and ended.
fn exported(
    builder: impl FnOnce(slo_sdk::Builder) -> slo_sdk::Builder,
) -> ExportMetricsServiceRequest {
    let collector = Collector::start();
    drop(builder(self::builder(&collector)).try_init().unwrap());
    collector.received().pop().unwrap()
}

/// Runs a test in a process with these variables; whether this is that process.
macro_rules! with {
    ($test:literal, $($name:literal = $value:literal),*) => {
        is_child(concat!("identity::", $test), &[$(($name, $value)),*])
    };
}

#[test]
fn the_service_is_called_as_its_own_variable_says() {
    if with!(
        "the_service_is_called_as_its_own_variable_says",
        "OTEL_SERVICE_NAME" = "named",
        "OTEL_RESOURCE_ATTRIBUTES" = "service.name=attribute,a=b"
    ) {
        assert_eq!(attributes(&exported(|b| b), "service.name"), ["named"]);
        let built = exported(|b| b.service_name("built"));
        assert_eq!(attributes(&built, "service.name"), ["built"]);
        assert_eq!(attributes(&built, "a"), ["b"]);
    }
}

#[test]
fn the_service_is_called_as_an_attribute_says() {
    if with!(
        "the_service_is_called_as_an_attribute_says",
        "OTEL_SERVICE_NAME" = "",
        "OTEL_RESOURCE_ATTRIBUTES" = "a=b, service.name = attribute "
    ) {
        assert_eq!(attributes(&exported(|b| b), "service.name"), ["attribute"]);
    }
}

#[test]
fn the_service_is_called_as_its_program_says() {
    if with!(
        "the_service_is_called_as_its_program_says",
        "OTEL_SERVICE_NAME" = "",
        "OTEL_RESOURCE_ATTRIBUTES" = "service.name=,service.names=x"
    ) {
        assert_eq!(attributes(&exported(|b| b), "service.name"), [DECLARED]);
    }
}

#[test]
fn an_instance_that_is_set_stays() {
    if with!(
        "an_instance_that_is_set_stays",
        "OTEL_RESOURCE_ATTRIBUTES" = "k8s.pod.uid=u,service.instance.id=mine"
    ) {
        let export = exported(|b| b);
        assert_eq!(attributes(&export, "service.instance.id"), ["mine"]);
        assert_eq!(attributes(&export, "k8s.pod.uid"), ["u"]);
    }
}

#[test]
fn an_instance_is_random_and_the_same_for_every_guard() {
    if with!(
        "an_instance_is_random_and_the_same_for_every_guard",
        "OTEL_RESOURCE_ATTRIBUTES" = "k8s.pod.uid=u,service.instance.id="
    ) {
        let before = SystemTime::now();
        let (first, second) = (exported(|b| b), exported(|b| b));
        let id = attributes(&first, "service.instance.id");
        assert_eq!(id, attributes(&second, "service.instance.id"));
        assert_eq!(id.len(), 1);
        let parts: Vec<_> = id[0].split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        // For the test below.
        println!("instance {}", id[0]);

        let began = start_time(&first);
        assert_eq!(began, start_time(&second));
        let seconds = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        assert!(
            (seconds(before)..seconds(SystemTime::now())).contains(&began),
            "{began}"
        );
    }
}

/// Replicas that start at the same moment, of one program with one environment.
#[test]
fn replicas_are_writers_of_their_own() {
    const TEST: &str = "identity::an_instance_is_random_and_the_same_for_every_guard";
    let replicas: Vec<_> = (0..8)
        .map(|_| {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", TEST, "--nocapture"])
                .env("SLO_TEST_CHILD", "1")
                .env("OTEL_RESOURCE_ATTRIBUTES", "a=b")
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let ids: std::collections::BTreeSet<_> = replicas
        .into_iter()
        .map(|replica| {
            let output = replica.wait_with_output().unwrap();
            assert!(output.status.success());
            let text = String::from_utf8(output.stdout).unwrap();
            let id = text
                .lines()
                .find_map(|line| line.split_once("instance ")?.1.get(..36));
            id.unwrap_or_else(|| panic!("no instance in {text}"))
                .to_owned()
        })
        .collect();
    assert_eq!(ids.len(), 8, "{ids:?}");
}

#[test]
fn a_start_that_fails_ends_no_service() {
    if !is_child("identity::a_start_that_fails_ends_no_service", &[]) {
        return;
    }
    assert_eq!(export_health().not_started, None);
    let guard = slo_sdk::builder().endpoint("no address").init();
    let reason = export_health().not_started.unwrap();
    assert_eq!(guard.flush(), Err(FlushError::NotStarted(reason.clone())));
    let error = slo_sdk::builder()
        .endpoint("no address")
        .try_init()
        .map(|_| ())
        .unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        reason,
        "`?` in main prints the sentence"
    );

    // It stands in nobody's way, and nobody in its: one that exports goes on.
    let collector = Collector::start();
    let working = builder(&collector).init();
    assert_eq!(export_health().not_started, None);
    eventually("the zeros", || !collector.received().is_empty());
    let second = slo_sdk::init();
    assert_eq!(
        second.flush(),
        Err(FlushError::NotStarted(
            InitError::AlreadyInitialized.to_string()
        ))
    );
    drop((guard, second));
    assert_eq!(export_health().not_started, None);
    working.flush().unwrap();
    assert!(
        builder(&collector).try_init().is_err(),
        "its guard still lives"
    );
}
