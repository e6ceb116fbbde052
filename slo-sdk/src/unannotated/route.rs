//! Under which name a request is counted that no annotation covers.

/// Most names of each kind that a client has a hand in.
pub const MAX_CLIENT_NAMES: usize = 50;

/// Longest segment of a client's path that is a name.
const MAX_SEGMENT_BYTES: usize = 32;
/// Longest method of gRPC that is a name.
const MAX_METHOD_BYTES: usize = 128;

/// Where a request went that no annotation covers, and somebody served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServedRoute<'a> {
    /// What the program itself says: the template that a router matched, or the prefix that a
    /// service is mounted at.
    Template(&'a str),
    /// The method of gRPC that a client called, `/package.Service/Method`.
    Method(&'a str),
    /// The path that a client asked for; its first segment is the name.
    Path(&'a str),
}

impl<'a> ServedRoute<'a> {
    /// The name, unless it is one that only a client could have thought of.
    pub(super) fn name(self) -> Option<&'a str> {
        match self {
            ServedRoute::Template(template) => Some(template),
            ServedRoute::Method(path) => is_method(path).then_some(path),
            ServedRoute::Path(path) => first_segment(path),
        }
    }
}

fn is_method(path: &str) -> bool {
    let is_word = |word: &str| {
        let mut bytes = word.bytes();
        !word.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte))
    };
    let parts = path.strip_prefix('/').and_then(|path| path.split_once('/'));
    let is_named = parts.is_some_and(|(service, method)| is_word(service) && is_word(method));
    path.len() <= MAX_METHOD_BYTES && is_named
}

/// The first segment with its slash; `/` for the root.
fn first_segment(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let segment = rest.split('/').next().unwrap_or(rest);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let is_name = !segment.is_empty()
        && segment.len() <= MAX_SEGMENT_BYTES
        && segment.bytes().all(is_plain)
        && !matches!(segment, "." | "..");
    (rest.is_empty() || is_name).then(|| &path[..=segment.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_segment_is_the_name() {
        let long = format!("/{}/x", "a".repeat(MAX_SEGMENT_BYTES));
        let longer = format!("/{}/x", "a".repeat(MAX_SEGMENT_BYTES + 1));
        for (path, name) in [
            ("/", Some("/")),
            ("/v2", Some("/v2")),
            ("/v2/", Some("/v2")),
            ("/v2/users/1", Some("/v2")),
            ("/.well-known/x", Some("/.well-known")),
            (&long, Some(&long[..=MAX_SEGMENT_BYTES])),
            (&longer, None),
            ("//v2", None),
            ("/../v2", None),
            ("/./v2", None),
            ("/%76/users", None),
            ("/grüße/x", None),
            ("/a b", None),
            ("/{id}", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(ServedRoute::Path(path).name(), name, "{path}");
        }
    }

    #[test]
    fn a_method_is_a_service_and_a_word() {
        let long = format!("/a.B/{}", "c".repeat(MAX_METHOD_BYTES - 5));
        for (path, is_name) in [
            ("/a.b.C/Call", true),
            ("/Greeter/SayHello", true),
            (&long, true),
            (&format!("{long}c"), false),
            ("/a.B/", false),
            ("//Call", false),
            ("/a.B/Call/x", false),
            ("/a.B", false),
            ("/a.B/Call\n", false),
            ("a.B/Call", false),
        ] {
            assert_eq!(
                ServedRoute::Method(path).name().is_some(),
                is_name,
                "{path}"
            );
        }
    }
}
