//! Names that other systems take, for identities that they would not.
//!
//! Kubernetes, OpenSLO and Sloth want a name of at most 63 letters, digits and hyphens. An
//! identity keeps its words and is told apart by two hyphens, which no part of it contains:
//! `orders/checkout/place-order.latency` becomes `orders--checkout--place-order--latency`.
//! Where a part has other characters, or all of it is too long, a hash of the identity stands
//! behind three hyphens, so that no two identities share a name. A name depends on nothing
//! but its identity: it stays when others come and go.
//!
//! The object with the rules of a service in Kubernetes is named by [`of_object`]: names of ASCII are
//! words joined by single hyphens there, and only other ones are told apart by a hash.

use super::Settings;
use crate::{definition::Identity, text::hash::fnv1a};

/// The longest name, in bytes.
const MAX: usize = 63;

/// The longest name of an object in Kubernetes, in bytes.
const MAX_OBJECT: usize = 253;

/// The name of an SLO.
pub(super) fn of_slo(identity: &Identity) -> String {
    let Identity { service, .. } = identity;
    name(
        std::iter::once(&**service).chain(parts(identity)),
        &identity.to_string(),
    )
}

/// The name of an SLO where that of its service stands beside it.
pub(super) fn in_service(identity: &Identity) -> String {
    name(parts(identity), &identity.to_string())
}

/// The name of a service.
pub(super) fn of_service(service: &str) -> String {
    name([service], service)
}

/// The name of the object in Kubernetes that holds the rules of a service or a whole run.
///
/// Two names of ASCII may share one, which `refusals` of the output tells: `Orders.v2` and
/// `orders-v2`. To give them others would leave the objects behind that are there already, with
/// the same rules.
pub(super) fn of_object(name: &str) -> String {
    let mut out = String::from("slo");
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    for word in words {
        out.push('-');
        out += &word.to_ascii_lowercase();
    }
    match name.is_ascii() && out.len() <= MAX_OBJECT {
        true => out,
        false => hashed(&out, name, MAX_OBJECT),
    }
}

/// A name of 20 characters, made of a hash alone, for what people see under another.
pub(super) fn short(text: &str) -> String {
    format!("slo-{:016x}", fnv1a(text.as_bytes()))
}

/// A name made of these parts, which together are one thing.
pub(super) fn of_parts(parts: &[&str]) -> String {
    name(parts.iter().copied(), &parts.join("/"))
}

/// The name of a file, beside that of another namespace, never over it.
pub(super) fn file(stem: &str, settings: &Settings, extension: &str) -> String {
    match &settings.namespace {
        Some(namespace) => format!("{stem}@{namespace}.{extension}"),
        None => format!("{stem}.{extension}"),
    }
}

fn parts(identity: &Identity) -> impl Iterator<Item = &str> {
    let Identity {
        service: _,
        journey,
        endpoint,
        sli,
    } = identity;
    [Some(&**journey), endpoint.as_deref(), Some(&**sli)]
        .into_iter()
        .flatten()
}

fn name<'a>(parts: impl IntoIterator<Item = &'a str>, identity: &str) -> String {
    let parts: Vec<_> = parts.into_iter().collect();
    let readable = parts.join("--");
    // One character is a name, too, but not to Sloth.
    if (2..=MAX).contains(&readable.len()) && parts.iter().all(|part| is_words(part)) {
        return readable;
    }
    hashed(&words(&readable), identity, MAX)
}

/// As many of the words as fit, and a hash of the whole.
fn hashed(words: &str, identity: &str, max: usize) -> String {
    let hash = format!("---{:016x}", fnv1a(identity.as_bytes()));
    let kept = words.get(..max - hash.len()).unwrap_or(words);
    match kept.trim_end_matches('-') {
        "" => format!("slo{hash}"),
        kept => format!("{kept}{hash}"),
    }
}

/// Lower-case letters and digits, joined by single hyphens.
fn is_words(text: &str) -> bool {
    words(text) == text && !text.contains("--") && !text.is_empty()
}

