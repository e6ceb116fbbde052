//! Checks and comparisons of strings that work in constant evaluation.

/// Longest text one field of a declaration may carry, in bytes. Constant evaluation of
/// longer ones would slow every build down, and no label or document wants them.
pub(crate) const MAX_TEXT: usize = 4096;

/// Longest identifier (journey, endpoint, latency objective), in bytes.
pub(crate) const MAX_NAME: usize = 100;

/// Most former names of one journey or endpoint: more renames within one window are none.
pub(crate) const MAX_FORMER_NAMES: usize = 4;

pub(crate) const fn equal(a: &str, b: &str) -> bool {
    are_equal(a.as_bytes(), b.as_bytes())
}

const fn are_equal(a: &[u8], b: &[u8]) -> bool {
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
    are_words(name.as_bytes())
}

/// True for what an endpoint may have been called: a name, or `journey/name`.
pub(crate) const fn is_former_endpoint(name: &str) -> bool {
    match parts(name.as_bytes()) {
        (None, name) => are_words(name),
        (Some(journey), name) => are_words(journey) && are_words(name),
    }
}

/// True where `former`, a name or `journey/name`, is what the endpoint is called now.
pub(crate) const fn is_same_endpoint(former: &str, journey: &str, name: &str) -> bool {
    match parts(former.as_bytes()) {
        (None, former) => are_equal(former, name.as_bytes()),
        (Some(former_journey), former) => {
            are_equal(former_journey, journey.as_bytes()) && are_equal(former, name.as_bytes())
        }
    }
}

/// What stands before the first slash, if there is one, and what remains.
const fn parts(name: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let mut i = 0;
    while i < name.len() {
        if name[i] == b'/' {
            let (before, rest) = name.split_at(i);
            return (Some(before), rest.split_at(1).1);
        }
        i += 1;
    }
    (None, name)
}

const fn are_words(mut rest: &[u8]) -> bool {
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
    fn former_names_may_name_the_journey() {
        for good in ["place-order", "checkout/place-order"] {
            assert!(is_former_endpoint(good), "{good}");
        }
        for bad in ["", "/", "a/", "/a", "a/b/c", "A", "a/B", "a//b"] {
            assert!(!is_former_endpoint(bad), "{bad}");
        }
        let is_same = |former| is_same_endpoint(former, "checkout", "cart");
        assert!(is_same("cart") && is_same("checkout/cart"));
        assert!(!is_same("buy/cart") && !is_same("checkout/basket") && !is_same("basket"));
    }

    #[test]
    fn equality_is_of_bytes() {
        assert!(equal("a", "a") && !equal("a", "b") && !equal("a", "ab"));
    }
}
