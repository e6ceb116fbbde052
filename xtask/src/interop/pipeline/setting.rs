//! The stores and Collectors that rows share, and the programs that are run.

use super::{
    Scene,
    replica::Starter,
    rows::{self, Row},
    rules::{self, MODES},
    stage::Way,
};
use crate::{
    command::{quietly, root},
    interop::{
        parts::{
            collector::{Collector, Exporter},
            pace::Pace,
            store::Store,
        },
        prometheus, tools,
    },
    loopback::free_address,
    programs,
};
use std::{fs, path::PathBuf, time::Duration};

/// What runs.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) folder: PathBuf,
    pub(super) prometheus: PathBuf,
    pub(super) collector: PathBuf,
    /// `cargo slo`.
    pub(super) command: PathBuf,
    service: PathBuf,
    job: PathBuf,
}

impl Programs {
    /// Builds all of it, and generates the rules of both modes from the service's and the job's
    /// binaries. What runs is in a folder of `target/interop`.
    pub(super) fn build(folder: &str) -> Result<Programs, String> {
        let folder = root().join("target/interop").join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let built = programs::Programs::built()?;
        let collector = tools::built("collector", ".")?;
        let [prometheus, _] = prometheus::programs()?;
        let copy = |name| built.copied(name, &folder);
        let (service, job) = (copy("pipeline-service")?, copy("pipeline-job")?);
        let command = copy("cargo-slo")?;
        for (mode, _) in MODES {
            let mut generate = programs::slo()?;
            generate
                .args(["generate", "prometheus", "--mode", mode])
                .arg("--bin")
                .args([&service, &job])
                .arg("-o")
                .arg(folder.join("rules").join(mode));
            quietly(&mut generate)?;
        }
        Ok(Programs {
            folder,
            prometheus,
            collector,
            command,
            service,
            job,
        })
    }

    /// How processes of a row are started.
    pub(super) fn starter(&self, namespace: &str) -> Starter {
        Starter {
            service: self.service.clone(),
            job: self.job.clone(),
            namespace: namespace.to_owned(),
            endpoint: String::new(),
            interval: Duration::ZERO,
            log: self.folder.join(format!("{namespace}.log")),
        }
    }
}

/// Stores and Collectors, each with the rows that use it.
#[derive(Debug)]
pub(super) struct Setting {
    pace: Pace,
    /// Time goes faster still where rows have to outlive the memory of rules.
    faster: Pace,
    direct: Store,
    concurrent: Store,
    skipping: Store,
    shared: Collected,
    /// Each is away for so many minutes.
    away: Vec<(f64, Collected)>,
    /// Collectors in front of `direct`, away for so many minutes.
    absent: Vec<(f64, Collector)>,
    queueing: Collected,
    replaced_late: Store,
    replaced_early: Store,
}

/// A Collector, and the stores that it fills.
#[derive(Debug)]
struct Collected {
    collector: Collector,
    stores: Vec<(&'static str, Store)>,
}

impl Collected {
    fn start(&self) -> Result<(), String> {
        self.stores
            .iter()
            .try_for_each(|(_, store)| store.start())?;
        self.collector.start()
    }

    fn way(&self) -> Way<'_> {
        Way {
            collector: Some(&self.collector),
            stores: self
                .stores
                .iter()
                .map(|(name, store)| (*name, store))
                .collect(),
        }
    }
}

