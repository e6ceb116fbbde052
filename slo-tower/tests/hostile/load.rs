//! Many connections at once, and what is left when they are gone.

use crate::{
    attack::attack,
    random::Random,
    target::{TEMPLATES, dispatched},
};
use slo_sdk::{EndpointCounts, Snapshot, testing::Recorder};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const BOUND: Duration = Duration::from_secs(20);

/// Starts connections until so many more requests were served; gives the number of the next.
pub(crate) async fn run_load(
    servers: [SocketAddr; 2],
    seed: u64,
    first: u64,
    requests: u64,
) -> u64 {
    /// How many connections there are at once.
    const CONNECTIONS: usize = 16;
    let enough = dispatched() + requests;
    let mut number = first;
    let mut running = JoinSet::new();
    while dispatched() < enough {
        while running.len() < CONNECTIONS {
            let address = servers[usize::from(number % 2 == 1)];
            running.spawn(attack(address, Random::new(seed, number)));
            number += 1;
        }
        let done = running.join_next().await.expect("some are running");
        done.expect("no attacker panics");
    }
    while running.join_next().await.is_some() {}
    number
}

/// Asks every route for what it refuses, by a method that none has, too: each is known then.
pub(crate) async fn know_all_routes(servers: [SocketAddr; 2]) {
    for address in servers {
        for template in TEMPLATES {
            // No handler takes this in place of a parameter.
            let path = template.replace("{id}", "%ff").replace("{*rest}", "%ff");
            for method in ["NOBODYS", "GET"] {
                let head =
                    format!("{method} {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
                ask(address, &head).await;
            }
        }
    }
}

async fn ask(address: SocketAddr, head: &str) {
    let mut socket = TcpStream::connect(address)
        .await
        .expect("the server listens");
    socket
        .write_all(head.as_bytes())
        .await
        .expect("the server reads");
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    assert!(answer.starts_with(b"HTTP/1."), "{head}");
}

/// Everything counted, once nothing is under way.
pub(crate) async fn settled(slo: &Recorder) -> Snapshot {
    const CALM: Duration = Duration::from_millis(100);
    let start = Instant::now();
    let mut last = None;
    loop {
        let now = (events(&slo.snapshot()), dispatched());
        if now.0 == now.1 && last == Some(now) {
            return slo.settle(BOUND).await;
        }
        last = Some(now);
        assert!(
            start.elapsed() < BOUND,
            "{} events of {} requests",
            now.0,
            now.1
        );
        tokio::time::sleep(CALM).await;
    }
}

pub(crate) fn events(counted: &Snapshot) -> u64 {
    let ended = counted.endpoints().iter().map(EndpointCounts::ended);
    ended.sum::<u64>() + counted.unannotated().values().sum::<u64>()
}
