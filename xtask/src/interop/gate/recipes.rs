//! The recipes, as they stand in the manual, read and run.

use super::{Delivery, judge, shop::Shop, tools};
use crate::command::{self, root};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ACTIONLINT: &str = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

/// Modules with the resources of a delivery, and the files of their schemas.
const ARGO: (&str, &[&str]) = (
    "github.com/argoproj/argo-rollouts",
    &[
        "manifests/crds/analysis-template-crd.yaml",
        "manifests/crds/rollout-crd.yaml",
    ],
);
const FLAGGER: (&str, &[&str]) = ("github.com/fluxcd/flagger", &["artifacts/flagger/crd.yaml"]);

/// The end of the command in each recipe.
const ENDS: [(&str, &str); 4] = [
    (
        "slo-gate.yml",
        "slo-overrides.toml slo | tee -a \"$GITHUB_STEP_SUMMARY\"",
    ),
    (".gitlab-ci.yml", "\"$protected/slo\""),
    ("slo-gate.yaml", "'/slo/*.slo.json'"),
    ("orders.canary.yaml", "'/slo/*.slo.json'"),
];

/// What a run is asked about.
pub(super) struct Asked<'a> {
    pub(super) shop: &'a Shop,
    pub(super) prometheus: &'a str,
    pub(super) change: &'a str,
    /// What is appended to the command.
    pub(super) more: &'a str,
}

/// Everything that reads or runs recipes.
pub(super) struct Recipes {
    folder: PathBuf,
    manual: String,
    judge: PathBuf,
    actionlint: PathBuf,
    gitlab: PathBuf,
    argo: Vec<PathBuf>,
    flagger: Vec<PathBuf>,
}

impl Recipes {
    pub(super) fn new(folder: &Path) -> Result<Recipes, String> {
        let manual = root().join("docs/gate.md");
        Ok(Recipes {
            folder: folder.to_owned(),
            manual: fs::read_to_string(&manual)
                .map_err(|error| format!("{}: {error}", manual.display()))?,
            judge: judge()?,
            actionlint: tools::installed("actionlint", ACTIONLINT, &[])?,
            gitlab: gitlab()?,
            argo: schemas(ARGO)?,
            flagger: schemas(FLAGGER)?,
        })
    }

    /// A recipe, by the name of its file.
    pub(super) fn text(&self, name: &str) -> Result<&str, String> {
        let blocks = self.manual.split("```yaml\n").skip(1);
        let mut blocks = blocks.filter_map(|block| block.split("```").next());
        let is_it = |block: &&str| {
            let first = block.lines().next().unwrap_or_default();
            first
                .strip_prefix("# ")
                .is_some_and(|path| path.rsplit('/').next() == Some(name))
        };
        blocks
            .find(is_it)
            .ok_or(format!("the manual has no {name}"))
    }

    /// Whether whom a recipe is for refuses it, with other words in it.
    pub(super) fn is_refused(&self, name: &str, from: &str, to: &str) -> Result<bool, String> {
        let text = self.text(name)?.replacen(from, to, 1);
        let path = self.write("refused", name, &text)?;
        let output = match name {
            "slo-gate.yml" => run(Command::new(&self.actionlint).arg(&path))?,
            ".gitlab-ci.yml" => run(&mut self.gitlab(&path, &["--list"])?)?,
            "slo-gate.yaml" => self.judged("argo", &path, &self.argo)?,
            _ => self.judged("flagger", &path, &self.flagger)?,
        };
        Ok(!output.status.success())
    }

    /// What each recipe does; Flagger delivers nothing but features.
    pub(super) fn run(&self, asked: &Asked<'_>) -> Result<Vec<(&'static str, Delivery)>, String> {
        let mut outcomes = vec![
            ("GitHub Actions", self.github(asked)?),
            ("GitLab CI", self.in_gitlab(asked)?),
            ("Argo Rollouts", self.argo(asked)?),
        ];
        if asked.change == "feature" {
            outcomes.push(("Flagger", self.flagger(asked)?));
        }
        Ok(outcomes)
    }

