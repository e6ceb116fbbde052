//! One run of the demo, from the start of the shop to the verdict.

use crate::{
    Verdict,
    arguments::Arguments,
    ledger::Ledger,
    otlp::Receiver,
    proof::{Difference, at_start, compare, rows},
    screen::{Progress, summary, table},
    serve::serve,
    shop::{FaultPlan, Programs, Shop},
    traffic::{Client, Generator, Run, send, settle, warm_up},
};
use std::{
    env,
    error::Error,
    io::{self, Write},
    path::Path,
    time::{Duration, Instant, SystemTime},
};
use tokio::time::sleep;

/// Requests in a second.
const RATE: u32 = 400;

/// What arrives from a process that stands still is not to be waited for longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts the shop, sends traffic, compares and shows what came out.
pub(crate) async fn run(
    arguments: &Arguments,
    programs: &Programs,
) -> Result<Verdict, Box<dyn Error>> {
    let services = programs.services();
    let names: Vec<_> = services
        .iter()
        .map(|service| service.name.clone())
        .collect();
    let mut progress = Progress::new();
    let receiver = Receiver::new(arguments.forward.as_deref());
    let collector = receiver.start().await?;
    let fault_plan = FaultPlan::new(arguments.seed);
    progress.step("starting the shop …");
    let mut shop = Shop::start(programs, &fault_plan, &collector).await?;
    let ports = shop
        .addresses()
        .map(|(name, address)| format!("{name} :{}", address.port()));
    let ports = ports.collect::<Vec<_>>().join(", ");
    progress.done(&format!(
        "started {ports}, settlement; OTLP receiver at {collector}"
    ));

    progress.step("waiting for the first export of each service …");
    let all_came = |r: &crate::otlp::Received| names.iter().all(|name| r.first(name).is_some());
    if !receiver.wait(PATIENCE, all_came).await {
        return Err("a service exported nothing within 10 s; see target/slo/*.log".into());
    }
    let mut differences = at_start(services, &receiver.received());

    let client = Client::new(&shop, &fault_plan)?;
    let mut generator = Generator::new(arguments.seed);
    let mut ledger = Ledger::new(services);
    traffic(
        arguments,
        &client,
        &mut generator,
        &mut ledger,
        &mut shop,
        &fault_plan,
        &mut progress,
    )
    .await?;

    progress.step("waiting for the last export of each service …");
    // A collection that was under way when the last answer came may not hold it.
    let since = SystemTime::now() + Duration::from_millis(100);
    let done = receiver
        .wait(PATIENCE, |received| received.is_final(&names, since))
        .await;
    let received = receiver.received().clone();
    if !done {
        differences.push(Difference::new(
            "events in flight",
            0,
            "some after 10 s, or no export",
        ));
    }
    progress.done(&format!(
        "{} exports received, nothing in flight",
        received.exports()
    ));
    differences.extend(compare(&ledger, &received));

    let mut out = io::stdout().lock();
    let all = rows(services, &received, Some(&ledger));
    writeln!(
        out,
        "\nCounts as received over OTLP. Budgets are overspent because the shop fails on purpose.\n"
    )?;
    writeln!(out, "{}", table(&all))?;
    writeln!(out, "{}", summary(&ledger, &received))?;
    if all.iter().any(|row| {
        row.saw
            .is_some_and(|saw| !saw.good.is_exact() || !saw.bad.is_exact())
    }) {
        writeln!(out, "{DOUBT}\n")?;
    }
    for path in programs.write_rules()? {
        writeln!(out, "rules: {}", shown(&path))?;
    }
    for difference in &differences {
        writeln!(out, "DIFFERENT: {difference}")?;
    }
    if !differences.is_empty() {
        writeln!(out, "\n{} counts differ.", differences.len())?;
        return Ok(Verdict::Different);
    }
    writeln!(
        out,
        "\nEvery count received over OTLP is what the client saw (seed {}).",
        arguments.seed
    )?;
    if !arguments.serve {
        writeln!(
            out,
            "Next: `cargo slo list` shows what the programs declare, `cargo demo --serve` keeps the shop running."
        )?;
    }
    drop(out);
    if arguments.serve {
        serve(&receiver, services, &client, &mut generator, &mut shop).await?;
    }
    progress.step("stopping the shop …");
    shop.end().await?;
    progress.done("stopped the shop");
    Ok(Verdict::Proven)
}

const DOUBT: &str = "\
Where the last column is a range, the client can't know better: whether an answer was late
when its threshold lies between what the endpoint and what the client took, and how far a
request that it gave up had come. Availability is exact everywhere.";

/// Sends the traffic and keeps the books, while the settlement job runs now and then.
async fn traffic(
    arguments: &Arguments,
    client: &Client,
    generator: &mut Generator,
    ledger: &mut Ledger,
    shop: &mut Shop,
    fault_plan: &FaultPlan,
    progress: &mut Progress,
) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    warm_up(client, generator, |sent, route| match route {
        Some(route) => ledger.enter_unannotated(&sent, route),
        None => ledger.enter(&sent),
    })
    .await;
    let requests = RATE * arguments.seconds;
    let mut sent_so_far = 0u32;
    let mut runs: Vec<Run> = Vec::new();
    let mut settling = async || -> io::Result<()> {
        let every = Duration::from_millis(300);
        for number in 1..=u64::from(arguments.seconds) * 3 {
            runs.push(settle(shop.settlement(), number, fault_plan).await?);
            sleep(every).await;
        }
        Ok(())
    };
    let sending = send(client, generator, requests, RATE, |sent| {
        ledger.enter(&sent);
        sent_so_far += 1;
        progress.update(|| {
            let rate = f64::from(sent_so_far) / started.elapsed().as_secs_f64();
            format!("traffic {sent_so_far}/{requests}, {rate:.0}/s")
        });
    });
    let (settled, ()) = tokio::join!(settling(), sending);
    settled?;
    runs.iter().for_each(|run| ledger.enter_run(run));
    let took = started.elapsed().as_secs_f64();
    let (requests, runs) = (ledger.requests(), runs.len());
    progress.done(&format!(
        "sent {requests} requests in {took:.1} s, settled {runs} times"
    ));
    Ok(())
}

/// A path as one would type it here.
fn shown(path: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    path.strip_prefix(here)
        .unwrap_or(path)
        .display()
        .to_string()
}
