//! From the start of a program under the command to the first request on the page.

use super::{
    http, page,
    programs::Programs,
    session::{PATIENCE, Session},
};
use crate::Outcome;
use std::{
    thread,
    time::{Duration, Instant},
};

const RUNS: usize = 7;
/// Longest median.
const MAX: Duration = Duration::from_secs(1);
/// Longest wait for a number in one run.
const MOST: Duration = Duration::from_secs(10);

pub(super) fn run(programs: &Programs) -> Outcome {
    let mut runs = (0..RUNS)
        .map(|_| first(programs))
        .collect::<Result<Vec<_>, _>>()?;
    runs.sort();
    let median = runs[RUNS / 2].total;
    let Run { page, listens, .. } = runs[RUNS / 2];
    eprintln!(
        "  the first request is on the page {median:.2?} after the start of the command (median of {RUNS}; {:.2?} to {:.2?}): \
         {page:.0?} until it listens, {listens:.0?} until the service does",
        runs[0].total,
        runs[RUNS - 1].total,
    );
    match median < MAX {
        true => Ok(()),
        false => Err(format!(
            "the first request is on the page after {median:?}, not {MAX:?}"
        )),
    }
}

/// When what was so, since the start of the command.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    /// The number was on the page.
    total: Duration,
    /// The page could be opened.
    page: Duration,
    /// The service listened.
    listens: Duration,
}

fn first(programs: &Programs) -> Result<Run, String> {
    let began = Instant::now();
    let mut command = programs.dev();
    command.args(["--port", "0", "--"]).arg(&programs.watched);
    let mut session = Session::start(&mut command)?;
    let page = began.elapsed();
    let line = session.wait_for_line("listening ", PATIENCE)?;
    let listens = began.elapsed();
    let address = line
        .split_once("listening ")
        .map_or("", |(_, address)| address);
    http::get(address, "/answers/200")?;
    loop {
        let numbers = page::numbers(&session.html()?)?;
        let place = "step.watched.checkout.answer availability Good";
        if numbers.get(place) == Some(&1) {
            return Ok(Run {
                total: began.elapsed(),
                page,
                listens,
            });
        }
        if began.elapsed() > MOST {
            return Err(format!("a request is not on the page after {MOST:?}"));
        }
        thread::sleep(Duration::from_millis(5));
    }
}