    fn github(&self, asked: &Asked<'_>) -> Result<Delivery, String> {
        let path = self.recipe("slo-gate.yml", asked)?;
        let lint = run(Command::new(&self.actionlint).arg(&path))?;
        accepted(&lint)?;
        let step = accepted(&self.judged("github", &path, &[])?)?;
        let step: serde_json::Value =
            serde_json::from_str(&step).map_err(|error| error.to_string())?;
        if step["shell"] != "bash" {
            return Err(format!("a step in an unknown shell: {step}"));
        }
        // As GitHub runs a step with `shell: bash`, in a checkout of the branch that is merged into.
        let script = self.write(
            "github",
            "step.sh",
            step["run"].as_str().unwrap_or_default(),
        )?;
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(script)
            .current_dir(&asked.shop.protected)
            .env("CHANGE", asked.change)
            .env("GITHUB_STEP_SUMMARY", self.folder.join("github/summary.md"));
        let outcome = outcome(&mut bash, asked)?;
        let summary = fs::read_to_string(self.folder.join("github/summary.md"));
        match summary.is_ok_and(|summary| summary.contains("the gate is ")) {
            true => Ok(outcome),
            false => Err("the summary of the job says nothing".to_owned()),
        }
    }

    fn in_gitlab(&self, asked: &Asked<'_>) -> Result<Delivery, String> {
        let path = self.recipe(".gitlab-ci.yml", asked)?;
        let at = asked.shop.merge_request.join(".gitlab-ci.yml");
        fs::copy(&path, &at).map_err(|error| error.to_string())?;
        let labels = match asked.change {
            "feature" => "docs,fixture".to_owned(),
            change => format!("docs,{change}"),
        };
        let mut gitlab = Command::new("node");
        gitlab
            .arg(&self.gitlab)
            .args(["--variable", "CI_PIPELINE_SOURCE=merge_request_event"])
            .arg("--variable")
            .arg(format!("CI_MERGE_REQUEST_LABELS={labels}"))
            .arg("--variable")
            .arg(format!("PROMETHEUS={}", asked.prometheus))
            .arg("slo-gate")
            .current_dir(&asked.shop.merge_request);
        outcome(&mut gitlab, asked)
    }

    fn argo(&self, asked: &Asked<'_>) -> Result<Delivery, String> {
        let path = self.recipe("slo-gate.yaml", asked)?;
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let text = text.replace("value: feature", &format!("value: {}", asked.change));
        let path = self.write("argo", "slo-gate.yaml", &text)?;
        let command = accepted(&self.judged("argo", &path, &self.argo)?)?;
        let command: Vec<String> =
            serde_json::from_str(&command).map_err(|error| error.to_string())?;
        let [program, arguments @ ..] = &command[..] else {
            return Err("a job without a command".to_owned());
        };
        outcome(Command::new(program).args(arguments), asked)
    }

    fn flagger(&self, asked: &Asked<'_>) -> Result<Delivery, String> {
        let path = self.recipe("orders.canary.yaml", asked)?;
        let mut judge = Command::new(&self.judge);
        judge.arg("flagger").arg(path).args(&self.flagger);
        let status = accepted(&run(with_path(&mut judge, asked))?)?;
        // Flagger goes on at a status that says that all is well.
        match status.trim() {
            "200" | "202" => Ok(Delivery::Passes),
            "500" => Ok(Delivery::Stops),
            status => Err(format!("Flagger's load tester answers {status}")),
        }
    }

    /// A recipe with what is appended to its command, and the mounted folder where it is here.
    fn recipe(&self, name: &'static str, asked: &Asked<'_>) -> Result<PathBuf, String> {
        let end = ENDS.iter().find(|(of, _)| *of == name);
        let (_, end) = end.ok_or("no such recipe")?;
        let text = self.text(name)?;
        if !text.contains(end) {
            return Err(format!(
                "the command of {name} ends otherwise than with {end}"
            ));
        }
        let text = text.replacen(end, &format!("{end}{}", asked.more), 1);
        let mounted = asked.shop.mounted.display().to_string() + "/";
        let text = text.replace("'/slo/", &format!("'{mounted}"));
        let text = text.replace(" /slo/", &format!(" {mounted}"));
        self.write("recipes", name, &text)
    }

