//! The shop of `cargo demo`, with faults and real clients: every SLO on the page counts what the demo
//! received and its client saw.

use super::{
    page::{self, Numbers},
    programs::Programs,
    session::Session,
};
use crate::{Outcome, command};

/// Fewest SLOs and events that make this a proof.
const LEAST: (usize, u64) = (10, 2_000);

pub(super) fn run(programs: &Programs) -> Outcome {
    let mut command = programs.dev();
    let session = Session::start(command.args(["--port", "0"]))?;
    let forward = format!("http://{}", session.address);
    let mut demo = crate::programs::Programs::built()?.command("shop-demo");
    // It fails where the client saw something else than it received.
    let told = command::quietly(demo.arg("--forward").arg(&forward))?;
    let expected = rows(&told)?;
    session.wait(|session| {
        let found = page::numbers(&session.html()?)?;
        let differs = |(place, count): &(&String, &u64)| found.get(*place) != Some(*count);
        match expected.iter().find(differs) {
            None => Ok(()),
            Some((place, count)) => Err(format!(
                "{place}: the demo received {count}, on the page {:?}",
                found.get(place)
            )),
        }
    })?;
    let slos = expected.len() / 2;
    let events: u64 = expected.values().sum();
    match slos >= LEAST.0 && events >= LEAST.1 {
        true => {
            eprintln!(
                "  the shop: {slos} SLOs with {events} events, on the page as its client saw them"
            );
            Ok(())
        }
        false => Err(format!(
            "{slos} SLOs with {events} events are too few to say anything:\n{told}"
        )),
    }
}

/// Good and bad events of each SLO in the demo's table, by their places on the page.
fn rows(told: &str) -> Result<Numbers, String> {
    let mut lines = told.lines().skip_while(|line| !line.contains("JOURNEY"));
    lines.next();
    let mut rows = Numbers::new();
    let mut service = "";
    for line in lines.take_while(|line| !line.is_empty()) {
        if !line.starts_with(' ') {
            service = line;
            continue;
        }
        let [journey, endpoint, sli, _, good, bad, ..] =
            line.split_whitespace().collect::<Vec<_>>()[..]
        else {
            return Err(format!("`{line}` is not a row"));
        };
        let place = match endpoint {
            "(all)" => format!("journey.{service}.{journey} {sli}"),
            endpoint => format!("step.{service}.{journey}.{endpoint} {sli}"),
        };
        for (column, count) in [("Good", good), ("Bad", bad)] {
            let count = count
                .parse()
                .map_err(|_| format!("`{line}` has no counts"))?;
            rows.insert(format!("{place} {column}"), count);
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_table() {
        let told = "Counts\n\n  JOURNEY   ENDPOINT  SLI  TARGET  GOOD  BAD\nshop-orders\n  \
                    checkout  (all)  availability  99%  199  1  50.0%\n  \
                    checkout  pay  latency  99%  7  0  100.0%\n\nof 9 events\n";
        let expected = [
            ("journey.shop-orders.checkout availability Good", 199),
            ("journey.shop-orders.checkout availability Bad", 1),
            ("step.shop-orders.checkout.pay latency Good", 7),
            ("step.shop-orders.checkout.pay latency Bad", 0),
        ];
        let expected = expected.map(|(place, count)| (place.to_owned(), count));
        assert_eq!(rows(told), Ok(expected.into()));
        assert!(rows("JOURNEY\na\n  b c\n").is_err());
    }
}
