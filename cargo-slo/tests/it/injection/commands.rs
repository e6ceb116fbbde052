//! Every command that writes something, over one set of services.

use super::{documents, inputs, texts};
use crate::fixtures::{Run, Sandbox};
use std::{collections::BTreeMap, fs, path::Path};

/// What all commands wrote about one set of services.
pub(super) struct Outputs {
    /// By command: what it wrote to standard output.
    pub(super) printed: BTreeMap<&'static str, Run>,
    /// By name, in each folder.
    pub(super) files: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// The documents among these, read once for all rounds.
    pub(super) pages: BTreeMap<(&'static str, String), documents::Read>,
}

impl Outputs {
    pub(super) fn with_pages(mut self) -> Outputs {
        for folder in documents::FOLDERS {
            for (name, content) in &self.files[folder] {
                let page = documents::read(name, content);
                self.pages.insert((folder, name.clone()), page);
            }
        }
        self
    }
}

/// How a command is called that prints something.
const PRINTING: [(&str, &str); 8] = [
    ("list", "list --export {exports}"),
    ("list json", "list --format json --export {exports}"),
    ("check", "check {facts} --export {exports}"),
    (
        "check json",
        "check --format json {facts} --export {exports}",
    ),
    (
        "check sarif",
        "check --format sarif {facts} --export {exports}",
    ),
    (
        "check github",
        "check --format github {facts} --export {exports}",
    ),
    (
        "diff",
        "diff --against before/s0.slo.json --export s0.slo.json",
    ),
    (
        "diff json",
        "diff --format json --against before/s0.slo.json --export s0.slo.json",
    ),
];

/// How a command is called that writes into a folder.
const WRITING: [(&str, &str); 6] = [
    (
        "rules",
        "generate alertmanager datadog grafana openslo prometheus prometheus-rule promtool pyrra \
         sloth terraform {manifests} --export {exports} -o rules",
    ),
    (
        "all",
        "generate prometheus --mode universal --export {exports} -o all",
    ),
    ("export", "export {exports} -o export"),
    ("doc-en", "doc {facts} --history none {exports} -o doc-en"),
    (
        "doc-ja",
        "doc --lang ja {facts} --history none {exports} -o doc-ja",
    ),
    ("init", "init --export s0.slo.json -o init.toml"),
];

/// Writes services that say this, and runs every command over them.
pub(super) fn run(say: &dyn Fn(usize) -> String) -> Outputs {
    let sandbox = Sandbox::new();
    let mut catalogue = [(); 4].map(|()| String::new());
    for service in 0..inputs::SERVICES {
        let of_service = |field| say(service * inputs::FIELDS + field);
        let [export, toml, tables @ ..] = inputs::service(service, &of_service);
        // As it was before: nothing but the title was different.
        let before = export.replacen("\"title\":\"", "\"title\":\"once ", 1);
        let before = before.replace("999500000", "999000000");
        sandbox.write(&format!("before/s{service}.slo.json"), before);
        sandbox.write(&format!("s{service}.slo.json"), export);
        sandbox.write(&format!("s{service}.toml"), toml);
        for (table, text) in catalogue.iter_mut().zip(tables) {
            *table += &text;
        }
    }
    let names = ["policies", "tiers", "vendors", "burn-rates"];
    for (name, text) in names.iter().zip(catalogue) {
        sandbox.write(&format!("catalogue/{name}.toml"), text);
    }
    let of_each = |ending: &str| {
        let names: Vec<_> = (0..inputs::SERVICES)
            .map(|n| format!("s{n}.{ending}"))
            .collect();
        names.join(" ")
    };
    let manifests = format!("--slo-toml {} --catalog catalogue", of_each("toml"));
    let arguments = |command: &str| {
        command
            .replace("{facts}", &manifests)
            .replace("{manifests}", &manifests)
            .replace("{exports}", &of_each("slo.json"))
    };
    let mut outputs = Outputs {
        printed: BTreeMap::new(),
        files: BTreeMap::new(),
        pages: BTreeMap::new(),
    };
    for (name, command) in PRINTING {
        let run = sandbox.slo(&arguments(command));
        assert!(run.code < 2, "{name}: {}", run.err);
        outputs.printed.insert(name, run);
    }
    for (folder, command) in WRITING {
        let run = sandbox.slo(&arguments(command)).ok();
        if let Some(shown) = texts::dangerous(&run.err) {
            panic!("{folder}: {shown:?}");
        }
        let path = match folder {
            "init" => sandbox.path("init.toml"),
            folder => sandbox.path(folder),
        };
        outputs.files.insert(folder, read(&path));
    }
    outputs
}

/// A file, or each file of a folder.
fn read(path: &Path) -> BTreeMap<String, String> {
    let paths = match path.is_dir() {
        true => fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect(),
        false => vec![path.to_owned()],
    };
    let read = paths.into_iter().map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    read.collect()
}
