//! An hour of traffic: memory stays flat, the page answers at once, windows roll, and no event is lost.

use super::{
    fleet::{BAD_EVERY, EACH_SECOND, Process, STEPS},
    http,
    programs::Programs,
    session::{PATIENCE, Session},
};
use crate::Outcome;
use serde_json::Value;
use std::{
    thread,
    time::{Duration, Instant},
};

const MINUTES: u64 = 60;
/// Minutes until everything that is kept has its size: a window, and as many processes that ended as
/// there is room for.
const WARM_UP: u64 = 10;
/// Endpoints of each service that is made up, with nine series each.
const ENDPOINTS: usize = 200;
/// Seconds after which one of those processes is another.
const LIFE: u64 = 15;
/// What stands for 30 days, in seconds: the default of the command.
const WINDOW: u64 = 600;
/// The second in which many events are bad at once, and how many.
const BURST: (u64, u64) = (90, 5_000);
/// Most that the memory may grow in an hour, as a line through the samples says, in KiB. A hundred
/// bytes that stay of each export would be more than this: four processes export twice a second.
const MAX_GROWTH_KIB: f64 = 2_048.0;
/// Longest median of the time that the page takes, which has 400 endpoints and no optimised code.
const MAX_PAGE: Duration = Duration::from_millis(500);

/// What was seen at the end of a minute.
struct Sample {
    minute: u64,
    kib: u64,
    /// How long the page took.
    page: Duration,
}

/// Runs for an hour, or for as many minutes as are given.
pub(super) fn run(programs: &Programs, minutes: Option<u64>) -> Outcome {
    let minutes = minutes.unwrap_or(MINUTES);
    let watched = programs.watched.display();
    let both =
        format!("OTEL_SERVICE_NAME=cart {watched} & OTEL_SERVICE_NAME=catalogue {watched} & wait");
    let mut command = programs.dev();
    command.args(["--port", "0", "--", "sh", "-c", &both]);
    let mut session = Session::start(&mut command)?;
    let mut real = Vec::new();
    while real.len() < 2 {
        let line = session.wait_for_line("listening ", PATIENCE)?;
        real.extend(
            line.split_once("listening ")
                .map(|(_, address)| address.to_owned()),
        );
    }
    let mut fleet = Fleet::start();
    let mut samples = Vec::new();
    let began = Instant::now();
    for second in 1..=minutes * 60 {
        let due = began + Duration::from_secs(second);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let burst = if second == BURST.0 { BURST.1 } else { 0 };
        fleet.tick(&session.address, second, burst)?;
        for address in &real {
            for (path, status) in [
                ("/answers/200", 200),
                ("/answers/503", 503),
                ("/slow/0", 200),
            ] {
                let answer = http::get(address, path)?;
                if answer.status != status {
                    return Err(format!("{path} is answered with {}", answer.status));
                }
            }
        }
        if second % 60 == 0 {
            samples.push(sample(&session, &fleet, second)?);
        }
    }
    fleet.is_seen(&session)?;
    session.wait(|session| is_seen_of(session, minutes * 60))?;
    judge(&samples, minutes)
}

