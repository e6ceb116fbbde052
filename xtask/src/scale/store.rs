//! A store that has thirty days of every SLO of a fleet.

use super::fleet;
use crate::loopback::request;
use std::{
    fmt::Write as _,
    io::{self, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

const HOUR: u64 = 3600;

/// The hours of the longest window.
const HOURS: u64 = 720;

/// How many hours ago the only bad events were.
const BAD_HOURS_AGO: u64 = 100;

/// Good events of an hour.
const GOOD: u64 = 100;

/// A store on the loopback interface; its thread ends with this program.
pub(super) struct Store {
    pub(super) url: String,
    work: Arc<Mutex<Work>>,
}

/// What it did so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Work {
    pub(super) questions: usize,
    /// From the end of a question to the start of its answer.
    pub(super) time: Duration,
}

impl Store {
    /// Starts one that has as many bad events of each SLO of so many services.
    pub(super) fn start(services: usize, bad: u64) -> io::Result<Store> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let work = Arc::new(Mutex::new(Work::default()));
        let done = Arc::clone(&work);
        let mut answers = Answers::new(services, bad);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever asked may have heard enough.
                let _ = answer(stream, &mut answers, &done);
            }
        });
        Ok(Store { url, work })
    }

    /// What it did since this was asked last.
    pub(super) fn work(&self) -> Work {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut work)
    }
}

fn answer(mut stream: TcpStream, answers: &mut Answers, done: &Mutex<Work>) -> io::Result<()> {
    let asked = request(&mut BufReader::new(stream.try_clone()?))?;
    let start = Instant::now();
    let asked = asked.replace("%3A", ":").replace("%28", "(");
    let body = answers.of(&asked);
    let mut work = done.lock().unwrap_or_else(PoisonError::into_inner);
    work.questions += 1;
    work.time += start.elapsed();
    drop(work);
    let length: usize = body.iter().map(|part| part.len()).sum();
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    body.iter()
        .try_for_each(|part| stream.write_all(part.as_bytes()))
}

/// What it answers.
struct Answers {
    slos: Vec<String>,
    bad: u64,
    /// The good and bad hours before an hour since 1970, which are long in the making.
    hours: (u64, [Arc<str>; 2]),
}

impl Answers {
    fn new(services: usize, bad: u64) -> Answers {
        Answers {
            slos: slos(services),
            bad,
            hours: (0, [Arc::from(""), Arc::from("")]),
        }
    }

    /// The answer to a question, in parts.
    fn of(&mut self, asked: &str) -> Vec<Arc<str>> {
        let time = asked.split("time=").nth(1).unwrap_or_default();
        let time = time.split(['&', '.', ' ']).next().unwrap_or_default();
        let time: u64 = time.trim().parse().unwrap_or_default();
        let is_about = |metric: &str| asked.contains(&format!("query={metric}"));
        match () {
            // 719 full hours, half of the oldest one, and the one that has begun.
            () if is_about("slo:events:sum_window") => {
                self.at(asked, time, (HOURS - 1) * GOOD + GOOD / 2 + 40, self.bad)
            }
            () if is_about("slo:events:count_this_hour") => self.at(asked, time, 40, 0),
            () if is_about("slo:events:count1h") => self.full_hours(asked, time / HOUR),
            () => vec![Arc::from(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}",
            )],
        }
    }

    /// The SLOs that a question names, by themselves or by their service; a store answers no others.
    fn named<'a>(&'a self, asked: &'a str) -> impl Iterator<Item = &'a String> {
        let names_any = asked.contains("service-");
        self.slos.iter().filter(move |slo| {
            let service = slo.split('/').next().unwrap_or_default();
            !names_any || asked.contains(service)
        })
    }

    fn at(&self, asked: &str, time: u64, good: u64, bad: u64) -> Vec<Arc<str>> {
        let value = |value: u64| Arc::from(format!("\"value\":[{time},\"{value}\"]"));
        self.matrix(asked, [value(good), value(bad)])
    }

    fn full_hours(&mut self, asked: &str, hour: u64) -> Vec<Arc<str>> {
        if self.hours.0 != hour {
            let values = |value: &dyn Fn(u64) -> u64| {
                let mut text = "\"values\":[".to_owned();
                for full in hour - HOURS..hour {
                    let moment = (full + 1) * HOUR + 20;
                    // Writing to a string does not fail.
                    let _ = write!(text, "[{moment},\"{}\"],", value(full));
                }
                text.pop();
                Arc::from(text + "]")
            };
            let bad = |full| match hour - full {
                BAD_HOURS_AGO => self.bad,
                _ => 0,
            };
            self.hours = (hour, [values(&|_| GOOD), values(&bad)]);
        }
        self.matrix(asked, self.hours.1.clone())
    }

    /// Good and bad series of every SLO.
    fn matrix(&self, asked: &str, [good, bad]: [Arc<str>; 2]) -> Vec<Arc<str>> {
        let mut parts = vec![Arc::from(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[",
        )];
        let mut comma = "";
        for slo in self.named(asked) {
            let service = slo.split('/').next().unwrap_or_default();
            for (outcome, values) in [("good", &good), ("bad", &bad)] {
                parts.push(Arc::from(format!(
                    "{comma}{{\"metric\":{{\"slo\":\"{slo}\",\"slo_outcome\":\"{outcome}\",\"job\":\"{service}\"}},"
                )));
                parts.push(Arc::clone(values));
                comma = "},";
            }
        }
        parts.push(Arc::from(if comma.is_empty() { "]}}" } else { "}]}}" }));
        parts
    }
}

/// The SLOs of a fleet.
fn slos(services: usize) -> Vec<String> {
    let of = |n: usize| {
        let service = fleet::service(n);
        (0..fleet::JOURNEYS).flat_map(move |journey| {
            let own = ["availability", "latency"].map(|sli| format!("journey-{journey}.{sli}"));
            let endpoints = (0..fleet::ENDPOINTS)
                .map(move |n| format!("journey-{journey}/endpoint-{journey}-{n}.availability"));
            let service = service.clone();
            let all = own.into_iter().chain(endpoints);
            all.map(move |slo| format!("{service}/{slo}"))
        })
    };
    (0..services).flat_map(of).collect()
}
