//! The example shop as it is deployed, followed to what people are told.
//!
//! Payments, orders, two processes of the gateway and the job that settles export to the official Collector, which sends to a
//! Prometheus with the generated rules, is scraped by another, and fills a VictoriaMetrics with vmalert; a
//! second shop exports straight to a third Prometheus. Clients and the job write down what each service owes
//! its SLOs. Then, one after the other:
//!
//! - The cache of payments dies for a moment, and half of a latency budget is spent: `status --explain` of
//!   the gateway names orders, that of orders names payments, and no alert woke anybody.
//! - The job runs and fails now and then, and is killed in the midst of a run. No other takes its place for
//!   longer than it may stay away: one ticket says so, and `status` that an end was unclean.
//! - The Collector and the stores are restarted while requests go on.
//! - A consumer asks one process of the gateway for too much: one page comes to a receiver of a real
//!   Alertmanager, and nothing else, and `status --explain` names consumer and process.
//! - That process is killed. What it had not exported is lost, exactly that.
//! - The page is resolved, and once the job runs again, so is the ticket.
//!
//! At the start and at the end, `cargo slo status` has for every SLO what the ledger has, at each store: to
//! the event where the client can know it, and within what it can't.
//!
//! `cargo xtask interop shop` takes real minutes, some ten. In `shop-quick` a minute passes in five
//! seconds, and VictoriaMetrics, whose stages are parts of a real one, doesn't play.

mod alerts;
mod budgets;
mod client;
mod ledger;
mod programs;
mod services;
mod settlement;
mod stores;
mod stories;
mod traffic;

use super::parts::pace::Pace;
use crate::Outcome;
use budgets::Budgets;
use ledger::{Ask, BySlo, Events};
use programs::Programs;
use services::{PODS, Shop};
use settlement::Fault;
use std::{
    net::SocketAddr,
    thread::sleep,
    time::{Duration, Instant},
};
use stores::{Stores, VictoriaMetrics};
use traffic::Traffic;

/// The only page.
const PAGE: &str = "page: SloErrorBudgetBurn shop-gateway/checkout.availability";

/// The only ticket.
const MISSED: &str = "ticket: SloRunMissed shop-settlement";

/// How long the job may stay away before it is told, in minutes: its interval, and three more.
const MISSED_AFTER: f64 = 8.0;

/// Runs of the job that succeed at first, and then fail: the budget is 1 %, so one more may.
const RUNS: (u64, u64) = (300, 2);

/// Runs of each process of the job after the first.
const RUNS_AFTER: u64 = 5;

/// Who asks for too much, and for how many checkouts.
const NOISY: (&str, u64) = ("reports", 500);

/// Requests to a process that is killed at once.
const CUT_OFF: u64 = 30;

/// In real minutes.
pub(super) fn run() -> Outcome {
    play("shop", Pace::REAL)
}

/// A minute in five seconds.
pub(super) fn quick() -> Outcome {
    play("shop-quick", Pace::minute_in_seconds(5))
}

fn play(folder: &str, pace: Pace) -> Outcome {
    let programs = Programs::build(folder, pace)?;
    let started = Instant::now();
    let stores = Stores::start(&programs, pace)?;
    let interval = pace.minutes(0.2);
    let start = |namespace, endpoint| Shop::start(&programs, namespace, endpoint, interval);
    let shop = start("shop", format!("http://{}", stores.collector.address()))?;
    let straight = start(
        "straight",
        format!("http://{}/api/v1/otlp", stores.straight.address()),
    )?;
    let played = Play {
        programs: &programs,
        stores: &stores,
        pace,
        shop: Traffic::new(&shop),
        straight: Traffic::new(&straight),
        lost: BySlo::new(),
        started,
    };
    played.play()
}

/// What is on stage.
struct Play<'a> {
    programs: &'a Programs,
    stores: &'a Stores,
    pace: Pace,
    shop: Traffic<'a>,
    straight: Traffic<'a>,
    /// What a killed process had not exported.
    lost: BySlo,
    started: Instant,
}

