//! What a layer takes from the throughput of a server over real sockets: axum on the loopback
//! interface, hyper's clients on connections that stay, over HTTP/1.1 and HTTP/2.
//!
//! Two handlers are served: one that does nothing, which shows the most that a layer can take, and
//! one that does the least that a service's does (`slo_benches::orders`).
//!
//! A server has a thread of its own and its clients another. The servers are measured in turns,
//! and each is compared with the one without a layer in the same round; a second one without a
//! layer shows what the machine alone makes of a comparison. `-- --rounds N` says how often.

mod client;
mod server;
mod workload;

use client::{CONCURRENT, Clients, Protocol, Round};
use slo_benches::measure::Spread;
use std::{env, error::Error, process::ExitCode, time::Duration};
use tokio::runtime::Builder;
use workload::Workload;

const ROUNDS: usize = 201;
/// How long one server is measured in a round.
const TURN: Duration = Duration::from_millis(30);
/// What a layer may leave of the throughput.
const BOUND: f64 = 0.99;

/// The names of the servers; the others are compared with the first one.
const NAMES: [&str; 5] = [
    "no layer",
    "no layer, once more",
    "by hand with the same counts, in `Router::layer`",
    "`SloLayer`, in `Router::layer`",
    "`SloLayer`, around the `Router`",
];
/// Those that the bound is for.
const OURS: [usize; 2] = [3, 4];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error + Send + Sync>> {
    let rounds = rounds()?;
    for workload in Workload::ALL {
        measure(workload, rounds)?;
    }
    Ok(())
}

fn measure(workload: Workload, rounds: usize) -> Result<(), Box<dyn Error + Send + Sync>> {
    let servers = workload.servers()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut answered = [0; NAMES.len()];
    for protocol in Protocol::ALL {
        let mut clients = Vec::new();
        for server in &servers {
            let connected = Clients::connect(protocol, server.address, workload.question());
            clients.push(runtime.block_on(connected)?);
        }
        let mut measured: [Vec<Measured>; NAMES.len()] = Default::default();
        // The first round warms up.
        for round in 0..=rounds {
            for at in order(round) {
                let before = servers[at].processor_time();
                let sent = runtime.block_on(clients[at].send(TURN))?;
                let after = servers[at].processor_time();
                answered[at] += sent.latencies.len() as u64;
                if round > 0 {
                    let processor = after.zip(before).map(|(after, before)| after - before);
                    measured[at].push(Measured::new(sent, processor));
                }
            }
        }
        print(workload, protocol, &measured);
    }
    check_counts(workload, &answered);
    Ok(())
}

fn rounds() -> Result<usize, String> {
    let mut arguments = env::args().skip_while(|argument| argument != "--rounds");
    match (arguments.next(), arguments.next()) {
        (None, _) => Ok(ROUNDS),
        (Some(_), number) => number
            .and_then(|number| number.parse().ok())
            .filter(|rounds| *rounds > 0)
            .ok_or_else(|| "usage: --rounds N, a number from 1 on".to_owned()),
    }
}

/// The places of all servers: each comes first as often as the others, and has other neighbours
/// from round to round.
fn order(round: usize) -> [usize; NAMES.len()] {
    let stride = 1 + round % (NAMES.len() - 1);
    // The number of servers is prime, so every stride meets all of them.
    std::array::from_fn(|place| (round + place * stride) % NAMES.len())
}

/// One server in one round.
#[derive(Clone, Copy, Debug)]
struct Measured {
    requests_per_second: f64,
    p99: Duration,
    /// Processor time of the server for one request.
    processor: Option<Duration>,
}

impl Measured {
    fn new(mut round: Round, processor: Option<Duration>) -> Measured {
        round.latencies.sort_unstable();
        let requests = round.latencies.len();
        let p99 = round.latencies.get(requests * 99 / 100);
        Measured {
            requests_per_second: requests as f64 / round.took.as_secs_f64(),
            p99: p99.copied().unwrap_or_default(),
            processor: processor.map(|time| time.div_f64(requests.max(1) as f64)),
        }
    }
}

/// A layer that is fast because it does nothing would be found out here.
fn check_counts(workload: Workload, answered: &[u64; NAMES.len()]) {
    let snapshot = slo_sdk::snapshot();
    for (at, endpoint) in OURS.into_iter().zip(workload.endpoints()) {
        let counted = snapshot
            .endpoint(endpoint)
            .map(slo_sdk::EndpointCounts::ended);
        assert_eq!(counted, Some(answered[at]), "{endpoint} did not count all");
    }
}

#[expect(clippy::print_stdout, reason = "its output")]
fn print(workload: Workload, protocol: Protocol, measured: &[Vec<Measured>; NAMES.len()]) {
    let none = &measured[0];
    let median = |value: fn(&Measured) -> f64| {
        Spread::from_values(none.iter().map(value)).map_or(f64::NAN, |spread| spread.median)
    };
    println!(
        "{}, {}, {CONCURRENT} requests at a time: {:.0} requests a second without a layer, p99 {:.0} µs, \
         {:.2} µs of the server's processor time for each\n",
        workload.name(),
        protocol.name(),
        median(|one| one.requests_per_second),
        median(|one| one.p99.as_secs_f64() * 1e6),
        median(processor) / 1e3,
    );
    println!(
        "| against no layer in the same round | requests a second (range) | p99 (range) | \
         processor time (range) | added ns of it |\n| --- | --- | --- | --- | --- |"
    );
    for (name, mine) in NAMES.iter().zip(measured).skip(1) {
        let ratio = |value: fn(&Measured) -> f64| {
            Spread::from_values(mine.iter().zip(none).map(|(a, b)| value(a) / value(b)))
        };
        let added = Spread::from_values(
            mine.iter()
                .zip(none)
                .map(|(a, b)| processor(a) - processor(b)),
        );
        println!(
            "| {name} | {} | {} | {} | {:.0} |",
            shown(ratio(|one| one.requests_per_second)),
            shown(ratio(|one| one.p99.as_secs_f64())),
            shown(ratio(processor)),
            added.map_or(f64::NAN, |spread| spread.median),
        );
    }
    println!("\n| throughput, median | bound | measured | |\n| --- | --- | --- | --- |");
    for at in OURS {
        let ratios = measured[at].iter().zip(none);
        let ratios = ratios.map(|(a, b)| a.requests_per_second / b.requests_per_second);
        let median = Spread::from_values(ratios).map_or(f64::NAN, |spread| spread.median);
        let verdict = if median >= BOUND { "met" } else { "missed" };
        println!("| {} | {BOUND} | {median:.3} | {verdict} |", NAMES[at]);
    }
    println!();
}

/// Nanoseconds; not a number where no kernel tells.
fn processor(one: &Measured) -> f64 {
    one.processor
        .map_or(f64::NAN, |time| time.as_secs_f64() * 1e9)
}

fn shown(spread: Option<Spread>) -> String {
    spread.map_or("–".to_owned(), |Spread { median, low, high }| {
        format!("{median:.3} ({low:.2}–{high:.2})")
    })
}
