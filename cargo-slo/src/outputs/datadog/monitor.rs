//! Burn-rate monitors.

use super::tags::tag;
use crate::{
    definition::Slo,
    outputs::{facts, prometheus::duration},
    text::{datadog::literal, visible},
};
use slo_model::{Decimal, burn_rate::Condition};

/// The longest long window that Datadog takes, in minutes.
pub(super) const MAX_LONG_MINUTES: u32 = 48 * 60;

/// A monitor of an SLO: one condition, both of its windows.
#[derive(Clone, Debug)]
pub(in crate::outputs) struct Monitor {
    /// Tells it from the other monitors of its SLO: severity and long window.
    pub(in crate::outputs) key: String,
    /// Its name.
    pub(in crate::outputs) name: String,
    /// What is told; it notifies nobody yet.
    pub(in crate::outputs) message: String,
    /// Its tags.
    pub(in crate::outputs) tags: Vec<String>,
    /// How many times the sustainable rate fires it.
    pub(in crate::outputs) critical: Decimal,
    timeframe: &'static str,
    windows: [String; 2],
}

impl Monitor {
    /// The monitor for a condition, of an SLO with these tags over this time frame.
    pub(super) fn new(
        slo: &Slo,
        condition: &Condition,
        timeframe: &'static str,
        tags: &[String],
    ) -> Monitor {
        let severity = condition.severity.as_str();
        let windows = [condition.long_minutes, condition.short_minutes].map(window);
        let [long, short] = &windows;
        let mut message = format!(
            "{}\nThe error budget burns at more than {} times the rate that lasts {timeframe}, \
             over the last {long} and still over the last {short}.",
            facts::promise(slo),
            condition.factor
        );
        for (what, text) in [("Owner", &slo.owner), ("Runbook", &slo.runbook)] {
            if !text.is_empty() {
                message += &format!("\n{what}: {}", visible(text));
            }
        }
        let mut tags = tags.to_vec();
        tags.push(tag("severity", severity));
        Monitor {
            key: format!("{severity}-{}", duration(condition.long_minutes)),
            name: literal(&format!(
                "{}: error budget burns ({severity}, {long})",
                slo.identity
            )),
            message: literal(&message),
            tags,
            critical: condition.factor,
            timeframe,
            windows,
        }
    }

    /// Its query, for the SLO with this id.
    pub(in crate::outputs) fn query(&self, id: &str) -> String {
        let [long, short] = &self.windows;
        format!(
            "burn_rate(\"{id}\").over(\"{}\").long_window(\"{long}\").short_window(\"{short}\") > {}",
            self.timeframe, self.critical
        )
    }
}

/// Whole hours where they are whole, minutes otherwise; Datadog counts no days here.
fn window(minutes: u32) -> String {
    match minutes {
        m if m.is_multiple_of(60) => format!("{}h", m / 60),
        m => format!("{m}m"),
    }
}
