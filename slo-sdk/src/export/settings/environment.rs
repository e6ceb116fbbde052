//! The `OTEL_*` variables, and what becomes of values that can't be used.

use super::{super::address::shown, plan::Protocol};
use crate::InitError;
use http::{Uri, uri::Scheme};
use opentelemetry_otlp::Compression;
use opentelemetry_sdk::metrics::Temporality;
use std::{env, time::Duration};

/// Where an address is from that no variable has.
const THE_COLLECTOR: &str = "the collector's address";

/// An address as it was written, and where.
pub(super) struct Written {
    source: &'static str,
    /// The path for metrics is in it.
    pub(super) text: String,
    /// The same without it, where that was added.
    base: Option<String>,
}

pub(super) struct Environment<'a> {
    variables: &'a dyn Fn(&str) -> Option<String>,
    pub(super) remarks: Vec<String>,
}

impl<'a> Environment<'a> {
    pub(super) fn new(variables: &'a dyn Fn(&str) -> Option<String>) -> Environment<'a> {
        Environment {
            variables,
            remarks: Vec::new(),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        let value = (self.variables)(name)?;
        let trimmed = value.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// The first of these that is set.
    pub(super) fn first<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Option<(&'static str, String)> {
        names
            .into_iter()
            .find_map(|name| Some((name, self.variable(name)?)))
    }

    /// Once, also where it concerns metrics and log records.
    pub(super) fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    fn ignore(&mut self, name: &str, value: &str, why: &str) {
        let value: String = value.chars().filter(|c| !c.is_control()).take(60).collect();
        self.remark(format!("{name} is `{value}`, {why}; it is ignored"));
    }

    pub(super) fn is_true(&mut self, name: &str) -> bool {
        match self.variable(name) {
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if !value.eq_ignore_ascii_case("false") => {
                self.ignore(name, &value, "neither `true` nor `false`");
                false
            }
            _ => false,
        }
    }

    /// A list of exporters, of which this crate has `otlp`.
    pub(super) fn wants_none(&mut self) -> Result<bool, InitError> {
        const NAME: &str = "OTEL_METRICS_EXPORTER";
        let Some(list) = self.variable(NAME) else {
            return Ok(false);
        };
        let list = list.to_ascii_lowercase();
        let names: Vec<&str> = list
            .split(',')
            .map(str::trim)
            .filter(|n| !n.is_empty())
            .collect();
        let others: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| *name != "otlp")
            .collect();
        if names == ["none"] {
            return Ok(true);
        }
        if names.contains(&"otlp") || others.is_empty() {
            for other in others {
                self.ignore(
                    NAME,
                    other,
                    "which is not an exporter of slo-sdk: it has `otlp`",
                );
            }
            return Ok(false);
        }
        let is_known = |name: &str| ["console", "logging", "prometheus", "none"].contains(&name);
        if others.iter().any(|name| is_known(name)) {
            return Err(InitError::MetricsExporter(list));
        }
        self.ignore(
            NAME,
            &list,
            "which is not an exporter of slo-sdk: it has `otlp`",
        );
        Ok(false)
    }

    pub(super) fn protocol(&self) -> Result<Protocol, InitError> {
        let names = [
            "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
            "OTEL_EXPORTER_OTLP_PROTOCOL",
        ];
        let Some((_, value)) = self.first(names) else {
            return Ok(Protocol::HttpProtobuf);
        };
        match value.to_ascii_lowercase().as_str() {
            "http/protobuf" => Ok(Protocol::HttpProtobuf),
            "grpc" if cfg!(feature = "otlp-grpc") => Ok(Protocol::Grpc),
            _ => Err(InitError::Protocol(value)),
        }
    }

    pub(super) fn address(&self, set: Option<&str>, protocol: Protocol) -> Written {
        const METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
        const GENERAL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
        let with_path = |base: &str| match protocol {
            Protocol::HttpProtobuf => format!("{}/v1/metrics", base.trim_end_matches('/')),
            Protocol::Grpc => base.to_owned(),
        };
        if let Some(base) = set.map(str::trim).filter(|base| !base.is_empty()) {
            return Written {
                source: THE_COLLECTOR,
                text: with_path(base),
                base: Some(base.to_owned()),
            };
        }
        if let Some(text) = self.variable(METRICS) {
            return Written {
                source: METRICS,
                text,
                base: None,
            };
        }
        match self.variable(GENERAL) {
            Some(base) => Written {
                source: GENERAL,
                text: with_path(&base),
                base: Some(base),
            },
            None => Written {
                source: THE_COLLECTOR,
                text: match protocol {
                    Protocol::HttpProtobuf => "http://localhost:4318/v1/metrics".to_owned(),
                    Protocol::Grpc => "http://localhost:4317".to_owned(),
                },
                base: None,
            },
        }
    }

    /// The same for log records, which go to where the metrics do; `None` if only the metrics have
    /// an address, and it may be of something that takes nothing else.
    pub(super) fn logs_address(&self, set: Option<&str>, protocol: Protocol) -> Option<Written> {
        const LOGS: &str = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
        const METRICS: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
        const GENERAL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
        let with_path = |base: &str| match protocol {
            Protocol::HttpProtobuf => format!("{}/v1/logs", base.trim_end_matches('/')),
            Protocol::Grpc => base.to_owned(),
        };
        let set = set.map(str::trim).filter(|base| !base.is_empty());
        if let (None, Some(text)) = (set, self.variable(LOGS)) {
            return Some(Written {
                source: LOGS,
                text,
                base: None,
            });
        }
        let set = set.map(|base| (THE_COLLECTOR, base.to_owned()));
        let (source, base) = match set.or_else(|| self.first([GENERAL])) {
            Some(known) => known,
            None if self.variable(METRICS).is_some() => return None,
            None => {
                let base = match protocol {
                    Protocol::HttpProtobuf => "http://localhost:4318",
                    Protocol::Grpc => "http://localhost:4317",
                };
                (THE_COLLECTOR, base.to_owned())
            }
        };
        Some(Written {
            source,
            text: with_path(&base),
            base: Some(base),
        })
    }

    /// The address that is sent to, if it is one.
    pub(super) fn target(
        &mut self,
        written: &Written,
        protocol: Protocol,
    ) -> Result<String, InitError> {
        let Written { source, text, base } = written;
        // Over gRPC a scheme may be left out.
        if protocol == Protocol::Grpc && !text.contains("://") {
            return Ok(text.clone());
        }
        let refused = || {
            let shown = shown(base.as_deref().unwrap_or(text));
            InitError::Address(format!("{source} is `{shown}`"))
        };
        let url = parsed(text).ok_or_else(refused)?;
        // A path makes a host of nothing: `http://` and `/v1/metrics` are the host `v1`.
        let is_whole = base.as_deref().is_none_or(|base| parsed(base).is_some());
        if !is_whole {
            return Err(refused());
        }
        if url.scheme() == Some(&Scheme::HTTPS) && !cfg!(feature = "otlp-tls") {
            return Err(InitError::NoTls(shown(text)));
        }
        let target = url.to_string();
        let authority = url.authority().map_or("", |authority| authority.as_str());
        match authority.rsplit_once('@') {
            None => Ok(target),
            Some((_, host)) => {
                // Nobody would send them.
                self.remark(format!(
                    "{source} has a user or password, which is not sent; OTEL_EXPORTER_OTLP_HEADERS \
                     takes `authorization=Basic%20…`"
                ));
                Ok(target.replacen(authority, host, 1))
            }
        }
    }

    pub(super) fn milliseconds(&mut self, name: &str) -> Option<Duration> {
        let value = self.variable(name)?;
        if let Ok(number) = value.parse() {
            return Some(Duration::from_millis(number));
        }
        self.ignore(name, &value, "which is not a number of milliseconds");
        None
    }

    pub(super) fn timeout(&mut self) -> Option<Duration> {
        let exporter = self
            .milliseconds("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT")
            .or_else(|| self.milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT"));
        let reader = self.milliseconds("OTEL_METRIC_EXPORT_TIMEOUT");
        match (exporter, reader) {
            // The exporter's own limit is the shorter one, as a rule; 0 is none.
            (Some(one), Some(other)) if !one.is_zero() && !other.is_zero() => Some(one.min(other)),
            (Some(one), Some(other)) => Some(one.max(other)),
            (None, Some(reader)) if !reader.is_zero() => Some(reader.min(Duration::from_secs(10))),
            (exporter, _) => exporter,
        }
    }

    pub(super) fn interval(&mut self) -> Duration {
        const NAME: &str = "OTEL_METRIC_EXPORT_INTERVAL";
        match self.milliseconds(NAME) {
            Some(Duration::ZERO) => {
                self.ignore(NAME, "0", "which would export without a pause");
                None
            }
            interval => interval,
        }
        .unwrap_or(Duration::from_secs(60))
    }

    /// As the first of these says that is set.
    pub(super) fn compression(&mut self, names: [&'static str; 2]) -> Option<Compression> {
        let (name, value) = self.first(names)?;
        match value.to_ascii_lowercase().as_str() {
            "none" => None,
            "gzip" => Some(Compression::Gzip),
            "zstd" => Some(Compression::Zstd),
            _ => {
                self.ignore(name, &value, "which is not a compression of OTLP");
                None
            }
        }
    }

    pub(super) fn temporality(&mut self) -> Temporality {
        const NAME: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
        let Some(value) = self.variable(NAME) else {
            return Temporality::Cumulative;
        };
        value.to_ascii_lowercase().parse().unwrap_or_else(|()| {
            self.ignore(
                NAME,
                &value,
                "none of `cumulative`, `delta` and `lowmemory`",
            );
            Temporality::Cumulative
        })
    }

    /// By the application, else by the environment, else as the program or at last its file is
    /// called, which is also what `cargo slo` calls it.
    pub(super) fn service(&self, set: Option<String>, declared: Option<&str>) -> String {
        set.or_else(|| self.variable("OTEL_SERVICE_NAME"))
            .or_else(|| self.attribute("service.name"))
            .or_else(|| declared.map(str::to_owned))
            .or_else(executable)
            .unwrap_or_else(|| "unknown_service".to_owned())
    }

    /// An attribute that `OTEL_RESOURCE_ATTRIBUTES` sets; the last one counts, as with the SDK.
    pub(super) fn attribute(&self, key: &str) -> Option<String> {
        self.variable("OTEL_RESOURCE_ATTRIBUTES")?
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, value)| name.trim() == key && !value.trim().is_empty())
            .map(|(_, value)| value.trim().to_owned())
            .next_back()
    }
}

/// An address of http or https with a host, and with a port where one is written.
fn parsed(text: &str) -> Option<Uri> {
    let url: Uri = text.parse().ok()?;
    let is_http = [&Scheme::HTTP, &Scheme::HTTPS].contains(&url.scheme()?);
    let (host, authority) = (url.host()?, url.authority()?);
    let has_port = !authority.as_str().ends_with(host);
    let is_complete = !host.is_empty() && (!has_port || url.port_u16().is_some());
    (is_http && is_complete).then_some(url)
}

fn executable() -> Option<String> {
    let path = env::current_exe().ok()?;
    slo_model::service_name(&path).map(str::to_owned)
}