impl Play<'_> {
    fn play(mut self) -> Outcome {
        self.act("requests, straight and through the Collector, and a dead cache");
        self.straight.go_on(Duration::from_secs(5))?;
        self.straight.settle(RUNS.0, RUNS.1)?;
        self.shop.go_on(Duration::from_secs(20))?;
        self.shop.go_on(self.pace.minutes(0.7))?;
        let slow = self.half_a_budget();
        self.shop.through_a_dead_cache(slow)?;
        self.shop.settle(RUNS.0, RUNS.1)?;
        self.agree()?;
        let straight = self.straight.ledger().slos.clone();
        self.budgets("straight to Prometheus", self.stores.straight.address())
            .awaited(&straight)?;
        stories::dead_cache(&self.first(), slow)?;
        if let Some(store) = &self.stores.victoriametrics {
            stories::dead_cache(&self.victoriametrics(store), slow)?;
        }
        self.keep(
            &self.first(),
            &["--explain", "shop-gateway/checkout.latency"],
        )?;
        self.nobody_was_told()?;

        self.act("the job is replaced, and killed in the midst of a run");
        self.kill_job()?;

        self.act("restarts of the Collector and the stores");
        self.shop.during(|| self.restarts())?;

        self.act("a noisy neighbour");
        let (consumer, requests) = NOISY;
        self.shop
            .during(|| self.shop.surge(consumer, Ask::Checkout, requests))?;
        let patience = self.patience();
        let told = self.stores.alerts.awaited(PAGE, "firing", patience)?;
        let ended = Instant::now();
        eprintln!("    paged {:.0} s after the end of it", told.as_secs_f64());
        let ledger = self.shop.ledger().clone();
        self.first().awaited(&ledger.slos)?;
        stories::noisy_neighbour(&self.first(), &ledger, consumer)?;
        self.keep(&self.first(), &[])?;
        self.keep(
            &self.first(),
            &["--explain", "shop-gateway/checkout.availability"],
        )?;

        self.act("a process of the gateway is killed");
        self.kill()?;
        self.shop.shop.restart()?;

        self.act("another in its place, and the page is resolved");
        self.shop.go_on(self.pace.minutes(0.5))?;
        self.stores.alerts.awaited(PAGE, "resolved", patience)?;
        let took = ended.elapsed().as_secs_f64();
        eprintln!("    resolved {took:.0} s after the page");

        self.act("the job was missed, and runs again");
        let patience = patience + self.pace.minutes(MISSED_AFTER);
        self.stores.alerts.awaited(MISSED, "firing", patience)?;
        self.shop.shop.replace_settlement(Fault::Fails)?;
        self.shop.settle(RUNS_AFTER, 0)?;
        self.stores.alerts.awaited(MISSED, "resolved", patience)?;
        self.agree()?;
        stories::killed_job(&self.first(), RUNS.1)?;
        if let Some(store) = &self.stores.victoriametrics {
            let store = self.victoriametrics(store);
            stories::noisy_neighbour(&store, &ledger, consumer)?;
            stories::killed_job(&store, RUNS.1)?;
        }
        let told = self.stores.alerts.told();
        match told.keys().eq([PAGE, MISSED]) {
            true => Ok(()),
            false => Err(format!("the receiver was told {told:?}")),
        }
    }

    fn act(&self, title: &str) {
        eprintln!("  {:>4.0} s  {title}", self.started.elapsed().as_secs_f64());
    }

    fn patience(&self) -> Duration {
        self.pace.minutes(6.0) + Duration::from_secs(60)
    }

    fn budgets(&self, name: &'static str, store: SocketAddr) -> Budgets<'_> {
        Budgets {
            name,
            programs: self.programs,
            store,
            pace: self.pace,
        }
    }

    /// The store that tells Alertmanager.
    fn first(&self) -> Budgets<'_> {
        self.budgets("OTLP to Prometheus", self.stores.through.address())
    }

    fn victoriametrics(&self, store: &VictoriaMetrics) -> Budgets<'_> {
        self.budgets("OTLP to VictoriaMetrics", store.address)
    }

    /// Every store has what the client of the shop wrote down, but for what is lost.
    fn agree(&self) -> Outcome {
        let mut expected = self.shop.ledger().slos.clone();
        for (slo, lost) in &self.lost {
            *expected.entry(slo.clone()).or_default() -= *lost;
        }
        let first = self.first();
        first.awaited(&expected)?;
        self.keep(&first, &[])?;
        self.budgets("scraped by Prometheus", self.stores.scraping.address())
            .awaited(&expected)?;
        if let Some(store) = &self.stores.victoriametrics {
            self.victoriametrics(store).awaited(&expected)?;
        }
        Ok(())
    }

    /// Keeps what people would read now, for those who want to.
    fn keep(&self, budgets: &Budgets<'_>, more: &[&str]) -> Outcome {
        let second = self.started.elapsed().as_secs();
        let name = if more.is_empty() {
            "status"
        } else {
            "explained"
        };
        let slo = more.last().and_then(|slo| slo.rsplit('.').next());
        let of = budgets.name.rsplit(' ').next().unwrap_or_default();
        let file = format!("{name}-{second}-{of}-{}.txt", slo.unwrap_or("all"));
        let file = self.programs.folder.join(file);
        std::fs::write(&file, budgets.text(more)?).map_err(|error| error.to_string())
    }

    /// So many slow checkouts spend half of the budget of 1 %.
    fn half_a_budget(&self) -> u64 {
        let ledger = self.shop.ledger();
        let events = ledger.slos.get("shop-gateway/checkout.latency");
        let events = events.copied().unwrap_or_default();
        (events.good + events.bad + events.unclear) / 199 + 1
    }

    /// Nobody was, but of a job that could not run for too long, as the machine is busy.
    fn nobody_was_told(&self) -> Outcome {
        let may_be_missed =
            self.shop.shop.settlement.longest_wait() > self.pace.minutes(MISSED_AFTER);
        match self.stores.alerts.told() {
            told if told.is_empty() || may_be_missed && told.keys().eq([MISSED]) => Ok(()),
            told => Err(format!("the receiver was told {told:?}")),
        }
    }

    /// Another process of the job takes the place of the first, and dies in the midst of a run. All that it
    /// had finished was exported.
    fn kill_job(&self) -> Outcome {
        let job = &self.shop.shop.settlement;
        self.shop.shop.replace_settlement(Fault::Hangs)?;
        self.shop.settle(RUNS_AFTER, 0)?;
        job.hang()?;
        sleep(self.pace.minutes(0.5) + Duration::from_secs(2));
        job.kill()
    }

    fn restarts(&self) -> Outcome {
        let a_while = self.pace.minutes(0.3);
        let stores = self.stores;
        stores.collector.stop()?;
        sleep(a_while);
        stores.collector.start()?;
        for store in [&stores.through, &stores.scraping] {
            store.stop()?;
        }
        if let Some(store) = &stores.victoriametrics {
            store.restart()?;
        }
        sleep(a_while);
        for store in [&stores.through, &stores.scraping] {
            store.start()?;
        }
        sleep(a_while);
        Ok(())
    }

    /// Kills a process that has just counted something, and finds out what of it is nowhere.
    fn kill(&mut self) -> Outcome {
        self.shop.surge("web", Ask::Products, CUT_OFF)?;
        self.shop.shop.kill()?;
        // What it had exported is on its way.
        sleep(self.pace.minutes(0.5) + Duration::from_secs(2));
        let mut lost = self.shop.ledger().pods[PODS[1]].clone();
        let mut most = 0;
        for (slo, events) in &mut lost {
            let [good, bad] = self.exported(slo)?;
            let counted = events.good + events.bad + events.unclear;
            let missing = counted.checked_sub(good + bad).ok_or_else(|| {
                format!("{slo}: {good} good and {bad} bad events were exported of {events:?}")
            })?;
            // What was asked for last was good, if perhaps late.
            let good = missing.min(events.good);
            *events = Events {
                good,
                bad: 0,
                unclear: missing - good,
            };
            most = most.max(missing);
        }
        eprintln!("    {most} of the last {CUT_OFF} requests were lost before they were exported");
        if !(1..=CUT_OFF).contains(&most) {
            return Err(format!("lost were {lost:?}"));
        }
        self.lost = lost;
        Ok(())
    }

    /// Good and bad events of the gateway's second pod that were exported, for an SLO.
    fn exported(&self, slo: &str) -> Result<[u64; 2], String> {
        let unclear = || format!("not the name of an SLO: {slo}");
        let (of, sli) = slo.rsplit_once('.').ok_or_else(unclear)?;
        let mut of = of.split('/').skip(1);
        let journey = of.next().ok_or_else(unclear)?;
        let endpoint = of.next().unwrap_or(".+");
        let expr = format!(
            "sum by (slo_outcome) (last_over_time(slo_events_total{{k8s_pod_name=\"{}\",\
             slo_journey=\"{journey}\",slo_endpoint=~\"{endpoint}\",slo_sli=\"{sli}\"}}[1h]))",
            PODS[1]
        );
        let counts = self.stores.through.counts(&expr)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "counters of a short run"
        )]
        Ok(counts.unwrap_or_default().map(|count| count as u64))
    }
}
