//! The table.

use super::{builds::Measured, service::HANDLERS};
use std::{fmt::Write, time::Duration};

/// Of the three variants: the rows, and what an annotation adds.
pub(super) fn render([plain, layered, annotated]: &[Measured; 3]) -> String {
    let mut text = String::from(
        "| 100 axum handlers | clean build, s | after a change in one handler, s | clean release \
         build, s | stripped release program, bytes |\n| --- | --- | --- | --- | --- |\n",
    );
    let rows = [
        ("without us", plain),
        ("with the layer and the export", layered),
        ("and each annotated", annotated),
    ];
    for (name, measured) in rows {
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            seconds(&measured.clean),
            seconds(&measured.incremental),
            seconds(&measured.release),
            measured.bytes
        );
    }
    let added = |of: fn(&Measured) -> &Vec<Duration>| {
        let seconds = median(of(annotated)).as_secs_f64() - median(of(layered)).as_secs_f64();
        format!("{:.1} ms", seconds * 1000.0 / HANDLERS as f64)
    };
    let bytes = (annotated.bytes as f64 - layered.bytes as f64) / HANDLERS as f64;
    let _ = writeln!(
        text,
        "| one annotation adds | {} | {} | {} | {bytes:.0} |",
        added(|measured| &measured.clean),
        added(|measured| &measured.incremental),
        added(|measured| &measured.release),
    );
    text
}

/// The median and the range.
fn seconds(all: &[Duration]) -> String {
    let low = all.iter().min().copied().unwrap_or_default();
    let high = all.iter().max().copied().unwrap_or_default();
    format!(
        "{:.2} ({:.2}–{:.2})",
        median(all).as_secs_f64(),
        low.as_secs_f64(),
        high.as_secs_f64()
    )
}

fn median(all: &[Duration]) -> Duration {
    let mut sorted = all.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
