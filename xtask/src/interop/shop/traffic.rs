//! Requests to a shop, all of them written down.

use super::{
    client::Client,
    ledger::{Ask, Ledger},
    services::{DEAD_CACHE, PODS, Shop},
    settlement::Run,
};
use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, sleep},
    time::Duration,
};

/// Between two requests of the steady traffic: some forty a second, of which half are checkouts.
const PAUSE: Duration = Duration::from_millis(15);

/// What comes one after the other.
const MIX: [Ask; 4] = [
    Ask::Checkout,
    Ask::Products,
    Ask::Checkout,
    Ask::OrderStatus,
];

/// A shop and what was asked of it.
#[derive(Debug)]
pub(super) struct Traffic<'a> {
    pub(super) shop: &'a Shop,
    ledger: Mutex<Ledger>,
}

impl<'a> Traffic<'a> {
    pub(super) fn new(shop: &'a Shop) -> Traffic<'a> {
        Traffic {
            shop,
            ledger: Mutex::default(),
        }
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks once.
    fn ask(
        &self,
        client: &mut Client,
        ask: Ask,
        pod: &str,
        consumer: &str,
        held_up: Duration,
    ) -> Result<(), String> {
        let answer = client.ask(ask, consumer)?;
        self.ledger().enter(ask, pod, consumer, &answer, held_up)
    }

    /// Does something while the usual requests go on, to all processes of the gateway that run at the
    /// start of it.
    pub(super) fn during<T>(&self, act: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        let ended = AtomicBool::new(false);
        thread::scope(|scope| {
            let steady = scope.spawn(|| self.steady(&ended));
            let done = act();
            ended.store(true, Relaxed);
            match steady.join() {
                Ok(Ok(())) => done,
                Ok(Err(why)) => Err(why),
                Err(_) => Err("the traffic panicked".to_owned()),
            }
        })
    }

    fn steady(&self, ended: &AtomicBool) -> Result<(), String> {
        let mut clients = Vec::new();
        for (pod, address) in self.shop.addresses() {
            clients.push((pod, Client::connect(address)?));
        }
        for asks in MIX
            .into_iter()
            .cycle()
            .zip(["web", "app", "web"].into_iter().cycle())
        {
            let (ask, consumer) = asks;
            for (pod, client) in &mut clients {
                if ended.load(Relaxed) {
                    return Ok(());
                }
                self.ask(client, ask, pod, consumer, Duration::ZERO)?;
                sleep(PAUSE);
            }
        }
        Ok(())
    }

    /// The usual requests for a while.
    pub(super) fn go_on(&self, length: Duration) -> Result<(), String> {
        self.during(|| {
            sleep(length);
            Ok(())
        })
    }

    /// A consumer asks the second process of the gateway for the same, as fast as it can.
    pub(super) fn surge(&self, consumer: &str, ask: Ask, requests: u64) -> Result<(), String> {
        let addresses = self.shop.addresses();
        let at = addresses.iter().find(|(pod, _)| *pod == PODS[1]);
        let (pod, address) = at.ok_or("the process of the gateway does not run")?;
        let mut client = Client::connect(*address)?;
        for _ in 0..requests {
            self.ask(&mut client, ask, pod, consumer, Duration::ZERO)?;
        }
        Ok(())
    }

    /// So many good runs of the job, and then so many that fail.
    pub(super) fn settle(&self, good: u64, bad: u64) -> Result<(), String> {
        let job = &self.shop.settlement;
        self.enter_runs(&job.run(good)?)?;
        match bad {
            0 => Ok(()),
            _ => self.enter_runs(&job.run_with_fault(bad)?),
        }
    }

    fn enter_runs(&self, runs: &[Run]) -> Result<(), String> {
        let mut ledger = self.ledger();
        runs.iter().try_for_each(|run| ledger.enter_run(run))
    }

    /// So many checkouts while the cache of payments is dead.
    pub(super) fn through_a_dead_cache(&self, requests: u64) -> Result<(), String> {
        let addresses = self.shop.addresses();
        let (pod, address) = addresses.first().ok_or("no process of the gateway runs")?;
        let mut client = Client::connect(*address)?;
        self.shop.cache_is_dead(true)?;
        for _ in 0..requests {
            self.ask(&mut client, Ask::Checkout, pod, "app", DEAD_CACHE)?;
        }
        self.shop.cache_is_dead(false)
    }
}
