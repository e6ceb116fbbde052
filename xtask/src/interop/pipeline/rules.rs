//! The stores of rows: a Prometheus with the rules of both modes, at the pace of its rows.

use crate::interop::parts::{pace::Pace, store::Store};
use std::{fs, net::SocketAddr, path::Path, time::Duration};

/// The modes of rules, and the prefix of what each records here.
pub(super) const MODES: [(&str, &str); 2] = [("per-slo", "slo"), ("universal", "universal")];

/// Writes the configuration of a store; nothing is started yet.
///
/// `made` holds the rules of each mode; `scraped` is the address of a Collector.
pub(super) fn store(
    program: &Path,
    folder: &Path,
    made: &Path,
    pace: Pace,
    scraped: Option<SocketAddr>,
) -> Result<Store, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder.join("rules")).map_err(failed)?;
    for (mode, prefix) in MODES {
        let entries = fs::read_dir(made.join(mode)).map_err(failed)?;
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let text = fs::read_to_string(entry.path()).map_err(failed)?;
            let rules = pace.rules(&text, prefix)?;
            let name = entry.file_name();
            fs::write(folder.join("rules").join(name), rules).map_err(failed)?;
        }
    }
    let real = Duration::from_secs;
    let mut config = format!(
        "global:\n  evaluation_interval: {minute}\n  scrape_interval: {often}\n  \
           scrape_timeout: {often}\n\
         rule_files: [rules/*.yaml]\n\
         storage:\n  tsdb:\n    out_of_order_time_window: 1h\n",
        minute = pace.shown(real(60)),
        often = pace.shown(real(15)),
    );
    if let Some(scraped) = scraped {
        // What the Collector exposes says whose it is.
        config += &format!(
            "scrape_configs:\n- job_name: collector\n  honor_labels: true\n  \
               static_configs: [{{targets: [\"{scraped}\"]}}]\n"
        );
    }
    Store::new(program, folder, &config, pace)
}
