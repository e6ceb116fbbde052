//! The table of memory: what an endpoint holds as more threads serve it, or a tenth of all
//! endpoints each, with durations and without.
//!
//! Each figure is of a process of its own, so that none finds what another has left behind.

use opentelemetry_sdk::metrics::SdkMeterProvider;
use slo_growth::{GROWTH, memory::resident};
use slo_sdk::{__private::Declaration, Endpoint};
use std::{
    env,
    error::Error,
    process::Command,
    sync::{Barrier, atomic::AtomicU64, atomic::Ordering::Relaxed},
    thread,
};

const ENDPOINTS: usize = 1000;

#[expect(clippy::print_stdout, reason = "its output")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [threads, served, durations] = arguments.as_slice() {
        let added = serve(threads.parse()?, served.parse()?, durations.parse()?);
        println!("{} | {}", added.allocated, added.resident);
        return Ok(());
    }
    println!(
        "Bytes an endpoint beyond the {} of its static, of {ENDPOINTS} endpoints:\n\n\
         | threads | each serves | allocated | resident | allocated with durations | resident |\n\
         | --- | --- | --- | --- | --- | --- |",
        size_of::<Endpoint>()
    );
    for threads in [1, 8, 64] {
        for served in [ENDPOINTS / 10, ENDPOINTS] {
            let [off, on] = [row(threads, served, false)?, row(threads, served, true)?];
            println!("| {threads} | {served} | {off} | {on} |");
        }
    }
    Ok(())
}

/// The figures of a process that [`serve`]s so.
fn row(threads: usize, served: usize, durations: bool) -> Result<String, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?)
        .args([threads, served].map(|number| number.to_string()))
        .arg(durations.to_string())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Bytes an endpoint.
struct Added {
    allocated: u64,
    /// With what the allocator adds, and the stacks that threads touch.
    resident: u64,
}

/// What so many threads add to the process once each has served so many neighbours.
fn serve(threads: usize, served: usize, durations: bool) -> Added {
    // Without a reader, so that nothing is collected meanwhile.
    let provider = SdkMeterProvider::builder().build();
    let export = slo_sdk::builder()
        .stderr(false)
        .meter_provider(&provider)
        .durations(durations);
    let _slo = export.init();
    let endpoints: Vec<&'static Endpoint> = (0..ENDPOINTS).map(endpoint).collect();
    // Each gets its place, as those have that a linker collects.
    for endpoint in &endpoints {
        endpoint.event().good();
    }
    let [idle, go, done] = [(); 3].map(|()| Barrier::new(threads + 1));
    let allocated = AtomicU64::new(0);
    let resident = thread::scope(|scope| {
        for thread in 0..threads {
            let first = thread * served;
            let endpoints = &endpoints;
            let serve = move || {
                for at in first..first + served {
                    endpoints[at % ENDPOINTS].event().good();
                }
            };
            let (idle, go, done, allocated) = (&idle, &go, &done, &allocated);
            scope.spawn(move || {
                idle.wait();
                go.wait();
                let bytes = allocation_counter::measure(serve).bytes_current;
                allocated.fetch_add(bytes.unsigned_abs(), Relaxed);
                done.wait();
                // No shard is handed on before the last look.
                idle.wait();
            });
        }
        idle.wait();
        let before = resident();
        go.wait();
        done.wait();
        let after = resident();
        idle.wait();
        after.saturating_sub(before) * 1024
    });
    Added {
        allocated: allocated.into_inner() / ENDPOINTS as u64,
        resident: resident / ENDPOINTS as u64,
    }
}

fn endpoint(number: usize) -> &'static Endpoint {
    let name = format!("endpoint-{number}").leak();
    let declaration = Box::leak(Box::new(Declaration::new(name, GROWTH)));
    Box::leak(Box::new(Endpoint::new(declaration)))
}
