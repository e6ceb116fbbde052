//! What alert conditions come to for one SLO, as a table.

use crate::{
    cli::table::Table,
    fleet::alerts::AtTraffic,
    input::{catalogue::Catalogue, values::Traffic},
    text::{
        numbers::{counted, expected, grouped, minutes, number, percent, share, window},
        visible,
    },
};
use slo_model::{
    Decimal, Target, Window,
    binomial::tail,
    budget,
    burn_rate::{Condition, Guard, Scaling},
};
use std::io::{self, Write};

/// The SLO the table is for.
pub(super) struct Asked {
    pub(super) target: Target,
    pub(super) window: Window,
    pub(super) traffic: Option<Traffic>,
}

const HEAD: [&str; 11] = [
    "ALERT",
    "FACTOR",
    "WINDOWS",
    "FIRES ABOVE",
    "SPENT",
    "OUTAGE SEEN",
    "10% FAIL SEEN",
    "RESETS",
    "EVENTS",
    "BAD NEEDED",
    "BY CHANCE",
];

const LEGEND: [&str; 7] = [
    "FIRES ABOVE: the share of bad events in both windows, factor × (1 − target)",
    "SPENT: the share of a whole budget that is gone when it fires at a steady rate",
    "OUTAGE SEEN, 10% FAIL SEEN: how long everything, or every tenth event, fails until it fires",
    "RESETS: how long it goes on firing after an outage",
    "EVENTS: valid events in the long window at the expected traffic",
    "BAD NEEDED: bad events it waits for there: more than the rate, and than chance explains",
    "BY CHANCE: how often a month it fires for a service that is exactly on target",
];

/// Writes a table for the usual conditions and one for each setting of the catalogue.
pub(super) fn write(
    out: &mut dyn Write,
    asked: &Asked,
    scaling: Scaling,
    catalogue: &Catalogue,
) -> io::Result<()> {
    introduction(out, asked)?;
    section(
        out,
        "the usual conditions",
        &scaling.conditions(asked.window),
        asked,
    )?;
    let table = &catalogue.burn_rates;
    for name in table.names() {
        if let Some(setting) = table.get(name) {
            let title = format!("`{name}` of the catalogue");
            section(out, &title, &setting.conditions(asked.window), asked)?;
        }
    }
    for line in LEGEND {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn introduction(out: &mut dyn Write, asked: &Asked) -> io::Result<()> {
    let outage = budget::outage_minutes(asked.target, asked.window);
    write!(
        out,
        "{} over {}: the budget is {} of the events, or an outage of {}",
        asked.target,
        asked.window,
        share(asked.target.budget()),
        minutes(outage)
    )?;
    if let Some(traffic) = asked.traffic {
        let valid = traffic.within(asked.window);
        let held = budget::events(valid, asked.target);
        write!(
            out,
            "\n{} are expected; {} may be bad",
            counted(valid, "event"),
            grouped(held)
        )?;
        // Of more, it is as good as half of them.
        if held < 1_000_000 {
            write!(
                out,
                ", and a service exactly on target has more in {} of all windows",
                percent(tail(held + 1, valid, asked.target))
            )?;
        }
    }
    writeln!(out, "\n")
}

fn section(
    out: &mut dyn Write,
    title: &str,
    conditions: &[Condition],
    asked: &Asked,
) -> io::Result<()> {
    writeln!(out, "{}", visible(title))?;
    let mut table = Table::new(HEAD, HEAD.len());
    for condition in conditions {
        table.row(row(condition, asked));
    }
    table.write(out, None)?;
    writeln!(out)
}

fn row(condition: &Condition, asked: &Asked) -> [String; 11] {
    let events = asked
        .traffic
        .map(|traffic| traffic.in_minutes(condition.long_minutes));
    let needed = asked
        .traffic
        .map(|traffic| condition.needed(asked.target, traffic));
    let seen = |failing| condition.seen_after(asked.target, asked.traffic, failing);
    let chance = |traffic| condition.by_chance(asked.target, traffic, Guard::ByChance);
    let shown = |time: Option<Decimal>| time.map_or_else(|| "never".to_owned(), minutes);
    let unknown = || "?".to_owned();
    [
        condition.severity.as_str().to_owned(),
        condition.factor.to_string(),
        format!(
            "{} / {}",
            window(condition.long_minutes),
            window(condition.short_minutes)
        ),
        share(condition.threshold(asked.target)),
        share(condition.budget_share(asked.window)),
        shown(seen(Decimal::new(1, 1))),
        shown(seen(Decimal::new(1, 10))),
        shown(condition.reset_minutes(asked.target, Decimal::new(1, 1))),
        events.map_or_else(unknown, expected),
        needed.map_or_else(unknown, grouped),
        asked
            .traffic
            .map_or_else(unknown, |traffic| number(chance(traffic))),
    ]
}
