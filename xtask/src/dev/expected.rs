//! `--expect`, `--record` and `--compare` around a real `cargo test`.

use super::{
    folder::{Folder, shell},
    programs::Programs,
    session::Session,
};
use crate::{Outcome, readme::project};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A crate whose test asks it for as many answers as `REQUESTS` says, of which `BAD` are bad.
const LIBRARY: &str = r#"use axum::{Router, extract::Path, http::StatusCode, routing::get};
use slo_sdk::{Journey, Objectives, slo};

const CHECKOUT: Journey = Journey::new("checkout").objectives(Objectives::new().availability(99.0));

#[slo(journey = CHECKOUT, route = "GET /answers/{status}")]
async fn answer(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND)
}

pub fn app() -> Router {
    Router::new().route("/answers/{status}", get(answer)).layer(slo_tower::SloLayer::new())
}
"#;

const TEST: &str = r#"use std::{env, io::{Read, Write}, net::TcpStream};

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_answered() {
    let _slo = slo_sdk::init();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, basket::app()).await });
    let [requests, bad] = ["REQUESTS", "BAD"].map(|name| env::var(name).unwrap().parse::<u32>().unwrap());
    assert!(bad <= requests);
    tokio::task::spawn_blocking(move || {
        for n in 0..requests {
            let status = if n < bad { 503 } else { 200 };
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "GET /answers/{status} HTTP/1.0\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.contains(&status.to_string()), "{answer}");
        }
    })
    .await
    .unwrap();
}
"#;

/// A run of `cargo test` under the command.
struct Run {
    code: Option<i32>,
    told: String,
    summary: String,
}

struct Basket<'p> {
    folder: Folder,
    project: PathBuf,
    programs: &'p Programs,
}

pub(super) fn run(programs: &Programs) -> Outcome {
    let basket = Basket::create(programs)?;
    // As the README has it.
    let typed = project::commands("What is counted, while it runs")?;
    let typed = typed.iter().find(|line| line.contains("--expect"));
    let typed = typed.ok_or("the README shows no `--expect`")?;
    eprintln!("  $ {typed}");
    let met = basket.run(typed, 10, 2)?;
    met.is(
        0,
        "`checkout.availability bad <= 2` is met: 8 good, 2 bad, 0 excluded",
        "✅",
    )?;
    let not_met = basket.run(typed, 10, 3)?;
    not_met.is(
        1,
        "`checkout.availability bad <= 2` is not met: 7 good, 3 bad, 0 excluded",
        "❌",
    )?;
    let failing = basket.run(typed, 1, 2)?;
    failing.is(101, "is not met: no event came", "❌")?;
    eprintln!("  cargo test with 2 bad passes, with 3 fails, and a failing test is what it was");

    let record = |file: &str, requests, bad| {
        basket.run(
            &format!("cargo slo dev --record {file} -- cargo test"),
            requests,
            bad,
        )
    };
    record("before.json", 200, 1)?.is(0, "", "")?;
    record("after.json", 200, 30)?.is(0, "", "")?;
    let compare = |before: &str, after: &str| {
        basket.finish(&format!("cargo slo dev --compare {before} {after}"))
    };
    let worse = compare("before.json", "after.json")?;
    worse.is(
        1,
        "worse: `requests/checkout.availability` has more bad events: 1 of 200 before, 30 of 200 now",
        "",
    )?;
    compare("before.json", "before.json")?.is(0, "nothing differs", "")?;
    eprintln!(
        "  --compare finds 30 bad of 200 where there was 1, and nothing in the same recording twice"
    );
    Ok(())
}

impl Basket<'_> {
    fn create(programs: &Programs) -> Result<Basket<'_>, String> {
        let folder = Folder::create("basket")?;
        let readme = project::section("axum")?;
        let manifest = project::one(&readme, "toml")?.replace("\"orders\"", "\"basket\"");
        let project = folder.project("basket")?;
        for (file, text) in [
            ("Cargo.toml", &*manifest),
            ("src/lib.rs", LIBRARY),
            ("tests/requests.rs", TEST),
        ] {
            let path = project.join(file);
            fs::create_dir_all(path.parent().unwrap_or(&project))
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| format!("{file}: {error}"))?;
        }
        Ok(Basket {
            folder,
            project,
            programs,
        })
    }

    /// Runs what was typed, with a test that makes so many requests.
    fn run(&self, typed: &str, requests: u32, bad: u32) -> Result<Run, String> {
        let summary = self.folder.path().join("summary.md");
        let _ = fs::remove_file(&summary);
        let mut command = shell(typed, self.programs, &self.project);
        command
            .env("REQUESTS", requests.to_string())
            .env("BAD", bad.to_string())
            .env("GITHUB_STEP_SUMMARY", &summary);
        let (status, told) = Session::start(&mut command)?.ended()?;
        Ok(Run {
            code: status.code(),
            told,
            summary: read(&summary),
        })
    }

    /// Runs what starts nothing.
    fn finish(&self, typed: &str) -> Result<Run, String> {
        let output = shell(typed, self.programs, &self.project)
            .output()
            .map_err(|error| format!("{typed}: {error}"))?;
        Ok(Run {
            code: output.status.code(),
            told: String::from_utf8_lossy(&output.stdout).into_owned(),
            summary: String::new(),
        })
    }
}

impl Run {
    /// Whether it ended with this code, told this, and GitHub shows this beside the same.
    fn is(&self, code: i32, told: &str, mark: &str) -> Outcome {
        let is_told = self.told.contains(told);
        let is_shown = mark.is_empty()
            || (self.summary.contains(mark) && self.summary.contains("checkout.availability"));
        match self.code == Some(code) && is_told && is_shown {
            true => Ok(()),
            false => Err(format!(
                "expected {code} and `{told}`, got {:?}:\n{}\nsummary:\n{}",
                self.code, self.told, self.summary
            )),
        }
    }
}

/// What is in a file; nothing if it is not there.
fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
