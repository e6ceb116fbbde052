//! A short run of the chaos test; the long one is `cargo xtask reconcile`.

use reconcile::{Plan, run};
use std::{env, time::SystemTime};

/// `RECONCILE_SEED` repeats a run.
#[tokio::test(flavor = "multi_thread")]
async fn ledger_snapshot_and_otlp_agree_to_the_last_event() {
    let seed = match env::var("RECONCILE_SEED") {
        Ok(seed) => seed.parse().expect("RECONCILE_SEED is a number"),
        Err(_) => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(1, |since| u64::from(since.subsec_nanos())),
    };
    println!("RECONCILE_SEED={seed}");
    let plan = Plan {
        requests: 4000,
        // So few that it takes a while on any machine: a quarter of all requests wait 20 ms.
        concurrency: 20,
        seed,
    };
    let report = run(plan, |_| {}).await.expect("everything starts");
    println!("{report}");
    assert!(
        report.findings.is_empty(),
        "RECONCILE_SEED={seed}\n{report}"
    );
    assert_eq!(report.progress.done, plan.requests);
    assert!(
        report.progress.exports > 2 && report.snapshots > 5,
        "{report}"
    );
}
