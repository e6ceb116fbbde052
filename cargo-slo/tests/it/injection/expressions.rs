//! PromQL, as Prometheus and Grafana read it.

use super::{
    Round,
    compare::same,
    readers::{expanded, lexed, matchers, unescaped},
};

/// How often Grafana finds one of its variables in a text.
pub(super) fn variables(text: &str) -> usize {
    text.matches('$').count() + text.matches("[[").count()
}

/// The same expression about other texts.
pub(super) fn promql(round: &Round<'_>, plain: &str, hostile: &str) -> Result<(), String> {
    // Variables of templates and of Grafana stand for lengths of time.
    let concrete = |text: &str| {
        ["{{.window}}", "$__rate_interval", "$__range"]
            .iter()
            .fold(text.to_owned(), |text, name| text.replace(name, "5m"))
    };
    let (plain, hostile) = (concrete(plain), concrete(hostile));
    lexed_alike(round, &plain, &hostile)?;
    // A function of Grafana's, not of Prometheus.
    if !plain.starts_with("label_values(") && round.parses(&hostile) {
        let (known, found) = (matchers(&plain)?, matchers(&hostile)?);
        same(&known.len().to_string(), &found.len().to_string())?;
        for ((name, value), (other_name, other)) in known.iter().zip(&found) {
            same(name, other_name)?;
            same(&round.expected(value, str::to_owned), other)?;
        }
    }
    Ok(())
}

/// The same around the texts of two expressions, and in these what belongs there.
pub(super) fn lexed_alike(round: &Round<'_>, plain: &str, hostile: &str) -> Result<(), String> {
    let broken = || format!("its texts don't end: {hostile}");
    let (around, texts) = lexed(plain).ok_or_else(broken)?;
    let (other_around, other_texts) = lexed(hostile).ok_or_else(broken)?;
    same(&around, &other_around)?;
    let before: Vec<_> = around.split('"').collect();
    for (n, (text, other)) in texts.iter().zip(&other_texts).enumerate() {
        let is_regex = before.get(n).is_some_and(|before| before.ends_with('~'));
        let read = |text: &str| match is_regex {
            true => unescaped(text),
            false => text.to_owned(),
        };
        same(&round.expected(&read(text), str::to_owned), &read(other))?;
    }
    Ok(())
}

/// How the alert for missing data begins, which shows a selector.
pub(super) const MISSING: &str = "Not one sample of slo_";

pub(super) fn missing(round: &Round<'_>, plain: &str, hostile: &str) -> Result<(), String> {
    let parted = |text: &str| {
        let (selector, rest) = text.strip_prefix(MISSING)?.rsplit_once("} in 15m")?;
        Some((format!("{selector}}}"), rest.to_owned()))
    };
    let found = parted(&expanded(hostile)).ok_or(format!("no selector in {hostile:?}"))?;
    let (selector, rest) = parted(plain).ok_or("no selector in the plain text")?;
    same(&rest, &found.1)?;
    lexed_alike(round, &selector, &found.0)
}
