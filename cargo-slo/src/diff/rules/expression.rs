//! When two expressions are the same, however they are written down.

/// The expression without what a reader of PromQL drops: white space between words, how numbers
/// and durations are spelt, and the order of matchers. Prometheus writes expressions down again
/// when it is asked for its rules.
pub(super) fn canonical(expr: &str) -> String {
    let mut out = String::with_capacity(expr.len());
    let mut matchers: Option<Vec<String>> = None;
    for token in Tokens(expr) {
        match (token, &mut matchers) {
            ("{", None) => matchers = Some(vec![String::new()]),
            ("}", Some(all)) => {
                all.sort_unstable();
                out += &format!("{{{}}}", all.join(","));
                matchers = None;
            }
            (",", Some(all)) => all.push(String::new()),
            (token, all) => {
                let to = all
                    .as_mut()
                    .and_then(|all| all.last_mut())
                    .unwrap_or(&mut out);
                // Two words need something between them.
                if to.ends_with(is_word) && token.starts_with(is_word) {
                    to.push(' ');
                }
                *to += &word(token);
            }
        }
    }
    out
}

/// Texts in their quotes, words with numbers and durations among them, and single marks.
pub(super) struct Tokens<'a>(pub(super) &'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let first = text.chars().next()?;
        let length = match first {
            '"' => quoted(text),
            c if is_word(c) => word_at(text),
            c => c.len_utf8(),
        };
        let (token, rest) = text.split_at(length);
        self.0 = rest;
        Some(token)
    }
}

/// How long the text in quotes is that stands first.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at + 1,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

/// How long the word is that stands first; `1e-9` is one.
fn word_at(text: &str) -> usize {
    let end = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
    let length = end(text);
    let (word, rest) = text.split_at(length);
    let is_exponent = word
        .strip_suffix(['e', 'E'])
        .is_some_and(|number| number.parse::<f64>().is_ok());
    match rest.strip_prefix(['-', '+']) {
        Some(exponent) if is_exponent => length + 1 + end(exponent),
        _ => length,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '.')
}

/// Numbers and durations in one spelling, everything else as it is.
fn word(word: &str) -> String {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.to_owned();
    }
    match (word.parse::<f64>(), milliseconds(word)) {
        (Ok(number), _) => number.to_string(),
        (_, Some(duration)) => format!("{duration}ms"),
        _ => word.to_owned(),
    }
}

/// What `1h30m` is; units are those of Prometheus.
pub(super) fn milliseconds(duration: &str) -> Option<u64> {
    let mut sum = 0u64;
    let mut rest = duration;
    while !rest.is_empty() {
        let (n, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let units = [
            ("ms", 1),
            ("s", 1000),
            ("m", 60_000),
            ("h", 3_600_000),
            ("d", 86_400_000),
            ("w", 604_800_000),
            ("y", 31_536_000_000),
        ];
        let (unit, each) = units.iter().find(|(unit, _)| after.starts_with(unit))?;
        sum = sum.checked_add(n.parse::<u64>().ok()?.checked_mul(*each)?)?;
        rest = &after[unit.len()..];
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn spelling_makes_no_difference() {
        for (ours, theirs) in [
            ("sum by (job) (\n  x\n)", "sum by (job) (x)"),
            ("round(x * 1e9) / 1e9", "round(x * 1e+09) / 1e+09"),
            ("x > 0.00001", "x > 1e-05"),
            ("a\nand\nb", "a and b"),
            ("m{a=\"b c\",d=~\"e\"}", "m{a=\"b c\", d=~\"e\"}"),
            ("x[15m] offset 1m", "x[15m]   offset 1m"),
            ("x[450s] offset 28d", "x[7m30s] offset 4w"),
            ("m{b=\"x,}\",a!=\"\"}", "m{a!=\"\", b=\"x,}\"}"),
            ("(a or b) - c", "(a or b)-c"),
        ] {
            assert_eq!(canonical(ours), canonical(theirs));
        }
    }

    #[test]
    fn everything_else_does() {
        for (one, other) in [
            ("a and b", "a or b"),
            ("m{a=\"b c\"}", "m{a=\"bc\"}"),
            ("m{a=\"b\\\" c\"}", "m{a=\"b\\\"  c\"}"),
            ("x > 0.001", "x > 0.002"),
            ("x[15m]", "x[16m]"),
            ("e-1", "e1"),
            ("sum(a, b)", "sum(b, a)"),
            ("m{a=\"b\"}", "m{a=\"b"),
        ] {
            assert_ne!(canonical(one), canonical(other));
        }
    }
}
