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

/// An endless sequence of requests that follows from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    dice: Dice,
    next: u64,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Generator {
        Generator {
            dice: Dice::new(seed).and_text("traffic"),
            next: 1,
        }
    }

    /// A name no request had before.
    pub(crate) fn name(&mut self) -> RequestId {
        self.next += 1;
        RequestId::new(self.next)
    }

    /// The next request.
    pub(crate) fn next(&mut self) -> (Ask, RequestId) {
        (Ask::at_random(&mut self.dice), self.name())
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
        let (ask, id) = generator.next();
        let client = client.clone();
        under_way.spawn(async move {
            let sent = client.ask(ask, id).await;
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
