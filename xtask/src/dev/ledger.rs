//! What a client asked of a service, and what the page has to say of it.
//!
//! The rules of the project are written down here once more, on purpose: comparing counts with the
//! table that made them would prove nothing.

use super::{http, page::Numbers};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Least and most of what a number may be: a client can't tell whether an answer was late that took
/// about as long as the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Range {
    fn add(&mut self, share: Share) {
        self.least += u64::from(share == Share::All);
        self.most += u64::from(share != Share::None);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Share {
    None,
    Perhaps,
    All,
}

/// Something to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Good,
    NotFound,
    Fails,
    Fast,
    Slow,
    Panics,
    Stale,
    GivenUp,
    Plain,
    PlainFails,
    Nowhere,
}

impl Ask {
    pub(super) const ALL: [Ask; 11] = [
        Ask::Good,
        Ask::NotFound,
        Ask::Fails,
        Ask::Fast,
        Ask::Slow,
        Ask::Panics,
        Ask::Stale,
        Ask::GivenUp,
        Ask::Plain,
        Ask::PlainFails,
        Ask::Nowhere,
    ];

    fn path(self) -> &'static str {
        match self {
            Ask::Good => "/answers/200",
            Ask::NotFound => "/answers/404",
            Ask::Fails => "/answers/503",
            Ask::Fast => "/slow/0",
            Ask::Slow => "/slow/80",
            Ask::Panics => "/panic",
            Ask::Stale => "/stale",
            Ask::GivenUp => "/hang",
            Ask::Plain => "/plain",
            Ask::PlainFails => "/plain/500",
            Ask::Nowhere => "/nowhere",
        }
    }

    /// The step, how it ends, and the threshold of its latency.
    fn step(self) -> Option<(&'static str, &'static str, Duration)> {
        let millis = Duration::from_millis;
        match self {
            Ask::Good => Some(("answer", "ok", millis(100))),
            Ask::NotFound => Some(("answer", "client_error", millis(100))),
            Ask::Fails => Some(("answer", "server_error", millis(100))),
            Ask::Fast | Ask::Slow => Some(("slow", "ok", millis(50))),
            Ask::Panics => Some(("panics", "panicked", millis(100))),
            Ask::Stale => Some(("stale", "marked_bad", millis(100))),
            // A client that gives up in time.
            Ask::GivenUp => Some(("hang", "cancelled", millis(5_000))),
            Ask::Plain | Ask::PlainFails | Ask::Nowhere => None,
        }
    }

    /// Asks, and returns how long it took at most.
    fn send(self, address: &str) -> Result<Duration, String> {
        let began = Instant::now();
        let path = self.path();
        let expected = match self {
            Ask::GivenUp => {
                let open = http::open(address, "GET", path, "text/plain", b"");
                let open = open.map_err(|error| format!("{path}: {error}"))?;
                std::thread::sleep(Duration::from_millis(30));
                drop(open);
                return Ok(began.elapsed());
            }
            // The connection ends without an answer.
            Ask::Panics => {
                return match http::get(address, path) {
                    Err(_) => Ok(began.elapsed()),
                    Ok(answer) => Err(format!("{path} is answered with {}", answer.status)),
                };
            }
            Ask::NotFound | Ask::Nowhere => 404,
            Ask::Fails => 503,
            Ask::PlainFails => 500,
            _ => 200,
        };
        let answer = http::get(address, path)?;
        match answer.status == expected {
            true => Ok(began.elapsed()),
            false => Err(format!("{path} is answered with {}", answer.status)),
        }
    }
}

/// The books about one service.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    numbers: BTreeMap<String, Range>,
    service: String,
}

const JOURNEY: &str = "checkout";

impl Ledger {
    pub(super) fn new(service: &str) -> Ledger {
        Ledger {
            numbers: BTreeMap::new(),
            service: service.to_owned(),
        }
    }

    pub(super) fn service(&self) -> &str {
        &self.service
    }

    /// Asks a service, and enters what has to be counted.
    pub(super) fn ask(&mut self, address: &str, ask: Ask) -> Result<(), String> {
        let took = ask.send(address)?;
        self.enter(ask, took);
        Ok(())
    }

