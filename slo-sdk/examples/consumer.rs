//! A consumer of a bounded queue: each message is one event, from the moment it was sent.
//!
//! ```console
//! cargo run -p slo-sdk --example consumer
//! ```

#![expect(clippy::print_stdout, reason = "it shows what was counted")]

use slo_sdk::{Endpoint, EndpointCounts, Event, Journey, Objectives, endpoint, secs};
use std::{sync::mpsc, thread};

const ORDERS: Journey = Journey::new("orders")
    .title("Get what was ordered")
    .objectives(Objectives::new().availability(99.9).latency(99.0, secs(60)));

static CONSUME: &Endpoint = endpoint!(name = "consume-order", journey = ORDERS);

/// The event travels with its message, so that its latency includes the time in the queue,
/// and a message that is lost on the way is dropped with its event: given up, and seen.
struct Message {
    text: String,
    event: Event,
}

fn main() {
    let (queue, messages) = mpsc::sync_channel::<Message>(8);
    let producer = thread::spawn(move || {
        for number in 0..100 {
            let text = match number % 10 {
                0 => "no number".to_owned(),
                _ => number.to_string(),
            };
            let event = CONSUME.event();
            // Waits while the queue is full; an error means that nobody consumes any more.
            if queue.send(Message { text, event }).is_err() {
                return;
            }
        }
    });
    for Message { text, mut event } in messages {
        // Whatever is called in here finds the event as `slo_sdk::current()`.
        match event.enter(|| handle(&text)) {
            Ok(_) => event.good(),
            Err(_) => event.bad("no number"),
        }
    }
    assert!(producer.join().is_ok(), "the producer does not panic");

    let counts = slo_sdk::snapshot();
    for (result, events) in counts.endpoints().iter().flat_map(EndpointCounts::results) {
        if events > 0 {
            println!("{result}: {events}");
        }
    }
}

fn handle(text: &str) -> Result<u32, std::num::ParseIntError> {
    let order = text.parse()?;
    if order == 7 {
        // Taken, but somebody has to look at it.
        slo_sdk::current().bad("needs a person");
    }
    Ok(order)
}
