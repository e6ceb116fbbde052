//! A newcomer's five minutes: an empty folder, `cargo new`, what the README says to paste and to
//! type, three requests, and their numbers on the page.

use super::{http, page, programs::Programs, session::Session};
use crate::{
    Outcome,
    command::{self, cargo, root},
    readme::project,
};
use std::{
    env, fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{self, Command},
    time::{Duration, Instant},
};

/// Where the README's program listens.
const ADDRESS: &str = "127.0.0.1:3000";

/// Longest build: of all dependencies, on a slow machine.
const BUILD: Duration = Duration::from_secs(900);

pub(super) fn run(programs: &Programs) -> Outcome {
    if TcpStream::connect(ADDRESS).is_ok() {
        return Err(format!(
            "somebody listens at {ADDRESS}, the address in the README"
        ));
    }
    let began = Instant::now();
    let folder = Folder::create()?;
    let project = pasted(&folder)?;
    let typed = typed()?;
    eprintln!("  $ {typed}");
    let mut session = Session::start(
        shell(&typed, programs)
            .current_dir(&project)
            // What the README's own test has built, if it ran.
            .env("CARGO_TARGET_DIR", root().join("target/readme/target")),
    )?;
    session.wait_for_line("counts of 1 endpoint are exported", BUILD)?;
    let built = began.elapsed();
    asked(&session)?;
    let answered = Instant::now();
    let expected = [
        ("step.orders.checkout.place-order availability Good", 2),
        ("step.orders.checkout.place-order availability Bad", 0),
        ("step.orders.checkout.place-order availability Excluded", 1),
        ("step.orders.checkout.place-order latency Good", 2),
        ("step.orders.checkout.place-order ok", 2),
        ("step.orders.checkout.place-order client_error", 1),
        ("journey.orders.checkout availability Good", 2),
        ("journey.orders.checkout availability Excluded", 1),
        ("service.orders Events lost", 0),
    ];
    session.wait(|session| {
        let found = page::numbers(&session.html()?)?;
        let differs = |(place, count): &&(&str, u64)| found.get(*place) != Some(count);
        match expected.iter().find(differs) {
            None => Ok(()),
            Some((place, count)) => Err(format!(
                "expected {count} as `{place}` on the page: {found:?}"
            )),
        }
    })?;
    let seen = answered.elapsed();
    if session.told.contains("exported nothing") {
        return Err(format!(
            "it is diagnosed while it is built:\n{}",
            session.told
        ));
    }
    session.signal("INT")?;
    let (status, told) = session.ended()?;
    if !status.success() {
        return Err(format!("Ctrl-C ended it with {status}:\n{told}"));
    }
    if !told.contains("checkout.availability 2 good, 0 bad") {
        return Err(format!(
            "the terminal has no line about the requests:\n{told}"
        ));
    }
    eprintln!("  built in {built:.0?}; three requests on the page {seen:.1?} after their answers");
    Ok(())
}

/// Two orders and something that is none.
fn asked(session: &Session) -> Outcome {
    session.wait(|_| TcpStream::connect(ADDRESS).map_err(|error| error.to_string()))?;
    for (body, expected) in [("[\"tea\"]", 200), ("[\"tea\", \"milk\"]", 200), ("[", 400)] {
        let kind = "application/json";
        let answer = http::send(ADDRESS, "POST", "/orders", kind, body.as_bytes())?;
        if answer.status != expected {
            return Err(format!(
                "{body} is answered with {}: {}",
                answer.status, answer.body
            ));
        }
    }
    Ok(())
}

/// What `cargo new` makes, with the README's program for axum in it.
fn pasted(folder: &Folder) -> Result<PathBuf, String> {
    let text = project::section("axum")?;
    let made = ["new", "--quiet", "orders"];
    command::quietly(cargo().args(made).current_dir(&folder.0))?;
    let project = folder.0.join("orders");
    let write = |file: &str, text: &str| {
        fs::write(project.join(file), text).map_err(|error| format!("{file}: {error}"))
    };
    write("Cargo.toml", project::one(&text, "toml")?)?;
    write("src/main.rs", project::one(&text, "rust,no_run")?)?;
    // What is published is what is here, with the versions that all else is tested with.
    fs::copy(root().join("Cargo.lock"), project.join("Cargo.lock"))
        .and_then(|_| fs::create_dir(folder.0.join(".cargo")))
        .and_then(|()| fs::write(folder.0.join(".cargo/config.toml"), project::patches()))
        .map_err(|error| error.to_string())?;
    Ok(project)
}

/// The first command that the README shows for this.
fn typed() -> Result<String, String> {
    let text = project::section("What is counted, while it runs")?;
    let lines = project::one(&text, "console,ignore")?.lines();
    let mut commands = lines.filter_map(|line| line.strip_prefix("$ "));
    let first = commands.next().ok_or("the README shows no command")?;
    Ok(first.to_owned())
}

/// A shell in which `cargo slo` is installed.
pub(super) fn shell(typed: &str, programs: &Programs) -> Command {
    let mut command = Command::new("sh");
    let path = env::var_os("PATH").unwrap_or_default();
    let installed = programs.command.parent().map(Path::to_owned);
    let folders = installed.into_iter().chain(env::split_paths(&path));
    if let Ok(path) = env::join_paths(folders) {
        command.env("PATH", path);
    }
    // The shell becomes the command, and signals reach that.
    command.args(["-c", &format!("exec {typed}")]);
    super::plain(&mut command);
    command
}

/// An empty folder that belongs to no workspace. It goes with this.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn create() -> Result<Folder, String> {
        let path = env::temp_dir().join(format!("slo-newcomer-{}", process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
