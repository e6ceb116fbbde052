//! When two expressions are the same, however they are written down.

/// The expression without what a reader of PromQL drops: white space between words, and how
/// numbers are spelt. Prometheus writes expressions down anew when it is asked for its rules.
pub(super) fn canonical(expr: &str) -> String {
    let mut out = String::with_capacity(expr.len());
    let mut rest = expr.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '"' => {
                out.push('"');
                let mut is_escaped = false;
                for (_, c) in rest.by_ref() {
                    out.push(c);
                    match c {
                        '"' if !is_escaped => break,
                        '\\' => is_escaped = !is_escaped,
                        _ => is_escaped = false,
                    }
                }
            }
            c if c.is_whitespace() => {
                let next = rest.peek().map(|&(_, next)| next);
                // Two words need something between them.
                if out.ends_with(is_word) && next.is_some_and(is_word) {
                    out.push(' ');
                }
            }
            c if is_word(c) => {
                let mut end = at + c.len_utf8();
                while let Some((at, c)) = rest.next_if(|&(at, c)| {
                    // `1e-9` is one number.
                    is_word(c) || matches!(c, '-' | '+') && is_exponent(&expr[..at])
                }) {
                    end = at + c.len_utf8();
                }
                out += &word(&expr[at..end]);
            }
            c => out.push(c),
        }
    }
    // What stood between a word and a mark may be gone or not.
    out.trim_end().to_owned()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '.')
}

/// True where the text ends in digits and an `e`.
fn is_exponent(text: &str) -> bool {
    text.strip_suffix(['e', 'E']).is_some_and(|number| {
        number.ends_with(|c: char| c.is_ascii_digit()) && last_is_number(number)
    })
}

fn last_is_number(text: &str) -> bool {
    let last = text.rsplit(|c: char| !is_word(c)).next().unwrap_or(text);
    last.parse::<f64>().is_ok()
}

fn word(word: &str) -> String {
    match word.parse::<f64>() {
        Ok(number) if word.starts_with(|c: char| c.is_ascii_digit()) => number.to_string(),
        _ => word.to_owned(),
    }
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
        ] {
            assert_ne!(canonical(one), canonical(other));
        }
    }
}
