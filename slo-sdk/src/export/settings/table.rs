//! Every variable with every kind of value.

use super::plan::{NO_LIMIT, Plan, Protocol, Settings, Wanted, settle_by};
use crate::InitError;
use opentelemetry_otlp::Compression;
use opentelemetry_sdk::metrics::Temporality;
use std::{collections::BTreeMap, time::Duration};

fn settled(variables: &[(&str, &str)]) -> Result<Wanted, InitError> {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    settle_by(Settings::default(), &|name| {
        variables.get(name).map(|&value| value.to_owned())
    })
}

/// The plan, which has so many remarks. All of them name their variable.
#[track_caller]
fn plan(variables: &[(&str, &str)], remarks: usize) -> Plan {
    match settled(variables) {
        Ok(Wanted::Export(plan)) => {
            assert_eq!(
                plan.remarks.len(),
                remarks,
                "{variables:?}: {:?}",
                plan.remarks
            );
            for remark in &plan.remarks {
                let named = variables.iter().any(|(name, _)| remark.contains(name));
                assert!(named, "{remark}");
            }
            *plan
        }
        other => panic!("{variables:?}: {other:?}"),
    }
}

#[track_caller]
fn refused(variables: &[(&str, &str)], sentence: &str) {
    match settled(variables) {
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains(sentence), "{variables:?}: {text}");
            assert_eq!(text, format!("{error:?}"));
        }
        Ok(other) => panic!("{variables:?}: {other:?}"),
    }
}

const INTERVAL: &str = "OTEL_METRIC_EXPORT_INTERVAL";
const TIMEOUT: &str = "OTEL_EXPORTER_OTLP_TIMEOUT";
const METRICS_TIMEOUT: &str = "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT";
const READER_TIMEOUT: &str = "OTEL_METRIC_EXPORT_TIMEOUT";
const COMPRESSION: &str = "OTEL_EXPORTER_OTLP_COMPRESSION";
const METRICS_COMPRESSION: &str = "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION";
const EXPORTER: &str = "OTEL_METRICS_EXPORTER";
const DISABLED: &str = "OTEL_SDK_DISABLED";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
const METRICS_PROTOCOL: &str = "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const METRICS_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const TEMPORALITY: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
const METRICS_HEADERS: &str = "OTEL_EXPORTER_OTLP_METRICS_HEADERS";

const ALL: [&str; 15] = [
    INTERVAL,
    TIMEOUT,
    METRICS_TIMEOUT,
    READER_TIMEOUT,
    COMPRESSION,
    METRICS_COMPRESSION,
    EXPORTER,
    DISABLED,
    PROTOCOL,
    METRICS_PROTOCOL,
    ENDPOINT,
    METRICS_ENDPOINT,
    TEMPORALITY,
    HEADERS,
    METRICS_HEADERS,
];

#[test]
fn empty_is_as_good_as_none() {
    for empty in ["", " ", "\t\n"] {
        let plan = plan(&ALL.map(|name| (name, empty)), 0);
        assert_eq!(plan.target, "http://localhost:4318/v1/metrics");
        assert_eq!(plan.protocol, Protocol::HttpProtobuf);
        assert_eq!(plan.interval, Duration::from_secs(60));
        assert_eq!(plan.timeout, Duration::from_secs(10));
        assert_eq!(plan.compression, None);
        assert_eq!(plan.temporality, Temporality::Cumulative);
    }
}

/// What is not a value at all either is ignored with a remark or is an error; nothing panics.
#[test]
fn nonsense_is_said_for_every_variable() {
    for name in ALL {
        for value in [
            "\u{fffd}",
            "-1",
            "1s",
            "0x10",
            "99999999999999999999999",
            "nonsense",
            "%",
            "ü=%",
        ] {
            match settled(&[(name, value)]) {
                Ok(Wanted::Export(plan)) => {
                    // A header may have any name and value.
                    let may_be = name.ends_with("HEADERS") && value.contains('=');
                    assert_eq!(plan.remarks.is_empty(), may_be, "{name}={value}: {plan:?}");
                }
                Ok(other) => panic!("{name}={value}: {other:?}"),
                Err(error) => assert!(
                    [PROTOCOL, METRICS_PROTOCOL, ENDPOINT, METRICS_ENDPOINT].contains(&name),
                    "{name}={value}: {error}"
                ),
            }
        }
    }
}

