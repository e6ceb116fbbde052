//! What will be exported, how and where to.

use super::{
    super::address::{Secrets, shown},
    environment::Environment,
    logs::{self, LogsPlan},
};
use crate::{InitError, process, service};
use opentelemetry_otlp::Compression;
use opentelemetry_sdk::metrics::Temporality;
use std::{env, fmt, time::Duration};

/// What the application set, over what the environment says.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) service_name: Option<String>,
    /// What the program calls itself, by `service!`.
    pub(crate) declared_name: Option<&'static str>,
    pub(crate) endpoint: Option<String>,
    pub(crate) export_interval: Option<Duration>,
    pub(crate) export_timeout: Option<Duration>,
    /// True where the application says that no event is to have a log record of ours.
    pub(crate) without_logs: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("service_name", &self.service_name)
            .field("declared_name", &self.declared_name)
            .field("endpoint", &self.endpoint.as_deref().map(shown))
            .field("export_interval", &self.export_interval)
            .field("export_timeout", &self.export_timeout)
            .finish()
    }
}

/// How exports travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    HttpProtobuf,
    Grpc,
}

impl Protocol {
    fn as_str(self) -> &'static str {
        match self {
            Protocol::HttpProtobuf => "http/protobuf",
            Protocol::Grpc => "grpc",
        }
    }
}

/// An export as it will be.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) service: String,
    /// What the program calls itself, where that is something else.
    pub(crate) declared_name: Option<&'static str>,
    pub(crate) instance: String,
    pub(crate) protocol: Protocol,
    /// The whole address, without user and password.
    pub(crate) target: String,
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) compression: Option<Compression>,
    pub(crate) temporality: Temporality,
    /// Where log records of events go; `None` if nowhere.
    pub(crate) logs: Option<LogsPlan>,
    /// What was asked for and can't be done, a sentence each.
    pub(crate) remarks: Vec<String>,
    pub(crate) secrets: Secrets,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "service `{}`", self.service)?;
        if let Some(declared) = self.declared_name {
            write!(
                f,
                " (`{declared}` in the program and in what cargo slo wrote)"
            )?;
        }
        write!(
            f,
            ", instance {}, to {} over {}, every {:?}",
            self.instance,
            shown(&self.target),
            self.protocol.as_str(),
            self.interval
        )?;
        match &self.logs {
            Some(logs) => write!(f, "; bad events as log records to {}", shown(&logs.target)),
            None => Ok(()),
        }
    }
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Wanted {
    Export(Box<Plan>),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

/// The settings of this process.
pub(crate) fn settle(mut settings: Settings) -> Result<Wanted, InitError> {
    settings.declared_name = service::declared();
    settle_by(settings, &|name| {
        // What is not UTF-8 is not a value that could be used, and is told as such.
        env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    })
}

pub(super) fn settle_by(
    settings: Settings,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Wanted, InitError> {
    let mut environment = Environment::new(variables);
    if environment.is_true("OTEL_SDK_DISABLED") {
        return Ok(Wanted::Nothing("OTEL_SDK_DISABLED is true"));
    }
    if environment.wants_none()? {
        return Ok(Wanted::Nothing("OTEL_METRICS_EXPORTER is `none`"));
    }
    let protocol = environment.protocol()?;
    let written = environment.address(settings.endpoint.as_deref(), protocol);
    let headers = environment.first([
        "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
        "OTEL_EXPORTER_OTLP_HEADERS",
    ]);
    let (headers_in, headers) = headers.unwrap_or_default();
    if headers
        .split(',')
        .any(|pair| !pair.trim().is_empty() && !pair.contains('='))
    {
        environment.remark(format!(
            "a header in {headers_in} is not written `name=value` and is not sent"
        ));
    }
    let secrets = Secrets::from_addresses([written.text.as_str()], &headers);
    let target = environment.target(&written, protocol)?;
    let timeout = settings.export_timeout.or_else(|| environment.timeout());
    let timeout = match timeout {
        Some(Duration::ZERO) => NO_LIMIT,
        Some(timeout) => timeout.min(NO_LIMIT),
        None => Duration::from_secs(10),
    };
    let interval = settings
        .export_interval
        .filter(|interval| !interval.is_zero());
    let compression = environment.compression([
        "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION",
        "OTEL_EXPORTER_OTLP_COMPRESSION",
    ]);
    let logs = match settings.without_logs {
        true => None,
        false => logs::settle(
            &mut environment,
            settings.endpoint.as_deref(),
            protocol,
            timeout,
        ),
    };
    let declared = settings.declared_name;
    let service = environment.service(settings.service_name, declared);
    Ok(Wanted::Export(Box::new(Plan {
        declared_name: declared.filter(|declared| *declared != service),
        service,
        instance: environment
            .attribute("service.instance.id")
            .unwrap_or_else(process::instance_id),
        protocol,
        target,
        interval: interval.unwrap_or_else(|| environment.interval()),
        timeout,
        compression,
        logs,
        temporality: environment.temporality(),
        remarks: environment.remarks,
        secrets,
    })))
}

/// OpenTelemetry's 0: no limit. So long, no export takes, and every clock can add it.
pub(super) const NO_LIMIT: Duration = Duration::from_secs(30 * 24 * 3600);
