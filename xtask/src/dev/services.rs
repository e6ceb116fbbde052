//! Three services at once, with every fault, one killed and started again: every number on the page
//! is what the processes counted, and what their clients asked.

use super::{
    http,
    ledger::{Ask, Ledger},
    page::{self, Numbers},
    programs::Programs,
    session::{self, PATIENCE, Session},
};
use crate::Outcome;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// Two that the command starts, and one beside it.
const STARTED: [&str; 2] = ["orders", "payments"];
const BESIDE: &str = "stock";

/// Requests to each service before one is killed, and after that.
const REQUESTS: usize = 300;

/// Requests without an answer when it is killed.
const LOST: u64 = 3;

pub(super) fn run(programs: &Programs) -> Outcome {
    let seed = seed()?;
    let watched = programs.watched.display();
    let [first, second] = STARTED;
    let both = format!(
        "OTEL_SERVICE_NAME={first} {watched} & \
         OTEL_SERVICE_NAME={second} {watched} & wait"
    );
    let mut command = programs.dev();
    command.args(["--port", "0", "--window", "1h", "--", "sh", "-c", &both]);
    let mut session = Session::start(&mut command)?;
    let mut services = Vec::new();
    while services.len() < STARTED.len() {
        let line = session.wait_for_line("listening ", PATIENCE)?;
        if let Some((_, address)) = line.split_once("listening ") {
            let name = http::get(address, "/name")?.body;
            services.push((Ledger::new(&name), address.to_owned()));
        }
    }
    let (mut stock, address) = Beside::start(programs, &session.address)?;
    services.push((Ledger::new(BESIDE), address));

    let services = traffic(services, seed)?;
    let before = agreed(&session, &services, &BTreeMap::new())?;
    let (ledger, address) = &services[2];
    let waiting: Vec<_> = (0..LOST)
        .map(|_| http::open(address, "GET", "/hang", "text/plain", b""))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let place = format!("step.{BESIDE}.checkout.hang in flight");
    session.wait(
        |session| match page::numbers(&session.html()?)?.get(&place) {
            Some(&LOST) => Ok(()),
            other => Err(format!("{place}: {other:?}")),
        },
    )?;
    stock.kill();
    drop(waiting);
    let (_again, address) = Beside::start(programs, &session.address)?;
    let again = vec![
        services[0].clone(),
        services[1].clone(),
        (ledger.clone(), address),
    ];
    let services = traffic(again, seed + 1)?;
    let gone = before.into_iter().filter(|(place, _)| is_of(place, BESIDE));
    let found = agreed(&session, &services, &gone.collect())?;
    eprintln!(
        "  {} requests to 3 services, one killed and started again (seed {seed}): {} numbers on the page are \
         those of the processes and of the client",
        6 * REQUESTS,
        found.len()
    );
    Ok(())
}

/// `SEED`, or one that is always the same.
fn seed() -> Result<u64, String> {
    match env::var("SEED") {
        Ok(text) => text
            .parse()
            .map_err(|_| format!("SEED is `{text}`, no number")),
        Err(_) => Ok(1),
    }
}

/// Sends the same requests for the same seed, to all services at once.
fn traffic(services: Vec<(Ledger, String)>, seed: u64) -> Result<Vec<(Ledger, String)>, String> {
    let sending = services
        .into_iter()
        .enumerate()
        .map(|(n, (mut ledger, address))| {
            thread::spawn(move || {
                let mut random = Random(seed.wrapping_mul(1_000) + n as u64);
                for _ in 0..REQUESTS {
                    let ask = Ask::ALL[random.below(Ask::ALL.len())];
                    ledger.ask(&address, ask)?;
                }
                Ok((ledger, address))
            })
        });
    let sending: Vec<_> = sending.collect();
    let sent = sending.into_iter().map(|thread| {
        let ended = thread.join();
        ended.map_err(|_| "a client panicked".to_owned())?
    });
    sent.collect()
}

