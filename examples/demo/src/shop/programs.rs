//! What cargo builds for the shop, and what these programs declare.

use cargo_slo::{
    definition::{self, Definition, Service},
    fleet::Fleet,
    input::{self, Artefact, artefacts},
    outputs,
};
use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

/// The services, in the order they are started: each after those it calls.
pub(crate) const SERVICES: [&str; 4] = ["payments", "orders", "gateway", "settlement"];

/// The shop's programs, built, and their SLOs, read from them.
#[derive(Debug)]
pub(crate) struct Programs {
    artefacts: Vec<Artefact>,
    definition: Definition,
}

impl Programs {
    /// Has cargo build them; its progress goes to standard error.
    pub(crate) fn build() -> Result<Programs, Box<dyn Error>> {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let mut arguments = vec!["--manifest-path".to_owned(), manifest.to_owned()];
        // Together with the demo, so that all agree on the features of their dependencies.
        arguments.extend(["--package".to_owned(), "shop-demo".to_owned()]);
        for service in SERVICES {
            arguments.extend(["--package".to_owned(), format!("shop-{service}")]);
        }
        if !cfg!(debug_assertions) {
            arguments.push("--release".to_owned());
        }
        let artefacts = artefacts::build(&arguments)?;
        let definition = definition::resolve(&input::read_artefacts(&artefacts)?)?;
        Ok(Programs {
            artefacts,
            definition,
        })
    }

    /// What the programs declare.
    pub(crate) fn services(&self) -> &[Service] {
        &self.definition.services
    }

    /// The program of a service.
    pub(crate) fn path(&self, service: &str) -> io::Result<&Path> {
        let name = format!("shop-{service}");
        self.artefacts
            .iter()
            .map(|artefact| artefact.path.as_path())
            .rfind(|path| path.file_stem().is_some_and(|stem| *stem == *name))
            .ok_or_else(|| {
                io::Error::new(io::ErrorKind::NotFound, format!("cargo built no {name}"))
            })
    }

    /// `target/slo`, beside what was built.
    pub(crate) fn folder(&self) -> io::Result<PathBuf> {
        let program = self.path("gateway")?;
        let target = program.ancestors().nth(2).unwrap_or(Path::new("target"));
        let folder = target.join("slo");
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Writes the rules for Prometheus and lists the files.
    pub(crate) fn write_rules(&self) -> Result<Vec<PathBuf>, Box<dyn Error>> {
        let prometheus =
            outputs::find("prometheus").ok_or("cargo-slo has no output `prometheus`")?;
        let settings = outputs::Settings::default();
        let fleet = Fleet::from_annotations(&self.definition);
        let files = prometheus.generate(&fleet, &settings);
        Ok(outputs::write(&self.folder()?, files)?)
    }
}
