//! Traffic: many requests at a steady rate, several at a time.

use super::{Ask, Client, Sent};
use shop_process::{Dice, RequestId};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// Most requests that are under way at once.
const CONCURRENCY: usize = 64;

/// What a client does when no answer comes: it gives up before the checkout's threshold, or
/// after it.
const PATIENCE: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(1_000)];

/// An endless sequence of requests that follows from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    dice: Dice,
    next: u64,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Generator {
        Generator { dice: Dice::new(seed).and_text("traffic"), next: 1 }
    }

    /// A name no request had before.
    pub(crate) fn name(&mut self) -> RequestId {
        self.next += 1;
        RequestId::new(self.next)
    }

    /// The next request, with how long its client is willing to wait.
    pub(crate) fn next(&mut self) -> (Ask, RequestId, Duration) {
        let ask = Ask::at_random(&mut self.dice);
        let patience = PATIENCE[usize::from(self.dice.chance(0.4))];
        (ask, self.name(), patience)
    }
}

/// Sends this many requests, `rate` of them in a second, and tells about each.
pub(crate) async fn send(
    client: &Client,
    generator: &mut Generator,
    requests: u32,
    rate: u32,
    mut tell: impl FnMut(Sent),
) {
    let room = Arc::new(Semaphore::new(CONCURRENCY));
    let mut under_way = JoinSet::new();
    let start = Instant::now();
    for i in 0..requests {
        sleep_until(start + Duration::from_secs(1) * i / rate).await;
        // The semaphore is never closed, so there always is a permit at last.
        let permit = room.clone().acquire_owned().await;
        let (ask, id, patience) = generator.next();
        let client = client.clone();
        under_way.spawn(async move {
            let sent = client.ask(ask, id, patience).await;
            drop(permit);
            sent
        });
        while let Some(Ok(sent)) = under_way.try_join_next() {
            tell(sent);
        }
    }
    while let Some(Ok(sent)) = under_way.join_next().await {
        tell(sent);
    }
}