/// What a reader may still recognise: everything else becomes one hyphen.
fn words(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => out.push(c),
            // Two hyphens part, so they stay; three come before the hash.
            '-' if !out.is_empty() && !out.ends_with("--") => out.push('-'),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(service: &str, journey: &str, endpoint: Option<&str>, sli: &str) -> Identity {
        Identity {
            service: service.into(),
            journey: journey.into(),
            endpoint: endpoint.map(Into::into),
            sli: sli.into(),
        }
    }

    /// As Kubernetes checks it.
    fn is_label(name: &str) -> bool {
        (2..=63).contains(&name.len()) && is_subdomain(name)
    }

    /// As Kubernetes checks it, but for its length; we write no dot.
    fn is_subdomain(name: &str) -> bool {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        name.starts_with(alphanumeric)
            && name.ends_with(alphanumeric)
            && name.chars().all(|c| alphanumeric(c) || c == '-')
    }

    #[test]
    fn plain_names_stay_readable() {
        let checkout = identity("orders", "checkout", Some("place-order"), "latency");
        assert_eq!(of_slo(&checkout), "orders--checkout--place-order--latency");
        assert_eq!(in_service(&checkout), "checkout--place-order--latency");
        assert_eq!(of_service("orders-api"), "orders-api");
        assert_eq!(of_parts(&["orders", "page"]), "orders--page");
    }

    #[test]
    fn what_looks_alike_stays_apart() {
        let names = [
            identity("a", "b-c", None, "d"),
            identity("a-b", "c", None, "d"),
            identity("a", "b", Some("c"), "d"),
            identity("a--b", "c", None, "d"),
            identity("a.b", "c", None, "d"),
            identity("a_b", "c", None, "d"),
            identity("A-b", "c", None, "d"),
            identity("日本", "c", None, "d"),
            identity("本日", "c", None, "d"),
            identity(&"a".repeat(90), "c", None, "d"),
            identity(&"a".repeat(91), "c", None, "d"),
        ]
        .map(|identity| of_slo(&identity));
        for (i, name) in names.iter().enumerate() {
            assert!(is_label(name), "{name}");
            assert!(!names[..i].contains(name), "{name} in {names:?}");
        }
        assert_eq!(names[7], "c--d---621c0f240984a291");
    }

    /// As they always were: another name would leave the object behind that is there.
    #[test]
    fn objects_of_ascii_names_are_words() {
        for (name, expected) in [
            ("orders", "slo-orders"),
            ("Orders_v2.1@shop", "slo-orders-v2-1-shop"),
            ("slo-universal", "slo-slo-universal"),
            ("..", "slo"),
        ] {
            assert_eq!(of_object(name), expected);
        }
    }

    #[test]
    fn objects_of_other_names_stay_apart() {
        assert_eq!(of_object("日本"), "slo---121d7e35a6d3ce91");
        let long = ["a-", "a_"].map(|part| of_object(&part.repeat(200)));
        let names = ["日本", "本日", "日本 v2", "本日 v2", "v2"].map(of_object);
        let names: Vec<_> = names.iter().chain(&long).collect();
        for (i, name) in names.iter().enumerate() {
            assert!(name.len() <= MAX_OBJECT, "{name}");
            assert!(!names[..i].contains(name), "{name} in {names:?}");
        }
    }

    #[test]
    fn services_without_a_letter_have_names() {
        for service in ["日本", "-", "x", "..", "a b"] {
            assert!(is_label(&of_service(service)), "{}", of_service(service));
        }
    }

    proptest::proptest! {
        #[test]
        fn every_name_is_a_label(service: String, journey in "[a-z0-9]{1,40}([-_.][a-z0-9]{1,20}){0,3}") {
            let name = of_slo(&identity(&service, &journey, None, "latency"));
            proptest::prop_assert!(is_label(&name), "{name}");
        }

        /// Only of ASCII are there names that share an object.
        #[test]
        fn other_names_share_no_object(
            one in "[a-b日本é@._ -]{1,6}|[a日]{200,300}",
            other in "[a-b日本é@._ -]{1,6}|[a日]{200,300}",
        ) {
            let names = [&one, &other].map(|name| of_object(name));
            for name in &names {
                proptest::prop_assert!(name.len() <= MAX_OBJECT && is_subdomain(name), "{name}");
            }
            let may_share = one == other || one.is_ascii() && other.is_ascii();
            proptest::prop_assert!(may_share || names[0] != names[1], "{one} and {other}: {names:?}");
        }
    }
}
