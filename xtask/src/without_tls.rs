//! Built without the feature `tls`, each command that asks a system says of `https://` what to do, and asks
//! nobody.

use crate::{
    Outcome,
    command::{cargo, quietly, root},
};
use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

/// The commands, with `URL` where the address of a system stands.
const ASKING: [&str; 8] = [
    "status --prometheus URL --export EXPORT",
    "gate --prometheus URL EXPORT",
    "check --prometheus URL --export EXPORT",
    "diff --against URL --export EXPORT",
    "diff --against ruler+URL --export EXPORT",
    "diff --against grafana+URL --export EXPORT",
    "diff --against datadog+URL --export EXPORT",
    "dev --port 0 --for 1s --forward URL",
];

/// What each has to say.
const WORDS: [&str; 2] = ["this build knows no https", "`cargo install cargo-slo`"];

/// A service whose SLOs are asked for.
const RAW: &str = "cargo-slo/tests/it/fleet/orders.slo.json";

pub(crate) fn run() -> Outcome {
    let folder = root().join("target/without-tls");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let command = Built {
        program: build(&folder)?,
        export: folder.join("orders.slo.json"),
    };
    let mut export = Command::new(&command.program);
    export.args(["slo", "export", "--export"]);
    quietly(export.arg(root().join(RAW)).arg("-o").arg(&folder))?;

    let (address, seen) = system()?;
    for asking in ASKING {
        let output = command.ask(asking, &format!("https://{address}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let is_told = WORDS.iter().all(|words| said.contains(words));
        if output.status.code() != Some(2) || !is_told {
            return Err(format!(
                "`{asking}` ended with {} and said {said}",
                output.status
            ));
        }
    }
    match seen.load(SeqCst) {
        0 => {}
        connections => return Err(format!("{connections} connections were made")),
    }
    // A system that sees nobody would prove nothing.
    command.ask(ASKING[0], &format!("http://{address}"))?;
    match seen.load(SeqCst) {
        0 => Err("http:// made no connection".to_owned()),
        _ => {
            eprintln!("  {} commands without https", ASKING.len());
            Ok(())
        }
    }
}

/// A copy of the program, so that the next build doesn't take its place.
fn build(folder: &Path) -> Result<PathBuf, String> {
    let target = root().join("target");
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "cargo-slo"]);
    build.arg("--no-default-features");
    quietly(build.env("CARGO_TARGET_DIR", &target))?;
    let name = format!("cargo-slo{}", env::consts::EXE_SUFFIX);
    let (built, copy) = (target.join("debug").join(&name), folder.join(&name));
    match fs::copy(&built, &copy) {
        Ok(_) => Ok(copy),
        Err(error) => Err(format!("{}: {error}", built.display())),
    }
}

struct Built {
    program: PathBuf,
    export: PathBuf,
}

impl Built {
    fn ask(&self, asking: &str, url: &str) -> Result<Output, String> {
        let words = asking.replace("URL", url);
        let export = self.export.display().to_string();
        let mut command = Command::new(&self.program);
        command.arg("slo");
        command.args(words.split(' ').map(|word| match word {
            "EXPORT" => &*export,
            word => word,
        }));
        for name in ["GRAFANA_TOKEN", "DD_API_KEY", "DD_APP_KEY"] {
            command.env(name, "s3cret");
        }
        command.env("NO_PROXY", "*");
        command
            .output()
            .map_err(|error| format!("can't run {command:?}: {error}"))
    }
}

/// Where something listens, and how many have connected.
fn system() -> Result<(SocketAddr, Arc<AtomicUsize>), String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let seen = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&seen);
    thread::spawn(move || {
        for connection in listener.incoming() {
            counted.fetch_add(1, SeqCst);
            drop(connection);
        }
    });
    Ok((address, seen))
}