#[test]
fn intervals_and_timeouts() {
    let milliseconds = Duration::from_millis;
    for (value, expected, remarks) in [
        ("5000", 5000, 0),
        (" 250 ", 250, 0),
        ("0", 60_000, 1),
        ("-5", 60_000, 1),
        ("5s", 60_000, 1),
        ("1.5", 60_000, 1),
    ] {
        assert_eq!(
            plan(&[(INTERVAL, value)], remarks).interval,
            milliseconds(expected),
            "{value}"
        );
    }
    for (variables, expected, remarks) in [
        (&[(TIMEOUT, "3000")][..], milliseconds(3000), 0),
        (
            &[(METRICS_TIMEOUT, "2000"), (TIMEOUT, "3000")],
            milliseconds(2000),
            0,
        ),
        (
            &[(METRICS_TIMEOUT, "x"), (TIMEOUT, "3000")],
            milliseconds(3000),
            1,
        ),
        (
            &[(METRICS_TIMEOUT, "x"), (TIMEOUT, "y")],
            milliseconds(10_000),
            2,
        ),
        // No limit, says the specification.
        (&[(TIMEOUT, "0")], NO_LIMIT, 0),
        (&[(TIMEOUT, "18446744073709551615")], NO_LIMIT, 0),
        (&[(READER_TIMEOUT, "4000")], milliseconds(4000), 0),
        (&[(READER_TIMEOUT, "40000")], milliseconds(10_000), 0),
        (&[(READER_TIMEOUT, "0")], milliseconds(10_000), 0),
        (
            &[(READER_TIMEOUT, "4000"), (TIMEOUT, "0")],
            milliseconds(4000),
            0,
        ),
        (
            &[(READER_TIMEOUT, "0"), (TIMEOUT, "7000")],
            milliseconds(7000),
            0,
        ),
        (
            &[(READER_TIMEOUT, "6000"), (TIMEOUT, "7000")],
            milliseconds(6000),
            0,
        ),
    ] {
        assert_eq!(plan(variables, remarks).timeout, expected, "{variables:?}");
    }
}

#[test]
fn compressions() {
    for (variables, expected, remarks) in [
        (&[(COMPRESSION, "none")][..], None, 0),
        (&[(COMPRESSION, "gzip")], Some(Compression::Gzip), 0),
        (&[(COMPRESSION, "GZIP")], Some(Compression::Gzip), 0),
        (&[(COMPRESSION, "zstd")], Some(Compression::Zstd), 0),
        (&[(COMPRESSION, "brotli")], None, 1),
        (
            &[(METRICS_COMPRESSION, "none"), (COMPRESSION, "gzip")],
            None,
            0,
        ),
        (
            &[(METRICS_COMPRESSION, "zstd"), (COMPRESSION, "gzip")],
            Some(Compression::Zstd),
            0,
        ),
    ] {
        assert_eq!(
            plan(variables, remarks).compression,
            expected,
            "{variables:?}"
        );
    }
}

#[test]
fn exporters() {
    for (value, remarks) in [
        ("otlp", 0),
        ("OTLP", 0),
        ("otlp,console", 1),
        ("prometheus, otlp", 1),
        ("none,otlp", 1),
        (",", 0),
        ("carrier-pigeon", 1),
    ] {
        plan(&[(EXPORTER, value)], remarks);
    }
    for value in [
        "console",
        "prometheus",
        "console,prometheus",
        "none,console",
        "logging",
    ] {
        refused(&[(EXPORTER, value)], value);
    }
    for (name, value) in [
        (EXPORTER, "none"),
        (EXPORTER, "None"),
        (DISABLED, "true"),
        (DISABLED, "TRUE"),
    ] {
        let settled = settled(&[(name, value)]);
        let Ok(Wanted::Nothing(reason)) = settled else {
            panic!("{name}={value}: {settled:?}");
        };
        assert!(reason.contains(name), "{reason}");
    }
    plan(&[(DISABLED, "false")], 0);
    plan(&[(DISABLED, "1")], 1);
}

