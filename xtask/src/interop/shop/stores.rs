//! What stands between the shop and whoever looks at its budgets: the Collector, stores with the generated
//! rules, and Alertmanager.

use super::{alerts::Alerts, programs::Programs};
use crate::{
    interop::{
        parts::{
            collector::{Collector, Exporter},
            pace::Pace,
            process::Process,
            store::Store,
        },
        prometheus::get,
        victoriametrics,
    },
    loopback::free_address,
};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    thread::sleep,
    time::{Duration, Instant},
};

const START: Duration = Duration::from_secs(60);

/// All that runs beside the shop.
#[derive(Debug)]
pub(super) struct Stores {
    pub(super) collector: Collector,
    /// Takes OTLP from the Collector, and tells Alertmanager.
    pub(super) through: Store,
    /// Asks the Collector.
    pub(super) scraping: Store,
    /// Takes OTLP from processes.
    pub(super) straight: Store,
    pub(super) victoriametrics: Option<VictoriaMetrics>,
    pub(super) alerts: Alerts,
}

impl Stores {
    /// Starts all of it.
    pub(super) fn start(programs: &Programs, pace: Pace) -> Result<Stores, String> {
        let alerts = Alerts::start(programs, pace)?;
        let exposed = free_address()?;
        let store = |name: &str, more: &str| prometheus(programs, pace, name, more);
        let through = store(
            "through",
            &format!(
                "alerting:\n  alertmanagers:\n  - static_configs: [{{targets: [\"{}\"]}}]\n",
                alerts.address()
            ),
        )?;
        let often = pace.shown(Duration::from_secs(15));
        let scraping = store(
            "scraping",
            &format!(
                "scrape_configs:\n- job_name: collector\n  honor_labels: true\n  \
                 scrape_interval: {often}\n  scrape_timeout: {often}\n  \
                 static_configs: [{{targets: [\"{exposed}\"]}}]\n"
            ),
        )?;
        let straight = store("straight", "")?;
        let victoriametrics = programs.victoriametrics.as_ref();
        let victoriametrics = victoriametrics
            .map(|[store, ruler]| VictoriaMetrics::start(programs, store, ruler))
            .transpose()?;
        let mut exporters = vec![
            Exporter::Otlp(through.address()),
            Exporter::Scraped(exposed),
        ];
        exporters.extend(
            victoriametrics
                .iter()
                .map(|store| Exporter::VictoriaMetrics(store.address)),
        );
        let folder = programs.folder.join("collector");
        let collector = Collector::prepare(&programs.collector, &folder, pace, &exporters)?;
        [&through, &scraping, &straight]
            .into_iter()
            .try_for_each(Store::start)?;
        collector.start()?;
        Ok(Stores {
            collector,
            through,
            scraping,
            straight,
            victoriametrics,
            alerts,
        })
    }
}

/// A Prometheus with the generated rules at a pace.
fn prometheus(programs: &Programs, pace: Pace, name: &str, more: &str) -> Result<Store, String> {
    let folder = programs.folder.join(name);
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder.join("rules")).map_err(failed)?;
    for file in programs.generated("prometheus", ".prometheus.yaml")? {
        let text = fs::read_to_string(&file).map_err(failed)?;
        let rules = match pace.is_real() {
            true => text,
            false => pace.rules(&text, "slo")?,
        };
        let to = file.file_name().unwrap_or_default();
        fs::write(folder.join("rules").join(to), rules).map_err(failed)?;
    }
    let configuration = format!(
        "global:\n  evaluation_interval: {minute}\n\
         rule_files: [rules/*.yaml]\n\
         storage:\n  tsdb:\n    out_of_order_time_window: 1h\n\
         otlp:\n  promote_resource_attributes: [k8s.pod.name]\n\
         {more}",
        minute = pace.shown(Duration::from_secs(60)),
    );
    Store::new(&programs.prometheus, &folder, &configuration, pace)
}

/// A VictoriaMetrics, and vmalert with the rules that are generated for it.
#[derive(Debug)]
pub(super) struct VictoriaMetrics {
    pub(super) address: SocketAddr,
    program: PathBuf,
    folder: PathBuf,
    store: Mutex<Option<Process>>,
    _ruler: Process,
}

impl VictoriaMetrics {
    fn start(programs: &Programs, store: &Path, ruler: &Path) -> Result<VictoriaMetrics, String> {
        let folder = programs.folder.join("victoriametrics");
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let address = free_address()?;
        let running = running(store, &folder, address)?;
        let rules = programs.generated("victoriametrics", ".prometheus.yaml")?;
        let mut command = Command::new(ruler);
        command
            .args(victoriametrics::ruler_options(
                address,
                free_address()?,
                &rules,
            ))
            .current_dir(&folder)
            .stdout(Stdio::null());
        Ok(VictoriaMetrics {
            address,
            program: store.to_owned(),
            store: Mutex::new(Some(running)),
            _ruler: Process::start(&mut command, &folder.join("log-of-vmalert"))?,
            folder,
        })
    }

    /// Ends the store as a deployment would, and starts it with what it had.
    pub(super) fn restart(&self) -> Result<(), String> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(process) = store.take() {
            process.stop()?;
        }
        *store = Some(running(&self.program, &self.folder, self.address)?);
        Ok(())
    }
}

/// A VictoriaMetrics that answers.
fn running(program: &Path, folder: &Path, address: SocketAddr) -> Result<Process, String> {
    let mut command = Command::new(program);
    command
        .args(victoriametrics::store_options(address))
        .current_dir(folder)
        .stdout(Stdio::null());
    let log = folder.join("log");
    let mut process = Process::start(&mut command, &log)?;
    let started = Instant::now();
    while get(address, "/health").is_err() {
        if !process.runs() || started.elapsed() > START {
            return Err(format!("not ready; see {}", log.display()));
        }
        sleep(Duration::from_millis(200));
    }
    Ok(process)
}
