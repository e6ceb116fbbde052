//! Time as one can watch it.

use super::view::Scale;
use slo_model::Window;
use std::time::Duration;

impl Scale {
    /// The shortest window of an alert: two exports of a service that exports each second.
    pub const SHORTEST: Duration = Duration::from_secs(2);

    /// A length of time that stands for 30 days.
    pub fn from_window(window: Duration) -> Scale {
        let month = Duration::from_secs(60 * u64::from(Window::DEFAULT.length_minutes()));
        Scale {
            window,
            factor: month.as_secs_f64() / window.as_secs_f64(),
        }
    }

    /// Returns what stands for so many minutes.
    pub fn length(&self, minutes: u32) -> Duration {
        let seconds = 60.0 * f64::from(minutes) / self.factor;
        Duration::try_from_secs_f64(seconds).unwrap_or(self.window)
    }

    /// Returns what stands for a window of an alert, which is at least two exports.
    pub fn alert_window(&self, minutes: u32) -> Duration {
        self.length(minutes).max(Scale::SHORTEST)
    }

    /// Returns the sentence about it: `1 s stands for 72 min`.
    pub fn sentence(&self) -> String {
        let (count, unit) = match self.factor {
            factor if factor >= 2.0 * 86_400.0 => (factor / 86_400.0, "d"),
            factor if factor >= 2.0 * 3_600.0 => (factor / 3_600.0, "h"),
            factor if factor >= 2.0 * 60.0 => (factor / 60.0, "min"),
            factor => (factor, "s"),
        };
        let rounded = (count * 10.0).round() / 10.0;
        format!("1 s stands for {rounded} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_factor_for_everything() {
        let scale = Scale::from_window(Duration::from_secs(600));
        assert_eq!(scale.sentence(), "1 s stands for 72 min");
        assert_eq!(scale.length(7 * 1440), Duration::from_secs(140));
        assert_eq!(scale.alert_window(60), Scale::SHORTEST);
        assert_eq!(scale.alert_window(360), Duration::from_secs(5));
    }
}
