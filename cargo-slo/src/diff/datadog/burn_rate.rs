//! The query of a burn-rate monitor.

/// What a monitor watches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BurnRate<'q> {
    /// The id of its SLO.
    pub(super) slo: &'q str,
    /// The period that the budget is for.
    pub(super) over: &'q str,
    pub(super) long_window: &'q str,
    pub(super) short_window: &'q str,
    /// The burn rate that it fires above.
    pub(super) threshold: f64,
}

impl<'q> BurnRate<'q> {
    /// Reads a query; `None` if it is of another kind.
    pub(super) fn parse(query: &'q str) -> Option<BurnRate<'q>> {
        let argument = |function: &str| {
            let (_, rest) = query.split_once(function)?;
            let rest = rest.trim_start().strip_prefix('(')?.trim_start();
            let (argument, _) = rest.strip_prefix('"')?.split_once('"')?;
            Some(argument)
        };
        let (_, threshold) = query.rsplit_once('>')?;
        Some(BurnRate {
            slo: argument("burn_rate")?,
            over: argument(".over")?,
            long_window: argument(".long_window")?,
            short_window: argument(".short_window")?,
            threshold: threshold.trim().parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::BurnRate;

    #[test]
    fn queries_are_read() {
        let query = r#"burn_rate("abc").over("30d").long_window("1h").short_window("5m") > 14.4"#;
        let read = BurnRate {
            slo: "abc",
            over: "30d",
            long_window: "1h",
            short_window: "5m",
            threshold: 14.4,
        };
        assert_eq!(BurnRate::parse(query), Some(read));
        let spaced = query.replace('(', "( ").replace("> ", ">");
        assert_eq!(BurnRate::parse(&spaced), Some(read));
        for other in [
            "",
            "avg(last_5m):sum:x{*} > 3",
            r#"error_budget("abc").over("30d") > 75"#,
            r#"burn_rate("abc"#,
            r#"burn_rate("abc").over("30d").long_window("1h").short_window("5m") > x"#,
        ] {
            assert_eq!(BurnRate::parse(other), None, "{other}");
        }
    }
}
