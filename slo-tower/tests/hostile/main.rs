//! A peer that sends whatever can be sent changes counts, one for each request that was
//! really served, and nothing else: no series appears, no memory is kept, nothing panics.
//!
//! In a process of its own, because of its memory.

mod answers;
mod attack;
mod bytes;
#[path = "../otlp/collector.rs"]
mod collector;
mod labels;
mod load;
mod memory;
mod random;
mod target;

use collector::Collector;
use labels::{exported_as_counted, only_known_values};
use load::{events, know_all_routes, run_load, settled};
use std::{
    sync::atomic::{AtomicU64, Ordering::SeqCst},
    time::Duration,
};
use target::{dispatched, serve};

/// How many requests are served at least before memory is looked at, and after.
const WARM_UP: u64 = 5_000;
const ATTACK: u64 = 25_000;

/// What the process may grow meanwhile: less than if it kept the path of each request.
const GROWTH: usize = 4 << 20;

static PANICS: AtomicU64 = AtomicU64::new(0);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_counts_change() {
    let seed = random::seed();
    println!("HOSTILE_SEED={seed}");
    count_panics();
    let collector = Collector::start().await;
    let guard = slo_sdk::builder()
        .endpoint(collector.url())
        .service_name("hostile")
        .export_interval(Duration::from_secs(3600))
        .try_init()
        .expect("the exporter starts");
    let slo = slo_sdk::testing::recorder();
    let servers = serve().await;
    let unknown = collector.first().await;
    know_all_routes(servers).await;

    let warm = run_load(servers, seed, 0, WARM_UP).await;
    let first = settled(&slo).await;
    guard.flush().expect("the collector answers");
    let before = collector.latest().await;
    let memory = memory::resident();

    run_load(servers, seed, warm, ATTACK).await;
    let counted = settled(&slo).await;
    let grown = memory::resident().saturating_sub(memory);
    guard.flush().expect("the collector answers");
    let after = collector.latest().await;

    let what = format!("HOSTILE_SEED={seed}");
    println!("{} requests, {} KiB grown", dispatched(), grown / 1024);
    println!("{:?}", counted.unannotated());
    assert_eq!(PANICS.load(SeqCst), 0, "{what}");
    assert_eq!(events(&counted), dispatched(), "{what}");
    assert!(events(&counted) - events(&first) >= ATTACK, "{what}");
    assert!(unknown.series().is_subset(&before.series()), "{what}");
    assert_eq!(before.series(), after.series(), "{what}");
    only_known_values(&after);
    exported_as_counted(&after, &counted);
    assert!(grown < GROWTH, "{grown} bytes more, {what}");
}

fn count_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, SeqCst);
        usual(info);
    }));
}