/// Two services that are made up, and what those counted whose processes are gone.
struct Fleet {
    services: [(&'static str, Process, u64, u64); 2],
}

impl Fleet {
    fn start() -> Fleet {
        let start = |name| (name, Process::start(name, "0", ENDPOINTS), 0, 0);
        Fleet {
            services: ["large-a", "large-b"].map(start),
        }
    }

    /// Counts a second and exports; now and then a process takes the place of another.
    fn tick(&mut self, address: &str, second: u64, burst: u64) -> Outcome {
        let all = self.services.iter_mut().enumerate();
        for (at, (name, process, good, bad)) in all {
            process.tick(if at == 0 { burst } else { 0 });
            for (path, body) in [
                ("/v1/metrics", process.metrics()),
                ("/v1/logs", process.logs()),
            ] {
                let answer = http::send(address, "POST", path, "application/x-protobuf", &body)?;
                if answer.status != 200 || !answer.body.is_empty() {
                    return Err(format!("{path}: {} {:?}", answer.status, answer.body));
                }
            }
            if second % (2 * LIFE) == at as u64 * LIFE {
                let (more_good, more_bad) = process.of_first();
                *good += more_good;
                *bad += more_bad;
                *process = Process::start(name, &second.to_string(), ENDPOINTS);
            }
        }
        Ok(())
    }

    /// Whether the counts of the first endpoints are what was counted.
    fn is_seen(&self, session: &Session) -> Outcome {
        let view = session.view()?;
        for (name, process, good, bad) in &self.services {
            let (more_good, more_bad) = process.of_first();
            let expected = [good + more_good, bad + more_bad];
            let found = counts(&view, name, "endpoint-0");
            if found != Some(expected) {
                return Err(format!("{name}: counted {expected:?}, seen {found:?}"));
            }
        }
        Ok(())
    }
}

/// Whether the real services have what they were asked.
fn is_seen_of(session: &Session, seconds: u64) -> Outcome {
    let view = session.view()?;
    for name in ["cart", "catalogue"] {
        let found = counts(&view, name, "answer");
        if found != Some([seconds, seconds]) {
            return Err(format!("{name}: asked {seconds} of each, seen {found:?}"));
        }
    }
    Ok(())
}

fn sample(session: &Session, fleet: &Fleet, second: u64) -> Result<Sample, String> {
    fleet.is_seen(session)?;
    let view = session.view()?;
    let refused = view["refused"].as_array().map_or(0, Vec::len);
    let services = view["services"].as_array().into_iter().flatten();
    let overflow: u64 = services
        .filter_map(|service| service["overflow"].as_u64())
        .sum();
    if refused > 0 || overflow > 0 {
        return Err(format!(
            "{overflow} series beyond the bound; refused: {}",
            view["refused"]
        ));
    }
    let within = within(&view).ok_or("the SLO of journey-0 is not seen")?;
    rolls(second, within)?;
    let mut took = Vec::new();
    let mut page_kib = 0;
    for _ in 0..5 {
        let began = Instant::now();
        page_kib = session.html()?.len() >> 10;
        took.push(began.elapsed());
    }
    took.sort();
    let (median, kib) = (took[took.len() / 2], session.resident_kib()?);
    eprintln!(
        "  minute {:>2}: {:.1} MiB, page of {page_kib} KiB in {median:.1?}, within the window {within:?}",
        second / 60,
        kib as f64 / 1024.0,
    );
    Ok(Sample {
        minute: second / 60,
        kib,
        page: median,
    })
}

/// Good and bad events of an endpoint for availability.
fn counts(view: &Value, service: &str, endpoint: &str) -> Option<[u64; 2]> {
    let named = |of: &'static str, name: &str| {
        let name = name.to_owned();
        move |value: &&Value| value[of] == name.as_str()
    };
    let service = view["services"]
        .as_array()?
        .iter()
        .find(named("name", service))?;
    let journeys = service["journeys"].as_array()?.iter();
    let mut steps = journeys
        .filter_map(|journey| journey["steps"].as_array())
        .flatten();
    let step = steps.find(named("name", endpoint))?;
    let sli = step["slis"]
        .as_array()?
        .iter()
        .find(named("sli", "availability"))?;
    Some([sli["good"].as_u64()?, sli["bad"].as_u64()?])
}

/// Good and bad events within the window of the SLO that has the burst.
fn within(view: &Value) -> Option<[u64; 2]> {
    let services = view["services"].as_array()?.iter();
    let journeys = services
        .filter_map(|service| service["journeys"].as_array())
        .flatten();
    let mut slos = journeys
        .filter_map(|journey| journey["slos"].as_array())
        .flatten();
    let slo = slos.find(|slo| slo["id"] == "large-a/journey-0.availability")?;
    Some([slo["within"][0].as_u64()?, slo["within"][1].as_u64()?])
}

/// Whether the window holds what happened within it, and no more.
fn rolls(second: u64, [good, bad]: [u64; 2]) -> Outcome {
    let seconds = second.min(WINDOW);
    let usual_bad = STEPS * seconds / BAD_EVERY;
    let usual_good = STEPS * seconds * EACH_SECOND - usual_bad;
    // A second at either end may be in or out, and a process takes the place of another.
    let margin = usual_good / 50 + 2 * STEPS * EACH_SECOND;
    let with_burst = match second {
        second if second < BURST.0 + WINDOW - 5 && second > BURST.0 => BURST.1,
        _ => 0,
    };
    let is_right =
        good.abs_diff(usual_good) <= margin && bad.abs_diff(usual_bad + with_burst) <= margin;
    match is_right {
        true => Ok(()),
        false => Err(format!(
            "after {second} s, the window holds {good} good and {bad} bad"
        )),
    }
}

/// Holds memory and times against their bounds.
fn judge(samples: &[Sample], minutes: u64) -> Outcome {
    let late: Vec<_> = samples
        .iter()
        .filter(|sample| sample.minute > WARM_UP)
        .collect();
    if late.len() < 3 {
        eprintln!("  {minutes} minutes are too short to judge the memory");
        return Ok(());
    }
    let growth = growth(&late);
    let [least, most] = [
        late.iter().min_by_key(|s| s.kib),
        late.iter().max_by_key(|s| s.kib),
    ]
    .map(|sample| sample.map_or(0.0, |sample| sample.kib as f64 / 1024.0));
    eprintln!(
        "  {minutes} minutes: {least:.1} to {most:.1} MiB after the first {WARM_UP}, \
         {growth:+.0} KiB an hour"
    );
    let mut pages: Vec<_> = late.iter().map(|sample| sample.page).collect();
    pages.sort();
    let page = pages[pages.len() / 2];
    eprintln!(
        "  the page took {page:.0?}, {:.0?} at worst",
        pages[pages.len() - 1]
    );
    if page > MAX_PAGE {
        return Err(format!("the page takes {page:?}"));
    }
    match growth < MAX_GROWTH_KIB {
        true => Ok(()),
        false => Err(format!("memory grows by {growth:.0} KiB an hour")),
    }
}

/// The slope of the line through the samples, in KiB an hour.
fn growth(samples: &[&Sample]) -> f64 {
    let n = samples.len() as f64;
    let mean = |of: fn(&Sample) -> u64| samples.iter().map(|s| of(s) as f64).sum::<f64>() / n;
    let (minute, kib) = (mean(|s| s.minute), mean(|s| s.kib));
    let (mut together, mut alone) = (0.0, 0.0);
    for sample in samples {
        let distance = sample.minute as f64 - minute;
        together += distance * (sample.kib as f64 - kib);
        alone += distance * distance;
    }
    60.0 * together / alone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_of_a_line() {
        let samples = [(11, 5_000), (12, 5_010), (13, 5_020)].map(|(minute, kib)| Sample {
            minute,
            kib,
            page: Duration::ZERO,
        });
        let samples: Vec<_> = samples.iter().collect();
        assert!((growth(&samples) - 600.0).abs() < 1e-6);
    }

    #[test]
    fn windows_that_stand_still_are_found() {
        assert_eq!(rolls(180, [5_220, 5_180]), Ok(()));
        assert_eq!(rolls(900, [17_400, 600]), Ok(()));
        assert!(rolls(180, [5_220, 180]).is_err());
        assert!(rolls(900, [17_400, 5_600]).is_err());
        assert!(rolls(900, [26_100, 900]).is_err());
    }
}