/// Waits until the page says what the processes counted, together with those that are gone; and holds
/// that against the books.
fn agreed(
    session: &Session,
    services: &[(Ledger, String)],
    gone: &Numbers,
) -> Result<Numbers, String> {
    let page = session.wait(|session| {
        let mut counted = gone.clone();
        for (ledger, address) in services {
            let snapshot = http::get(address, "/snapshot")?.body;
            let snapshot = serde_json::from_str(&snapshot).map_err(|error| error.to_string())?;
            add(&mut counted, ledger.service(), &snapshot);
        }
        let page = page::numbers(&session.html()?)?;
        let differences = differences(&page, &counted);
        match differences.is_empty() {
            true => Ok(page),
            false => Err(format!(
                "not what the processes counted:\n    {}",
                differences.join("\n    ")
            )),
        }
    })?;
    let mut found = Vec::new();
    for (ledger, _) in services {
        found.extend(ledger.differences(&page));
    }
    let view = session.view()?;
    if view["refused"]
        .as_array()
        .is_none_or(|refused| !refused.is_empty())
    {
        found.push(format!("refused: {}", view["refused"]));
    }
    match found.is_empty() {
        true => Ok(page),
        false => Err(format!(
            "not what the client asked:\n    {}",
            found.join("\n    ")
        )),
    }
}

/// Adds what a process counted, by the places on the page.
fn add(counted: &mut Numbers, service: &str, snapshot: &Value) {
    let mut sum = |place: String, count: &Value| {
        *counted.entry(place).or_default() += count.as_u64().unwrap_or_default();
    };
    for endpoint in snapshot["endpoints"].as_array().into_iter().flatten() {
        let text = |key: &str| endpoint[key].as_str().unwrap_or_default();
        let journey = format!("journey.{service}.{}", text("journey"));
        let step = format!("step.{service}.{}.{}", text("journey"), text("endpoint"));
        let results = endpoint["results"].as_object().into_iter().flatten();
        let mut ended = 0;
        for (result, count) in results {
            ended += count.as_u64().unwrap_or_default();
            sum(format!("{step} {result}"), count);
        }
        sum(format!("{step} in flight"), &endpoint["in_flight"]);
        for sli in endpoint["slis"].as_array().into_iter().flatten() {
            let name = sli["sli"].as_str().unwrap_or_default();
            let valid = ["good", "bad"].map(|key| sli[key].as_u64().unwrap_or_default());
            let excluded = Value::from(ended - valid.iter().sum::<u64>());
            for place in [&journey, &step] {
                sum(format!("{place} {name} Good"), &sli["good"]);
                sum(format!("{place} {name} Bad"), &sli["bad"]);
                sum(format!("{place} {name} Excluded"), &excluded);
            }
        }
    }
    for (route, outcomes) in snapshot["unannotated"].as_object().into_iter().flatten() {
        for (column, key) in [("Good", "good"), ("Bad", "bad"), ("Excluded", "excluded")] {
            sum(
                format!("unannotated.service.{service} {route} {column}"),
                &outcomes[key],
            );
        }
    }
}

/// Everything in which the page differs from what processes counted. What is zero need not be there.
fn differences(page: &Numbers, counted: &Numbers) -> Vec<String> {
    let places: std::collections::BTreeSet<_> = page.keys().chain(counted.keys()).collect();
    let of = |numbers: &Numbers, place: &String| numbers.get(place).copied().unwrap_or_default();
    let different = places
        .into_iter()
        .filter(|place| of(page, place) != of(counted, place));
    different
        .map(|place| {
            let (seen, is) = (of(page, place), of(counted, place));
            format!("{place}: {seen} on the page, counted {is}")
        })
        .collect()
}

/// Whether a place is of a service.
fn is_of(place: &str, service: &str) -> bool {
    place.split(['.', ' ']).nth(1) == Some(service)
        || place.contains(&format!("service.{service} "))
}

/// A service beside the command. It ends with this.
struct Beside(Child);

impl Beside {
    /// Starts one that exports to an address; returns where it listens as well.
    fn start(programs: &Programs, to: &str) -> Result<(Beside, String), String> {
        let mut command = Command::new(&programs.watched);
        super::plain(&mut command);
        let mut process = command
            .env("OTEL_SERVICE_NAME", BESIDE)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{to}"))
            .env("OTEL_METRIC_EXPORT_INTERVAL", "500")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", programs.watched.display()))?;
        let stdout = process.stdout.take();
        let beside = Beside(process);
        let mut line = String::new();
        if let Some(stdout) = stdout {
            let read = BufReader::new(stdout).read_line(&mut line);
            read.map_err(|error| error.to_string())?;
        }
        let address = line.trim().strip_prefix("listening ");
        let address = address
            .ok_or(format!("`{line}` is not an address"))?
            .to_owned();
        Ok((beside, address))
    }

    /// Ends it at once, whatever it does.
    fn kill(&mut self) {
        let _ = session::signal(self.0.id(), "KILL");
        let _ = self.0.wait();
        thread::sleep(Duration::from_millis(10));
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Numbers that a seed gives: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap_or_default()
    }
}
