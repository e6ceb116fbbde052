//! A newcomer's five minutes: an empty folder, `cargo new`, what the README says to paste and to
//! type, three requests, and their numbers on the page.

use super::{
    folder::{Folder, shell},
    http, page,
    programs::Programs,
    session::Session,
};
use crate::{Outcome, readme::project};
use std::{
    fs,
    net::TcpStream,
    path::PathBuf,
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
    let folder = Folder::create("newcomer")?;
    let made = pasted(&folder)?;
    let typed = project::commands("What is counted, while it runs")?;
    let typed = typed.first().ok_or("the README shows no command")?;
    eprintln!("  $ {typed}");
    let mut session = Session::start(&mut shell(typed, programs, &made))?;
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
    let made = folder.project("orders")?;
    for (file, kind) in [("Cargo.toml", "toml"), ("src/main.rs", "rust,no_run")] {
        let text = project::one(&text, kind)?;
        fs::write(made.join(file), text).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(made)
}
