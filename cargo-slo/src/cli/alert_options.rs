//! What alerts are made of, as options.

use clap::{Args, ValueEnum};
use slo_model::burn_rate::Scaling;

/// Options that say which alerts there are, the same for all that writes, shows or checks them.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which alerts there are")]
pub(super) struct AlertOptions {
    /// What alert conditions do for windows other than 30 days
    #[arg(long, value_enum, value_name = "HOW", default_value = "keep-windows")]
    scaling: ScalingOption,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum ScalingOption {
    /// Alerts look at the same windows; their factors are computed again
    #[default]
    KeepWindows,
    /// Alerts keep their factors; their windows grow and shrink with the SLO's
    ScaleWindows,
}

impl AlertOptions {
    pub(super) fn scaling(&self) -> Scaling {
        match self.scaling {
            ScalingOption::KeepWindows => Scaling::KeepWindows,
            ScalingOption::ScaleWindows => Scaling::ScaleWindows,
        }
    }
}
