//! The official Collector between processes and stores: it batches, keeps a queue and tries
//! again.

use super::{pace::Pace, process::Process};
use crate::loopback::free_address;
use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    thread::sleep,
    time::{Duration, Instant},
};

const START: Duration = Duration::from_secs(60);

/// Where a Collector sends.
#[derive(Clone, Copy, Debug)]
pub(in crate::interop) enum Exporter {
    RemoteWrite(SocketAddr),
    /// Over OTLP to a Prometheus, from a queue on the disk.
    Otlp(SocketAddr),
    /// The same to a VictoriaMetrics.
    VictoriaMetrics(SocketAddr),
    /// Prometheus asks it.
    Scraped(SocketAddr),
}

/// A Collector. It may be stopped and started again.
#[derive(Debug)]
pub(in crate::interop) struct Collector {
    program: PathBuf,
    folder: PathBuf,
    address: SocketAddr,
    process: Mutex<Option<Process>>,
}

impl Collector {
    /// Writes its configuration, and nothing is started yet.
    pub(in crate::interop) fn prepare(
        program: &Path,
        folder: &Path,
        pace: Pace,
        exporters: &[Exporter],
    ) -> Result<Collector, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(folder.join("queue")).map_err(failed)?;
        let address = free_address()?;
        fs::write(
            folder.join("collector.yaml"),
            configuration(address, pace, exporters),
        )
        .map_err(failed)?;
        Ok(Collector {
            program: program.to_owned(),
            folder: folder.to_owned(),
            address,
            process: Mutex::new(None),
        })
    }

    pub(in crate::interop) fn start(&self) -> Result<(), String> {
        let log = self.folder.join("log");
        let mut process = Process::start(
            Command::new(&self.program)
                .arg("--config=file:collector.yaml")
                .current_dir(&self.folder)
                .stdout(Stdio::null()),
            &log,
        )?;
        let started = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            if !process.runs() || started.elapsed() > START {
                return Err(format!("not ready; see {}", log.display()));
            }
            sleep(Duration::from_millis(200));
        }
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        Ok(())
    }

    /// Ends it as a deployment would: it takes nothing more, and keeps what it could not send.
    pub(in crate::interop) fn stop(&self) -> Result<(), String> {
        let process = self.process.lock().map(|mut process| process.take());
        match process {
            Ok(Some(process)) => process.stop(),
            _ => Ok(()),
        }
    }

    pub(in crate::interop) fn address(&self) -> SocketAddr {
        self.address
    }
}

fn configuration(address: SocketAddr, pace: Pace, exporters: &[Exporter]) -> String {
    let real = |seconds| pace.shown(Duration::from_secs(seconds));
    // For as long as it takes.
    let retry = format!(
        "retry_on_failure: {{initial_interval: {}, max_interval: {}, max_elapsed_time: 0}}",
        real(5),
        real(30)
    );
    let otlp = |name: &str, store: &SocketAddr, path: &str| {
        format!(
            "  {name}:\n    endpoint: http://{store}{path}\n    \
               sending_queue: {{num_consumers: 1, queue_size: 10000, storage: file_storage}}\n    \
               {retry}\n"
        )
    };
    let text = |exporter: &Exporter| match exporter {
        // One consumer, so that samples keep their order.
        Exporter::RemoteWrite(store) => format!(
            "  prometheusremotewrite:\n    endpoint: http://{store}/api/v1/write\n    \
               remote_write_queue: {{num_consumers: 1, queue_size: 10000}}\n    {retry}\n"
        ),
        Exporter::Otlp(store) => otlp("otlphttp", store, "/api/v1/otlp"),
        Exporter::VictoriaMetrics(store) => {
            otlp("otlphttp/victoriametrics", store, "/opentelemetry")
        }
        Exporter::Scraped(own) => format!(
            "  prometheus:\n    endpoint: {own}\n    metric_expiration: {}\n",
            real(300)
        ),
    };
    let name = |exporter: &Exporter| match exporter {
        Exporter::RemoteWrite(_) => "prometheusremotewrite",
        Exporter::Otlp(_) => "otlphttp",
        Exporter::VictoriaMetrics(_) => "otlphttp/victoriametrics",
        Exporter::Scraped(_) => "prometheus",
    };
    format!(
        "receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: {address}\n\
         processors:\n  batch:\n    timeout: {batched}\n\
         exporters:\n{exporters}\
         extensions:\n  file_storage:\n    directory: queue\n\
         service:\n  telemetry: {{metrics: {{level: none}}, logs: {{level: warn}}}}\n  \
           extensions: [file_storage]\n  \
           pipelines:\n    metrics:\n      receivers: [otlp]\n      processors: [batch]\n      \
           exporters: [{names}]\n",
        batched = real(10),
        exporters = exporters.iter().map(text).collect::<String>(),
        names = exporters.iter().map(name).collect::<Vec<_>>().join(", "),
    )
}
