//! How fast time goes: rules, windows and exports of a minute in a few seconds.
//!
//! What is generated is scaled as text, and anything in it that might be a time and is not
//! understood is an error: a rule that is half scaled would be another rule.

use std::{fmt::Write as _, time::Duration};

const MINUTE: Duration = Duration::from_secs(60);

/// How long a minute of the rules takes.
#[derive(Clone, Copy, Debug)]
pub(in crate::interop) struct Pace {
    minute: Duration,
}

impl Pace {
    /// In real time.
    pub(in crate::interop) const REAL: Pace = Pace { minute: MINUTE };

    pub(in crate::interop) fn is_real(self) -> bool {
        self.minute == MINUTE
    }

    pub(in crate::interop) const fn minute_in_seconds(seconds: u64) -> Pace {
        let minute = Duration::from_secs(seconds);
        Pace { minute }
    }

    /// How long it takes, to the millisecond and at least one.
    pub(in crate::interop) fn scaled(self, real: Duration) -> Duration {
        let millis = real.as_millis() * self.minute.as_millis() / MINUTE.as_millis();
        Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX).max(1))
    }

    pub(in crate::interop) fn minutes(self, minutes: f64) -> Duration {
        self.scaled(MINUTE.mul_f64(minutes))
    }

    /// As Prometheus writes it.
    pub(in crate::interop) fn shown(self, real: Duration) -> String {
        format!("{}ms", self.scaled(real).as_millis())
    }

    /// The rules of a file at this pace, and what they record under another prefix than `slo`, so
    /// that one store evaluates the rules of both modes.
    pub(in crate::interop) fn rules(self, text: &str, prefix: &str) -> Result<String, String> {
        let mut scaled = String::new();
        // The indentation of `expr`, while its lines last.
        let mut expr = None;
        for line in text.lines() {
            let indentation = line.len() - line.trim_start().len();
            let item = line.trim_start().trim_start_matches("- ");
            if expr.is_some_and(|key| indentation > key) {
                scaled.push_str(&self.expression(line)?);
            } else {
                expr = None;
                match item.split_once(": ") {
                    Some(("expr", "|-")) => {
                        expr = Some(indentation);
                        scaled.push_str(line);
                    }
                    Some((key @ ("interval" | "for"), time)) => {
                        let start = &line[..line.len() - item.len()];
                        let time = self.duration(time)?;
                        let _ = write!(scaled, "{start}{key}: {time}");
                    }
                    Some(("expr" | "limit" | "query_offset" | "keep_firing_for", _)) => {
                        return Err(format!("not understood: {line}"));
                    }
                    _ => scaled.push_str(line),
                }
            }
            scaled.push('\n');
        }
        Ok(renamed(&scaled, prefix))
    }

    fn expression(self, line: &str) -> Result<String, String> {
        let unclear = |what: &str| format!("is {what} a time? in: {line}");
        let mut scaled = String::new();
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let length = token(rest).ok_or_else(|| unclear(rest))?;
            let (token, after) = rest.split_at(length);
            rest = after;
            match first {
                '[' => {
                    let range = &token[1..length - 1];
                    let _ = write!(scaled, "[{}]", self.duration(range)?);
                }
                'a'..='z' | 'A'..='Z' | '_' | ':' => match token {
                    // An hour of the day is even where the count of hours since the epoch is.
                    "hour" if rest.starts_with("() % 2") => {
                        rest = &rest[2..];
                        let hour = self.seconds(3600.0);
                        let _ = write!(scaled, "floor(vector(time()) / {hour})");
                    }
                    "hour" | "minute" | "day_of_week" | "day_of_month" | "day_of_year"
                    | "days_in_month" | "month" | "year" => return Err(unclear(token)),
                    _ => scaled.push_str(token),
                },
                '0'..='9' => scaled.push_str(&self.number(token).ok_or_else(|| unclear(token))?),
                _ => scaled.push_str(token),
            }
        }
        Ok(scaled)
    }

    /// A number, which is one of seconds from a minute on, or a duration.
    fn number(self, token: &str) -> Option<String> {
        if token.ends_with(|last: char| last.is_ascii_alphabetic()) {
            return self.duration(token).ok();
        }
        // Rounding to parts per billion, shares and factors.
        if matches!(token, "1e9") || token.contains('.') {
            return Some(token.to_owned());
        }
        match token.parse().ok()? {
            0..15 => Some(token.to_owned()),
            15..60 => None,
            seconds => Some(self.seconds(f64::from(seconds))),
        }
    }

    fn seconds(self, real: f64) -> String {
        let scaled = self.scaled(Duration::from_secs_f64(real));
        format!("{}", scaled.as_secs_f64())
    }

    /// Such as `5h59m30s`, or `59s999ms`.
    fn duration(self, text: &str) -> Result<String, String> {
        let unclear = || format!("not a duration: {text}");
        let (mut milliseconds, mut digits) = (0, String::new());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let unit = match character {
                '0'..='9' => {
                    digits.push(character);
                    continue;
                }
                'm' if characters.next_if_eq(&'s').is_some() => 1,
                's' => 1000,
                'm' => 60_000,
                'h' => 3_600_000,
                'd' => 86_400_000,
                _ => return Err(unclear()),
            };
            let count: u64 = digits.parse().map_err(|_| unclear())?;
            digits.clear();
            milliseconds += count * unit;
        }
        if milliseconds == 0 || !digits.is_empty() {
            return Err(unclear());
        }
        Ok(self.shown(Duration::from_millis(milliseconds)))
    }
}