    fn judged(&self, recipe: &str, path: &Path, schemas: &[PathBuf]) -> Result<Output, String> {
        let mut judge = Command::new(&self.judge);
        run(judge.arg(recipe).arg(path).args(schemas))
    }

    /// gitlab-ci-local over a file that is alone in a repository.
    fn gitlab(&self, path: &Path, arguments: &[&str]) -> Result<Command, String> {
        let folder = path.parent().unwrap_or(Path::new("."));
        command::quietly(
            Command::new("git")
                .args(["init", "--quiet"])
                .current_dir(folder),
        )?;
        let remote = [
            "remote",
            "add",
            "origin",
            "git@gitlab.example:shop/orders.git",
        ];
        let _ = run(Command::new("git").args(remote).current_dir(folder))?;
        let mut gitlab = Command::new("node");
        gitlab.arg(&self.gitlab).args(arguments).current_dir(folder);
        Ok(gitlab)
    }

    fn write(&self, folder: &str, name: &str, text: &str) -> Result<PathBuf, String> {
        let folder = self.folder.join(folder);
        let path = folder.join(name);
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }
}

/// gitlab-ci-local, pinned in `tests/judges/gitlab`, whose lock file says what it has to be. What was
/// installed stays beside the files that it was installed by, and goes when these are others.
fn gitlab() -> Result<PathBuf, String> {
    const FILES: [&str; 2] = ["package.json", "package-lock.json"];
    let folder = root().join("target/interop/gitlab-ci-local");
    let from = root().join("tests/judges/gitlab");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let installed = folder.join("installed");
    let is_same = |file: &&str| {
        let texts = [&from, &folder].map(|folder| fs::read(folder.join(file)).ok());
        texts[0].is_some() && texts[0] == texts[1]
    };
    if !(installed.exists() && FILES.iter().all(is_same)) {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(failed)?;
        for file in FILES {
            fs::copy(from.join(file), folder.join(file)).map_err(failed)?;
        }
        command::quietly(
            Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(&folder),
        )
        .map_err(|why| format!("{why}; npm and rsync are Debian's packages of these names"))?;
        // Only a whole installation counts, not one that was interrupted.
        fs::write(&installed, "").map_err(failed)?;
    }
    Ok(folder.join("node_modules/gitlab-ci-local/src/index.js"))
}

/// Files of a module that the judge is built with.
fn schemas((module, files): (&str, &[&str])) -> Result<Vec<PathBuf>, String> {
    let mut list = Command::new("go");
    list.args(["list", "-m", "-f", "{{.Dir}}", module])
        .current_dir(root().join("tests/judges/gate"));
    let folder = command::quietly(&mut list)?;
    let folder = Path::new(folder.trim());
    Ok(files.iter().map(|file| folder.join(file)).collect())
}

/// What a command says of a delivery.
fn outcome(command: &mut Command, asked: &Asked<'_>) -> Result<Delivery, String> {
    let output = run(with_path(command, asked))?;
    Ok(match output.status.success() {
        true => Delivery::Passes,
        false => Delivery::Stops,
    })
}

/// The command with `cargo-slo` of this repository before all others, and the address of the store.
fn with_path<'a>(command: &'a mut Command, asked: &Asked<'_>) -> &'a mut Command {
    let path = env::var_os("PATH").unwrap_or_default();
    let paths = [root().join("target/debug")]
        .into_iter()
        .chain(env::split_paths(&path));
    let paths = env::join_paths(paths).unwrap_or(path.clone());
    command
        .env("PATH", paths)
        .env("PROMETHEUS", asked.prometheus)
}

fn run(command: &mut Command) -> Result<Output, String> {
    command
        .output()
        .map_err(|error| format!("can't run {command:?}: {error}"))
}

/// What a command printed that has to go well.
fn accepted(output: &Output) -> Result<String, String> {
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}