    fn enter(&mut self, ask: Ask, took: Duration) {
        let service = self.service.clone();
        let Some((step, result, threshold)) = ask.step() else {
            let (route, outcome) = match ask {
                Ask::Plain => ("/plain", "Good"),
                Ask::PlainFails => ("/plain/{status}", "Bad"),
                _ => ("_unmatched", "Excluded"),
            };
            for column in ["Good", "Bad", "Excluded"] {
                let share = if column == outcome {
                    Share::All
                } else {
                    Share::None
                };
                self.add(
                    &format!("unannotated.service.{service} {route} {column}"),
                    share,
                );
            }
            return;
        };
        let place = format!("step.{service}.{JOURNEY}.{step}");
        self.add(&format!("{place} {result}"), Share::All);
        let [good, bad, excluded] = match result {
            "ok" => [Share::All, Share::None, Share::None],
            "server_error" | "panicked" | "marked_bad" => [Share::None, Share::All, Share::None],
            _ => [Share::None, Share::None, Share::All],
        };
        self.judge(step, "availability", [good, bad, excluded]);
        // It waits for longer than its threshold; all others are as fast as the machine is.
        let late = match ask {
            Ask::Slow => Share::All,
            _ if took < threshold => Share::None,
            _ => Share::Perhaps,
        };
        let shares = match (result, late) {
            ("ok", Share::All) => [Share::None, Share::All, Share::None],
            ("ok", Share::Perhaps) => [Share::Perhaps, Share::Perhaps, Share::None],
            ("ok", Share::None) => [Share::All, Share::None, Share::None],
            // Marked: for all SLIs.
            ("marked_bad", _) => [Share::None, Share::All, Share::None],
            _ => [Share::None, Share::None, Share::All],
        };
        self.judge(step, "latency", shares);
    }

    /// Enters what an SLI of a step, and of its journey, counts.
    fn judge(&mut self, step: &str, sli: &str, shares: [Share; 3]) {
        let service = self.service.clone();
        for place in [
            format!("step.{service}.{JOURNEY}.{step}"),
            format!("journey.{service}.{JOURNEY}"),
        ] {
            for (column, share) in ["Good", "Bad", "Excluded"].into_iter().zip(shares) {
                self.add(&format!("{place} {sli} {column}"), share);
            }
        }
    }

    fn add(&mut self, place: &str, share: Share) {
        self.numbers.entry(place.to_owned()).or_default().add(share);
    }

    /// Everything in which a page differs from the books. Steps that were not asked for count zero.
    pub(super) fn differences(&self, page: &Numbers) -> Vec<String> {
        let of_service = |place: &str| {
            let mut parts = place.split(['.', ' ']);
            parts.any(|part| part == self.service)
        };
        let mut found = Vec::new();
        for (place, range) in &self.numbers {
            let shown = page.get(place).copied().unwrap_or_default();
            if !(range.least..=range.most).contains(&shown) {
                found.push(format!("{place}: asked {range:?}, on the page {shown}"));
            }
        }
        for (place, shown) in page {
            if *shown > 0 && of_service(place) && !self.numbers.contains_key(place) {
                found.push(format!("{place}: nothing asked, on the page {shown}"));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_found() {
        let mut ledger = Ledger::new("orders");
        ledger.enter(Ask::Good, Duration::from_millis(1));
        ledger.enter(Ask::Good, Duration::from_millis(150));
        let step = "step.orders.checkout.answer";
        let journey = "journey.orders.checkout";
        let page = |good: u64, late: u64| {
            let of = |place: &str| {
                [
                    (format!("{place} availability Good"), good),
                    (format!("{place} latency Good"), good - late),
                    (format!("{place} latency Bad"), late),
                ]
            };
            let mut page: Numbers = [of(step), of(journey)].into_iter().flatten().collect();
            page.insert(format!("{step} ok"), good);
            page
        };
        assert_eq!(ledger.differences(&page(2, 0)), [""; 0]);
        assert_eq!(ledger.differences(&page(2, 1)), [""; 0]);
        assert_ne!(ledger.differences(&page(2, 2)), [""; 0]);
        assert_ne!(ledger.differences(&page(3, 1)), [""; 0]);
        assert_ne!(ledger.differences(&page(1, 0)), [""; 0]);
        let mut more = page(2, 0);
        more.insert("service.orders Events lost".to_owned(), 1);
        assert_ne!(ledger.differences(&more), [""; 0]);
        more.insert("service.orders Events lost".to_owned(), 0);
        more.insert("service.payments Events lost".to_owned(), 1);
        assert_eq!(ledger.differences(&more), [""; 0]);
    }
}
