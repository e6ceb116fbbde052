//! Checks and comparisons of strings that work in constant evaluation.

/// Longest text one field of a declaration may carry, in bytes. Constant evaluation of
/// longer ones would slow every build down, and no label or document wants them.
pub(crate) const MAX_TEXT: usize = 4096;

/// Longest identifier (journey, endpoint, latency objective), in bytes.
pub(crate) const MAX_NAME: usize = 100;

pub(crate) const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let len = a.len();
    if len != b.len() {
        return false;
    }
    let mut i = 0;
    while i < len {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// True for `[a-z0-9]` words joined by single `-`, `_` or `.`: what every system that will
/// see the name accepts as an identifier.
pub(crate) const fn is_name(name: &str) -> bool {
    let mut rest = name.as_bytes();
    if rest.len() > MAX_NAME {
        return false;
    }
    let mut separator = true;
    while let [byte, more @ ..] = rest {
        match *byte {
            b'a'..=b'z' | b'0'..=b'9' => separator = false,
            b'-' | b'_' | b'.' => {
                if separator {
                    return false;
                }
                separator = true;
            }
            _ => return false,
        }
        rest = more;
    }
    !separator
}

/// True for a name without a `.`, which parts an SLI from what stands before it in the
/// identity of an SLO: `service/journey/endpoint.sli`.
pub(crate) const fn is_sli_name(name: &str) -> bool {
    let b = name.as_bytes();
    let mut i = 0;
    while i < b.len() {
        if b[i] == b'.' {
            return false;
        }
        i += 1;
    }
    is_name(name)
}

/// Refuses a text no field may carry.
pub(crate) const fn check(text: &str) -> &str {
    assert!(
        text.len() <= MAX_TEXT,
        "a text in an SLO declaration is at most 4096 bytes long"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_words() {
        for good in ["checkout", "place-order", "a.b_c-1", "0"] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "a--b",
            "Checkout",
            "a b",
            "é",
            "a/b",
            &"a".repeat(101),
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn equality_is_of_bytes() {
        assert!(equal("a", "a") && !equal("a", "b") && !equal("a", "ab"));
    }
}
