//! `--serve`: the shop goes on until Ctrl-C.

use crate::{
    otlp::Receiver,
    proof::rows,
    screen::table,
    shop::Shop,
    traffic::{Ask, Client, Generator, send},
};
use cargo_slo::definition::Service;
use std::{
    error::Error,
    io::{self, IsTerminal, Write},
    time::Duration,
};
use tokio::{
    signal::ctrl_c,
    time::{Instant, interval_at, sleep},
};

/// Requests in a second.
const GENTLE: u32 = 20;

/// Keeps traffic going and shows the table every few seconds. Nothing is compared any more:
/// whoever tries the addresses has counts of their own.
pub(crate) async fn serve(
    receiver: &Receiver,
    services: &[Service],
    client: &Client,
    generator: &mut Generator,
    shop: &mut Shop,
) -> Result<(), Box<dyn Error>> {
    const PAUSE: Duration = Duration::from_secs(5);
    let gateway = shop.address("gateway");
    writeln!(io::stdout(), "{}", addresses(&gateway.to_string()))?;
    let settling = async {
        loop {
            sleep(PAUSE).await;
            shop.settlement().go().await?;
            shop.settlement().line().await?;
        }
    };
    let sending = send(client, generator, u32::MAX, GENTLE, |_| {});
    let showing = async {
        // The proof stays on the screen for the first pause.
        let mut tick = interval_at(Instant::now() + PAUSE, PAUSE);
        loop {
            tick.tick().await;
            let table = table(&rows(services, &receiver.received(), None));
            show(&format!("{table}\n{}", addresses(&gateway.to_string())))?;
        }
    };
    tokio::select! {
        () = sending => Ok(()),
        ended = settling => ended,
        ended = showing => ended,
        pressed = ctrl_c() => Ok(pressed?),
    }
}

/// What to try.
fn addresses(gateway: &str) -> String {
    let (_, checkout, cart) = Ask::Checkout.request();
    let cart = String::from_utf8_lossy(cart);
    format!(
        "try: curl http://{gateway}/products\n     \
         curl http://{gateway}/orders/0\n     \
         curl --json '{cart}' http://{gateway}{checkout}\n\
         Ctrl-C stops everything."
    )
}

fn show(text: &str) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        // To the upper left corner, and nothing below it.
        write!(out, "\x1b[H\x1b[J")?;
    }
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
