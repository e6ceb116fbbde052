//! How processes end: at a signal under traffic, against collectors that fail, and forked.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod clients;
#[path = "../../../../slo-sdk/tests/it/collector.rs"]
mod collector;
mod process;
mod runs;

use clients::Clients;
use collector::{Behaviour, Collector, FINE, eventually, sums};
use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::any_value,
    metrics::v1::{metric::Data, number_data_point::Value},
};
use process::Process;
use std::{collections::BTreeSet, time::Duration};

/// The server's bound for its last export, and what a busy machine may add.
const BOUND: Duration = Duration::from_secs(2);
const SLACK: Duration = Duration::from_secs(8);

fn good(export: &ExportMetricsServiceRequest, endpoint: &str) -> u64 {
    let key = [endpoint, "lifecycle", "ok"].map(str::to_owned).to_vec();
    sums(export, "slo.results")[&key]
}

fn in_flight(export: &ExportMetricsServiceRequest, endpoint: &str) -> u64 {
    sums(export, "slo.in_flight")[&vec![endpoint.to_owned()]]
}

/// A server under traffic that was exported at least once.
fn busy() -> (Collector, Process, Clients) {
    let collector = Collector::start();
    let mut server = Process::start(env!("CARGO_BIN_EXE_serving"), &collector.url());
    let clients = Clients::start(&server.says("listening "));
    eventually("traffic is exported", || {
        let received = collector.received();
        received.last().is_some_and(|last| good(last, "work") > 500)
    });
    (collector, server, clients)
}

/// The client, the server and the collector agree; returns how long the end took.
fn agree(collector: &Collector, mut server: Process, clients: Clients) -> Duration {
    let took = server.ends_well();
    assert!(took < BOUND + SLACK, "{took:?}");
    let answered = clients.answered();
    assert_eq!(server.says("counted ").parse(), Ok(answered));
    let received = collector.received();
    let last = received.last().unwrap();
    assert_eq!(good(last, "work"), answered);
    assert_eq!(in_flight(last, "work"), 0);
    took
}

#[test]
fn a_signal_under_traffic_loses_no_event() {
    let (collector, mut server, clients) = busy();
    server.terminate();
    agree(&collector, server, clients);
}

#[test]
fn a_slow_collector_gets_the_last_counts() {
    let (collector, mut server, clients) = busy();
    collector.behave(Behaviour::Slow);
    server.terminate();
    let took = agree(&collector, server, clients);
    assert!(took >= Duration::from_secs(1), "it waited: {took:?}");
}

#[test]
fn a_collector_that_comes_back_gets_the_last_counts() {
    let (collector, mut server, clients) = busy();
    collector.behave(Behaviour::Hangs);
    eventually("an export hangs", || collector.hanging() > 0);
    server.terminate();
    collector.behave(FINE);
    collector.hang_up();
    agree(&collector, server, clients);
}

/// The client and the server agree, though nobody hears of it.
fn agree_alone(mut server: Process, clients: Clients) -> Duration {
    let took = server.ends_well();
    let answered = clients.answered();
    assert_eq!(server.says("counted ").parse(), Ok(answered));
    took
}

#[test]
fn a_collector_that_hangs_delays_the_end_by_the_bound() {
    let (collector, mut server, clients) = busy();
    collector.behave(Behaviour::Hangs);
    eventually("an export hangs", || collector.hanging() > 0);
    server.terminate();
    let took = agree_alone(server, clients);
    println!("it ended {took:?} after the signal");
    assert!(took >= BOUND && took < BOUND + SLACK, "{took:?}");
}

#[test]
fn a_collector_that_is_gone_delays_the_end_by_the_bound_at_most() {
    let (collector, mut server, clients) = busy();
    collector.refuse();
    server.terminate();
    let took = agree_alone(server, clients);
    assert!(took < BOUND + SLACK, "{took:?}");
}

#[test]
fn a_fork_after_the_start_neither_hangs_nor_counts_twice() {
    let collector = Collector::start();
    let mut process = Process::start(env!("CARGO_BIN_EXE_forking"), &collector.url());
    let began: u64 = process
        .says("child began after ")
        .trim_end_matches(" ms")
        .parse()
        .unwrap();
    assert!(began < 1900, "it waited for nobody: {began} ms");
    // What the parent counted before the fork is in both, as the manual says.
    assert_eq!(process.says("child counted "), "12");
    assert_eq!(process.says("child ended "), "0");
    assert_eq!(process.says("parent counted "), "11");
    process.ends_well();

    let of = |service: &str| {
        let named = |export: &&ExportMetricsServiceRequest| {
            let resource = format!("{:?}", export.resource_metrics[0].resource);
            resource.contains(&format!("StringValue(\"{service}\")"))
        };
        let received = collector.received();
        let counts: Vec<_> = received
            .iter()
            .filter(named)
            .map(|export| good(export, "step"))
            .collect();
        assert!(counts.is_sorted(), "{service}: {counts:?}");
        counts.last().copied()
    };
    assert_eq!(of("child"), Some(12));
    assert_eq!(of("forking"), Some(11));

    // Two processes are two writers, and the child began later.
    let received = collector.received();
    let writers: BTreeSet<_> = received.iter().map(writer).collect();
    assert_eq!(writers.len(), 2, "{writers:?}");
    let began = |service: &str| {
        let named = |writer: &&Writer| writer.service == service;
        writers.iter().find(named).unwrap().began_ms
    };
    assert!(began("forking") < began("child"), "{writers:?}");
}

/// Who an export is of.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Writer {
    service: String,
    instance: String,
    began_ms: u64,
}

fn writer(export: &ExportMetricsServiceRequest) -> Writer {
    let attribute = |key: &str| {
        let resource = export.resource_metrics[0].resource.as_ref().unwrap();
        let attribute = resource
            .attributes
            .iter()
            .find(|attribute| attribute.key == key);
        match attribute
            .unwrap()
            .value
            .as_ref()
            .unwrap()
            .value
            .as_ref()
            .unwrap()
        {
            any_value::Value::StringValue(text) => text.clone(),
            other => panic!("{key} is {other:?}"),
        }
    };
    let start = collector::metrics(export).find(|metric| metric.name == "slo.start_time");
    let Some(Data::Gauge(start)) = &start.unwrap().data else {
        panic!("slo.start_time is not a gauge");
    };
    let Some(Value::AsDouble(seconds)) = start.data_points[0].value else {
        panic!("slo.start_time has no value");
    };
    Writer {
        service: attribute("service.name"),
        instance: attribute("service.instance.id"),
        began_ms: (seconds * 1000.0) as u64,
    }
}