#[test]
fn protocols() {
    for name in [PROTOCOL, METRICS_PROTOCOL] {
        assert_eq!(
            plan(&[(name, "HTTP/protobuf")], 0).protocol,
            Protocol::HttpProtobuf
        );
        refused(&[(name, "http/json")], "`http/json`");
        refused(&[(name, "carrier-pigeon")], "`carrier-pigeon`");
        if cfg!(feature = "otlp-grpc") {
            let plan = plan(&[(name, "grpc")], 0);
            assert_eq!(
                (plan.protocol, plan.target.as_str()),
                (Protocol::Grpc, "http://localhost:4317/")
            );
        } else {
            refused(&[(name, "grpc")], "otlp-grpc");
        }
    }
    let wins = [(METRICS_PROTOCOL, "http/protobuf"), (PROTOCOL, "http/json")];
    assert_eq!(plan(&wins, 0).protocol, Protocol::HttpProtobuf);
}

#[test]
fn temporalities() {
    for (value, expected, remarks) in [
        ("delta", Temporality::Delta, 0),
        ("DELTA", Temporality::Delta, 0),
        ("cumulative", Temporality::Cumulative, 0),
        ("LowMemory", Temporality::LowMemory, 0),
        ("fast", Temporality::Cumulative, 1),
    ] {
        assert_eq!(
            plan(&[(TEMPORALITY, value)], remarks).temporality,
            expected,
            "{value}"
        );
    }
}

#[test]
fn addresses() {
    for (variables, expected, remarks) in [
        (&[(ENDPOINT, "http://c:1")][..], "http://c:1/v1/metrics", 0),
        (
            &[(ENDPOINT, "http://c:1/otlp/")],
            "http://c:1/otlp/v1/metrics",
            0,
        ),
        (
            &[(ENDPOINT, "http://[::1]:1/api/v1/otlp")],
            "http://[::1]:1/api/v1/otlp/v1/metrics",
            0,
        ),
        (
            &[(METRICS_ENDPOINT, "http://c:1/mine?key=k")],
            "http://c:1/mine?key=k",
            0,
        ),
        (
            &[(METRICS_ENDPOINT, "http://m"), (ENDPOINT, "nonsense")],
            "http://m/",
            // Log records would go there.
            1,
        ),
        (
            &[(ENDPOINT, "http://user:hunter2@c:1")],
            "http://c:1/v1/metrics",
            1,
        ),
    ] {
        assert_eq!(plan(variables, remarks).target, expected, "{variables:?}");
    }
    for name in [ENDPOINT, METRICS_ENDPOINT] {
        for value in [
            "localhost:4318",
            "//c:1",
            "http://",
            "http:///",
            "unix:/x",
            "c",
            "ftp://c",
            "http://c:x",
        ] {
            refused(&[(name, value)], name);
        }
        if !cfg!(feature = "otlp-tls") {
            refused(&[(name, "https://c:1")], "otlp-tls");
        }
    }
}

