//! One run, from the start of the servers to the verdict.

use crate::{
    Plan, Progress, Report,
    book::Book,
    client::{Attempt, Client},
    collector::{Audit, Collector},
    endpoints::ON_PURPOSE,
    findings::Findings,
    invariants::{ahead, behind, sums},
    ledger::Ledger,
    random::Random,
    scenario::{self, Protocol, Scenario},
    servers::{Place, Servers},
    sli_rules::SliRules,
};
use slo_sdk::Guard;
use std::{
    collections::BTreeSet,
    error::Error,
    panic,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// What nobody sends to any more is soon over, and what stands still soon exported.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends the requests and compares all sources, calling `show` now and then.
///
/// Counts belong to the process, and so does the export: one run in a process.
///
/// # Errors
/// If there was nothing to compare: a server or the export did not start.
pub async fn run(plan: Plan, show: impl Fn(&Progress)) -> Result<Report, Box<dyn Error>> {
    silence_panics_on_purpose();
    let ledger = Arc::<Ledger>::default();
    let findings = Arc::<Findings>::default();
    let scenarios = scenario::all();
    let sli_rules = SliRules::from_scenarios(&scenarios)?;
    let audit = Audit::new(
        Arc::clone(&ledger),
        Arc::clone(&findings),
        sli_rules.clone(),
    );
    let collector = Collector::start(plan.seed, audit).await?;
    let guard = slo_sdk::builder()
        .endpoint(collector.url())
        .service_name("reconcile")
        .export_interval(Duration::from_millis(100))
        .shutdown_timeout(Duration::from_secs(10))
        .event_records(false)
        .try_init()?;
    let zeros = async || collector.audit().checked() > 0;
    if !until(zeros).await {
        return Err("nothing was exported before the first request".into());
    }

    let run = Arc::new(Run {
        plan,
        scenarios,
        sli_rules,
        client: Client::new(Servers::start().await?),
        ledger,
        findings,
        next: AtomicU64::new(0),
        done: AtomicU64::new(0),
    });
    run.learn().await;
    collector.pause_faults(false);
    let (elapsed, snapshots) = run.send(&collector, &show).await;

    let quiet = async || {
        slo_sdk::snapshot()
            .endpoints()
            .iter()
            .all(|e| e.in_flight() == 0)
    };
    if !until(quiet).await {
        run.findings
            .add(format!("still in flight after {PATIENCE:?}"));
    }
    collector.pause_faults(true);
    flush(guard).await?;
    let (book, snapshot) = (run.ledger.book(), Book::from_snapshot(&slo_sdk::snapshot()));
    let otlp = collector.audit().last().clone();
    let mut all = run.findings.all();
    all.extend(Book::differences(&book, &snapshot, &otlp));
    Ok(Report {
        progress: run.progress(&collector, elapsed),
        snapshots,
        faults: collector.faults(),
        kinds: run.kinds(),
        series: snapshot.iter().count(),
        findings: all,
    })
}

/// What all workers share.
#[derive(Debug)]
struct Run {
    plan: Plan,
    scenarios: Vec<Scenario>,
    sli_rules: SliRules,
    client: Client,
    ledger: Arc<Ledger>,
    findings: Arc<Findings>,
    next: AtomicU64,
    done: AtomicU64,
}

impl Run {
    /// Teaches the layer the routes it can only learn.
    async fn learn(&self) {
        for (scenario, number) in scenario::lessons().iter().zip((0..u64::MAX).rev()) {
            let place = scenario.places[0];
            let protocol = scenario.protocols[0];
            self.attempt(Attempt {
                number,
                scenario,
                place,
                protocol,
            })
            .await;
        }
    }

    /// Sends all requests, and looks at the counts of the process meanwhile.
    async fn send(
        self: &Arc<Self>,
        collector: &Collector,
        show: &impl Fn(&Progress),
    ) -> (Duration, u64) {
        const TICK: Duration = Duration::from_millis(20);
        const TICKS_PER_SHOW: u64 = 25;
        let start = Instant::now();
        let workers: Vec<_> = (0..self.plan.concurrency)
            .map(|_| tokio::spawn(Arc::clone(self).work()))
            .collect();
        let mut before = Book::default();
        let mut snapshots = 0;
        while !workers.iter().all(tokio::task::JoinHandle::is_finished) {
            sleep(TICK).await;
            self.look(&mut before);
            snapshots += 1;
            if snapshots % TICKS_PER_SHOW == 0 {
                show(&self.progress(collector, start.elapsed()));
            }
        }
        for worker in workers {
            if let Err(error) = worker.await {
                self.findings.add(format!("a worker: {error}"));
            }
        }
        (start.elapsed(), snapshots)
    }

    async fn work(self: Arc<Self>) {
        loop {
            let number = self.next.fetch_add(1, Relaxed);
            if number >= self.plan.requests {
                return;
            }
            self.attempt(self.choose(number)).await;
            self.done.fetch_add(1, Relaxed);
        }
    }

    /// What the request of this number does.
    fn choose(&self, number: u64) -> Attempt<'_> {
        let mut random = Random::new(self.plan.seed, number);
        let scenario = random.pick(&self.scenarios);
        let place = *random.pick(&scenario.places);
        let protocol = match *random.pick(&scenario.protocols) {
            Protocol::Http1 if place == Place::Tonic => Protocol::Http2,
            protocol => protocol,
        };
        Attempt {
            number,
            scenario,
            place,
            protocol,
        }
    }

    async fn attempt(&self, attempt: Attempt<'_>) {
        self.ledger.enter(&attempt.scenario.counts);
        if let Err(unexpected) = self.client.send(attempt).await {
            self.findings.add(unexpected);
        }
    }

    fn look(&self, before: &mut Book) {
        let now = Book::from_snapshot(&slo_sdk::snapshot());
        let wrong = [
            sums(&now),
            self.sli_rules.broken(&now),
            behind(&now, before, "in the snapshot before"),
            ahead(&now, &self.ledger.book(), "in the ledger"),
        ];
        for why in wrong.concat() {
            self.findings.add(format!("snapshot: {why}"));
        }
        *before = now;
    }

    fn progress(&self, collector: &Collector, elapsed: Duration) -> Progress {
        Progress {
            done: self.done.load(Relaxed),
            requests: self.plan.requests,
            exports: collector.audit().checked(),
            elapsed,
        }
    }

    /// How many kinds of requests there were.
    fn kinds(&self) -> usize {
        let kinds: BTreeSet<_> = (0..self.plan.requests)
            .map(|number| {
                let Attempt {
                    scenario,
                    place,
                    protocol,
                    ..
                } = self.choose(number);
                (std::ptr::from_ref(scenario).addr(), place, protocol as u8)
            })
            .collect();
        kinds.len()
    }
}

/// Exports for the last time. The collector may just not be listening yet.
async fn flush(guard: Guard) -> Result<(), Box<dyn Error>> {
    let guard = Arc::new(guard);
    let mut last = None;
    for _ in 0..20 {
        let guard = Arc::clone(&guard);
        // It blocks, and the collector runs here.
        match tokio::task::spawn_blocking(move || guard.flush()).await? {
            Ok(()) => return Ok(()),
            Err(error) => last = Some(error),
        }
        sleep(Duration::from_millis(100)).await;
    }
    Err(last.map_or("never exported".into(), Into::into))
}

/// Waits until it is so; false where it takes too long.
async fn until(mut it_is_so: impl AsyncFnMut() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while !it_is_so().await {
        if Instant::now() > deadline {
            return false;
        }
        sleep(Duration::from_millis(5)).await;
    }
    true
}

/// Thousands of panics on purpose would hide one that is not.
fn silence_panics_on_purpose() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        if text != Some(ON_PURPOSE) {
            usual(panic);
        }
    }));
}