/// The length of the first token of an expression.
fn token(rest: &str) -> Option<usize> {
    let run = |of: fn(char) -> bool| rest.find(|c: char| !of(c)).unwrap_or(rest.len());
    match rest.chars().next()? {
        '[' => rest.find(']').map(|end| end + 1),
        '"' => {
            let mut escaped = false;
            let mut rest = rest.char_indices().skip(1);
            rest.find(|(_, c)| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            })
            .map(|(end, _)| end + 1)
        }
        'a'..='z' | 'A'..='Z' | '_' | ':' => {
            Some(run(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':')))
        }
        '0'..='9' => Some(run(|c| c.is_ascii_alphanumeric() || c == '.')),
        other => Some(other.len_utf8()),
    }
}

/// What is recorded and alerted under another prefix than `slo`.
fn renamed(text: &str, prefix: &str) -> String {
    let mut pieces = text.split("slo:");
    let mut renamed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // A label's name ends with a colon, too.
        let is_metric = piece.starts_with(|c: char| c.is_ascii_alphabetic());
        renamed.push_str(if is_metric { prefix } else { "slo" });
        renamed.push(':');
        renamed.push_str(piece);
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace::minute_in_seconds(5);

    #[test]
    fn expressions() {
        for (line, scaled) in [
            ("x[59m30s] offset 1m", "x[297500ms] offset 5000ms"),
            ("x[1h] offset 1s", "x[300000ms] offset 83ms"),
            ("x[59m59s999ms]", "x[299999ms]"),
            ("a > time() - 3540", "a > time() - 295"),
            ("time() - time() % 3600", "time() - time() % 300"),
            (
                "c and on () hour() % 2 == 0",
                "c and on () floor(vector(time()) / 300) % 2 == 0",
            ),
            (
                "3 * slo:job:interval + 86400",
                "3 * slo:job:interval + 7200",
            ),
            ("round(x * 1e9) / 1e9", "round(x * 1e9) / 1e9"),
            (
                "14.4 * x{le=\"60\\\"[1m]\"} + 2.33",
                "14.4 * x{le=\"60\\\"[1m]\"} + 2.33",
            ),
            ("slo:events:sum1h > 900", "slo:events:sum1h > 75"),
        ] {
            assert_eq!(PACE.expression(line).as_deref(), Ok(scaled), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for line in [
            "x[5m:1m]",
            "x[$range]",
            "x > 30",
            "hour() == 3",
            "minute() % 2",
            "x offset 5y",
            "x[5m",
            "x{a=\"b}",
            "x > 1e6",
        ] {
            assert!(PACE.expression(line).is_err(), "{line}");
        }
        for file in ["expr: up > 1\n", "interval: soon\n", "query_offset: 1m\n"] {
            assert!(PACE.rules(file, "slo").is_err(), "{file}");
        }
    }

    #[test]
    fn a_file_keeps_what_is_no_time() {
        let file = "groups:\n  - name: \"slo a\"\n    interval: 1m\n    rules:\n\
                    \x20     - record: \"slo:a:count1m\"\n        expr: |-\n          slo:b[15m]\n\
                    \x20       labels:\n          slo: \"15m\"\n        for: 10m\n";
        let scaled = "groups:\n  - name: \"slo a\"\n    interval: 5000ms\n    rules:\n\
                      \x20     - record: \"all:a:count1m\"\n        expr: |-\n          \
                      all:b[75000ms]\n        labels:\n          slo: \"15m\"\n        \
                      for: 50000ms\n";
        assert_eq!(PACE.rules(file, "all").as_deref(), Ok(scaled));
    }
}