impl Setting {
    /// Writes all configurations; nothing is started yet.
    pub(super) fn prepare(
        programs: &Programs,
        pace: Pace,
        faster: Pace,
    ) -> Result<Setting, String> {
        let store = |name: &str, pace, scraped| {
            let folder = programs.folder.join(name);
            let made = programs.folder.join("rules");
            rules::store(&programs.prometheus, &folder, &made, pace, scraped)
        };
        let collector = |name: &str, exporters: &[Exporter]| {
            let folder = programs.folder.join(name);
            Collector::prepare(&programs.collector, &folder, pace, exporters)
        };
        let direct = store("direct", pace, None)?;
        let exposed = free_address()?;
        let written = store("remote-write", pace, None)?;
        let scraping = store("scraping", pace, Some(exposed))?;
        let exporters = [
            Exporter::RemoteWrite(written.address()),
            Exporter::Scraped(exposed),
        ];
        let shared = Collected {
            collector: collector("collector", &exporters)?,
            stores: vec![("remote write", written), ("scraped", scraping)],
        };
        let away = |minutes: f64| {
            let written = store(&format!("away-{minutes}-remote-write"), pace, None)?;
            let queued = store(&format!("away-{minutes}-otlp"), pace, None)?;
            let exporters = [
                Exporter::RemoteWrite(written.address()),
                Exporter::Otlp(queued.address()),
            ];
            let collector = collector(&format!("away-{minutes}-collector"), &exporters)?;
            let stores = vec![("remote write", written), ("OTLP", queued)];
            Ok::<_, String>((minutes, Collected { collector, stores }))
        };
        let absent = |minutes: f64| {
            let exporters = [Exporter::Otlp(direct.address())];
            let collector = collector(&format!("absent-{minutes}-collector"), &exporters)?;
            Ok::<_, String>((minutes, collector))
        };
        let (away, absent) = (
            vec![away(5.0)?, away(20.0)?],
            vec![absent(5.0)?, absent(20.0)?],
        );
        let queued = store("queueing-otlp", pace, None)?;
        let queueing = Collected {
            collector: collector("queueing-collector", &[Exporter::Otlp(queued.address())])?,
            stores: vec![("OTLP", queued)],
        };
        Ok(Setting {
            pace,
            faster,
            direct,
            concurrent: store("concurrent", pace, None)?
                .with("--enable-feature=concurrent-rule-eval"),
            skipping: store("skipping", pace, None)?,
            shared,
            away,
            absent,
            queueing,
            replaced_late: store("replaced-late", faster, None)?,
            replaced_early: store("replaced-early", faster, None)?,
        })
    }

    /// All rows, those first that take longest.
    pub(super) fn scenes(&self) -> Vec<Scene<'_>> {
        let alone = |store| Way {
            collector: None,
            stores: vec![("straight", store)],
        };
        let scene = |way, through, row| Scene {
            way,
            through,
            pace: self.pace,
            row,
        };
        let mut scenes = Vec::new();
        for (minutes, collected) in self.away.iter().rev() {
            scenes.push(scene(
                "Collector",
                collected.way(),
                rows::store_away(*minutes),
            ));
        }
        for (minutes, collector) in self.absent.iter().rev() {
            let through = Way {
                collector: Some(collector),
                stores: vec![("OTLP", &self.direct)],
            };
            scenes.push(scene("Collector", through, rows::collector_away(*minutes)));
        }
        let replaced = [
            (&self.replaced_late, rows::new_store_on_old_processes()),
            (&self.replaced_early, rows::new_store_on_young_processes()),
        ];
        for (store, row) in replaced {
            scenes.push(Scene {
                pace: self.faster,
                ..scene("OTLP", alone(store), row)
            });
        }
        scenes.push(scene(
            "Collector",
            self.queueing.way(),
            rows::queue_on_disk(),
        ));
        scenes.push(scene("OTLP", alone(&self.skipping), rows::skipped()));
        let everyday = |way, through: fn(&Setting) -> Way<'_>, rows: Vec<Row>| {
            rows.into_iter()
                .map(move |row| scene(way, through(self), row))
        };
        let direct: fn(&Setting) -> Way<'_> = |setting| Way {
            collector: None,
            stores: vec![("straight", &setting.direct)],
        };
        scenes.extend(everyday("OTLP", direct, rows::everyday()));
        scenes.extend(everyday("OTLP", direct, rows::delays()));
        let shared: fn(&Setting) -> Way<'_> = |setting| setting.shared.way();
        scenes.extend(everyday("Collector", shared, rows::everyday()));
        let mut some = rows::delays();
        some.retain(|row| {
            ["10 s", "90 s", "120 s"]
                .iter()
                .any(|some| row.name.contains(some))
        });
        scenes.extend(everyday("Collector", shared, some));
        let concurrent: fn(&Setting) -> Way<'_> = |setting| Way {
            collector: None,
            stores: vec![("straight", &setting.concurrent)],
        };
        let mut some = rows::everyday();
        some.retain(|row| row.name.contains("deploy") || row.name.contains("jobs"));
        scenes.extend(everyday("concurrent rules", concurrent, some));
        scenes
    }

    /// Starts all of it.
    pub(super) fn start(&self) -> Result<(), String> {
        let alone = [
            &self.direct,
            &self.concurrent,
            &self.skipping,
            &self.replaced_late,
            &self.replaced_early,
        ];
        alone.into_iter().try_for_each(Store::start)?;
        let collected = self.away.iter().map(|(_, collected)| collected);
        let collected = collected.chain([&self.shared, &self.queueing]);
        for collected in collected {
            collected.start()?;
        }
        self.absent
            .iter()
            .try_for_each(|(_, collector)| collector.start())
    }
}
