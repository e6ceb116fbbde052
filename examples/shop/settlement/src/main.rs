//! The job that settles what was paid: every five minutes, or when its parent says so.
//!
//! A job has no layer. Its annotation makes each run an event: good where it gives `Ok`,
//! bad where it gives an error or panics.
//!
//! Each run is told on standard output: `run 3 ok payments=0`.

mod settle;

use settle::{Settlement, settle};
use shop_process::{Faults, Parent, ParentSignal, RequestId};
use std::{
    error::Error,
    io::{self, Write},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, interval_at};

/// The name in faults and trails.
const NAME: &str = "settlement";

const PERIOD: Duration = Duration::from_secs(5 * 60);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _slo = slo_sdk::init();
    let faults = Faults::from_env()?;
    eprintln!("{NAME}: {faults:?}");
    let payments = shop_payments::connect(std::env::var("SHOP_PAYMENTS_URL")?)?;
    let settlement = Arc::new(Settlement { payments, faults });
    let mut parent = Parent::new()?;
    let mut due = interval_at(Instant::now() + PERIOD, PERIOD);
    for run in 1.. {
        tokio::select! {
            said = parent.signal() => if said == ParentSignal::Stop { break },
            _ = due.tick() => {}
        }
        // A task of its own, so that a panic ends the run and not the job.
        let outcome = match tokio::spawn(settle(settlement.clone(), RequestId::new(run))).await {
            Ok(Ok(trail)) => format!("ok {trail}"),
            Ok(Err(failure)) => format!("failed {}", failure.trail),
            Err(_) => "panicked".to_owned(),
        };
        writeln!(io::stdout(), "run {run} {}", outcome.trim_end())?;
    }
    Ok(())
}
