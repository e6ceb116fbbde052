//! What runs, and what is generated for it.

use crate::{
    command::{quietly, root},
    interop::{parts::pace::Pace, prometheus, tools, victoriametrics},
    programs,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Version 0.31: the modules of later ones lack the pages that the program has in it.
const ALERTMANAGER: &str = "github.com/prometheus/alertmanager/cmd/alertmanager@v0.31.1";

/// The services of the shop, as packages and as services.
const SERVICES: [&str; 4] = [
    "shop-gateway",
    "shop-orders",
    "shop-payments",
    "shop-settlement",
];

/// Programs, and the files generated from them.
#[derive(Debug)]
pub(super) struct Programs {
    /// What ran is in it.
    pub(super) folder: PathBuf,
    pub(super) prometheus: PathBuf,
    pub(super) collector: PathBuf,
    pub(super) alertmanager: PathBuf,
    /// VictoriaMetrics and vmalert, where they play.
    pub(super) victoriametrics: Option<[PathBuf; 2]>,
    cargo_slo: PathBuf,
}

impl Programs {
    /// Builds all of it, and exports and generates from the binaries of the shop.
    pub(super) fn build(folder: &str, pace: Pace) -> Result<Programs, String> {
        let folder = root().join("target/interop").join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let built = programs::Programs::built()?;
        for service in SERVICES {
            built.copied(service, &folder)?;
        }
        let [prometheus, _] = prometheus::programs()?;
        let victoriametrics = match pace.is_real() {
            true => Some(victoriametrics::programs()?),
            // Its rules stand in stages of a minute, which goes no faster.
            false => None,
        };
        let programs = Programs {
            prometheus,
            collector: tools::built("collector", ".")?,
            alertmanager: tools::installed("alertmanager", ALERTMANAGER, &[])?,
            victoriametrics,
            cargo_slo: built.copied("cargo-slo", &folder)?,
            folder,
        };
        programs.export()?;
        programs.generate("prometheus", &["prometheus", "alertmanager"])?;
        if pace.is_real() {
            programs.generate("victoriametrics", &["prometheus"])?;
        }
        Ok(programs)
    }

    /// `cargo slo`, which reads nothing of where it runs.
    pub(super) fn slo(&self, verb: &str) -> Command {
        let mut slo = Command::new(&self.cargo_slo);
        slo.args(["slo", verb]).current_dir(&self.folder);
        slo
    }

    /// Where the exports of the services are.
    pub(super) fn exports(&self) -> PathBuf {
        self.folder.join("exports")
    }

    fn export(&self) -> Result<(), String> {
        let facts = root().join("tests/judges/shop");
        let mut export = self.slo("export");
        export.arg("-o").arg(self.exports());
        for service in SERVICES {
            let name = service.trim_start_matches("shop-");
            export.arg("--bin").arg(self.folder.join(service));
            export
                .arg("--slo-toml")
                .arg(facts.join(format!("{name}.toml")));
        }
        quietly(&mut export).map(drop)
    }

    fn generate(&self, store: &str, outputs: &[&str]) -> Result<(), String> {
        let mut generate = self.slo("generate");
        generate.args(outputs).args(["--store", store]);
        generate
            .arg("-o")
            .arg(self.folder.join("generated").join(store));
        generate.arg("--export").arg(self.exports());
        quietly(&mut generate).map(drop)
    }

    /// Files that were generated for a store, by how they end.
    pub(super) fn generated(&self, store: &str, ending: &str) -> Result<Vec<PathBuf>, String> {
        let folder = self.folder.join("generated").join(store);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        let ends = |path: &Path| path.to_string_lossy().ends_with(ending);
        let mut files: Vec<_> = fs::read_dir(&folder)
            .map_err(failed)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| ends(path))
            .collect();
        files.sort();
        match files.is_empty() {
            true => Err(format!("no {ending} in {}", folder.display())),
            false => Ok(files),
        }
    }
}