/// Where log records go, and whether they do.
#[test]
fn logs() {
    const LOGS: &str = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
    const LOGS_EXPORTER: &str = "OTEL_LOGS_EXPORTER";
    const LOGS_PROTOCOL: &str = "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL";
    const LOCAL: Option<&str> = Some("http://localhost:4318/v1/logs");
    type Row<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, usize);
    let rows: [Row<'_>; 14] = [
        (&[], LOCAL, 0),
        (
            &[(ENDPOINT, "http://c:1/otlp/")],
            Some("http://c:1/otlp/v1/logs"),
            0,
        ),
        (
            &[(LOGS, "http://l:1/mine?key=k")],
            Some("http://l:1/mine?key=k"),
            0,
        ),
        (
            &[(LOGS, "http://l"), (ENDPOINT, "http://c")],
            Some("http://l/"),
            0,
        ),
        // It may be a Prometheus.
        (&[(METRICS_ENDPOINT, "http://m")], None, 0),
        (
            &[(METRICS_ENDPOINT, "http://m"), (LOGS, "http://l")],
            Some("http://l/"),
            0,
        ),
        (
            &[(METRICS_ENDPOINT, "http://m"), (ENDPOINT, "http://c")],
            Some("http://c/v1/logs"),
            0,
        ),
        (&[(LOGS, "nonsense")], None, 1),
        (&[(LOGS_EXPORTER, "none")], None, 0),
        (&[(LOGS_EXPORTER, "console")], None, 0),
        (&[(LOGS_EXPORTER, "console, OTLP")], LOCAL, 0),
        (&[(LOGS_PROTOCOL, "http/json")], None, 1),
        (&[(LOGS_PROTOCOL, "http/protobuf")], LOCAL, 0),
        (
            &[(ENDPOINT, "http://user:hunter2@c:1")],
            Some("http://c:1/v1/logs"),
            1,
        ),
    ];
    for (variables, expected, remarks) in rows {
        let logs = plan(variables, remarks).logs;
        let target = logs.map(|logs| logs.target);
        assert_eq!(target.as_deref(), expected, "{variables:?}");
    }
    let logs = plan(
        &[("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "7"), (TIMEOUT, "9")],
        0,
    )
    .logs;
    assert_eq!(
        logs.map(|logs| logs.timeout),
        Some(Duration::from_millis(7))
    );
}

/// Whatever is wrong with an address or a header, its secrets are in no message.
#[test]
fn no_message_has_a_secret() {
    let addresses = [
        "http://user:hunter2@c:1",
        "https://user:hunter2@c",
        "user:hunter2@c:1",
        "hunter2@c",
        "http://user:hunter2@",
        "http://user:hunter2@c:x",
        "ftp://user:hunter2@c",
        "http://user:hun/hunter2@c",
        "http://user:hunter2?@c",
        "http:// user:hunter2@c",
        "http://c/?key=hunter2",
        "c?hunter2",
        "https://c/#hunter2",
        "http://user:hunter2 @c:1",
    ];
    let headers = [
        "authorization=Basic%20hunter2",
        "hunter2",
        "a=b,hunter2,c",
        "x=hunter2",
    ];
    for address in addresses {
        for name in [ENDPOINT, METRICS_ENDPOINT] {
            for header in headers {
                for protocol in ["http/protobuf", "grpc"] {
                    let variables = [(name, address), (HEADERS, header), (PROTOCOL, protocol)];
                    let told = match settled(&variables) {
                        Ok(Wanted::Export(mut plan)) => {
                            // What is sent to may have it; the start line and `Debug` may not.
                            let line = format!("{plan} {:?} {:?}", plan.remarks, plan.secrets);
                            plan.target.clear();
                            if let Some(logs) = &mut plan.logs {
                                logs.target.clear();
                            }
                            format!("{line} {plan:?}")
                        }
                        Ok(other) => format!("{other:?}"),
                        Err(error) => format!("{error} {error:?}"),
                    };
                    assert!(!told.contains("hunter2"), "{variables:?}: {told}");
                }
            }
        }
    }
    let set = Settings {
        endpoint: Some("http://user:hunter2@c:1".to_owned()),
        ..Settings::default()
    };
    let told = format!("{set:?}");
    assert!(!told.contains("hunter2") && told.contains("c:1"), "{told}");
}

#[test]
fn headers() {
    for (value, remarks) in [
        ("a=b", 0),
        ("a=b,c", 1),
        ("a", 1),
        ("a=b,", 0),
        ("a=b=c, d=e", 0),
    ] {
        plan(&[(HEADERS, value)], remarks);
        plan(&[(METRICS_HEADERS, value)], remarks);
    }
}

#[test]
fn names_of_the_service() {
    const OWN: (&str, &str) = ("OTEL_SERVICE_NAME", "own");
    const ATTRIBUTE: (&str, &str) = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute");
    let shown = |set: Option<&str>, declared, variables: &[(&str, &str)]| {
        let settings = Settings {
            service_name: set.map(str::to_owned),
            declared_name: declared,
            ..Settings::default()
        };
        let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
        let settled = settle_by(settings, &|name| {
            variables.get(name).map(|&value| value.to_owned())
        });
        let Ok(Wanted::Export(plan)) = settled else {
            panic!("{settled:?}")
        };
        let line = plan.to_string();
        line.split(", instance").next().unwrap().to_owned()
    };
    let both = |name: &str| {
        format!("service `{name}` (`orders` in the program and in what cargo slo wrote)")
    };
    let orders = Some("orders");
    assert_eq!(shown(Some("set"), orders, &[OWN, ATTRIBUTE]), both("set"));
    assert_eq!(shown(None, orders, &[OWN, ATTRIBUTE]), both("own"));
    assert_eq!(shown(None, orders, &[ATTRIBUTE]), both("attribute"));
    assert_eq!(shown(None, orders, &[]), "service `orders`");
    let same = ("OTEL_SERVICE_NAME", "orders");
    assert_eq!(shown(None, orders, &[same]), "service `orders`");
    // Without any, it is called like its executable.
    assert_eq!(shown(None, None, &[]), "service `slo_sdk`");
}
