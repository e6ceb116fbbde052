//! What a service is called.

use crate::Source;
use std::path::Path;

/// The name that a program gives its service, and where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceName {
    /// The name.
    pub name: &'static str,
    /// Where it stands.
    pub source: Source,
}

impl ServiceName {
    /// Returns a name that a service can have.
    ///
    /// # Panics
    /// If [`service_name_fault`] refuses the name.
    pub const fn new(name: &'static str, source: Source) -> ServiceName {
        assert!(
            service_name_fault(name).is_none(),
            "the name of a service has 1 to 200 bytes, does not start with `.`, and contains no `/`, no `\\` and no control character"
        );
        ServiceName { name, source }
    }
}

/// Why a service can't have this name, as the rest of a sentence; `None` if it can. The name becomes
/// a part of file names, and of identities and jobs, whose parts are told apart by `/`.
///
/// ```
/// assert_eq!(slo_model::service_name_fault("orders"), None);
/// assert_eq!(slo_model::service_name_fault("shop/orders"), Some("it contains `/` or `\\`"));
/// ```
pub const fn service_name_fault(name: &str) -> Option<&'static str> {
    let bytes = name.as_bytes();
    match bytes {
        [] => return Some("it is empty"),
        [b'.', ..] => return Some("it starts with `.`"),
        _ if bytes.len() > 200 => return Some("it is longer than 200 bytes"),
        _ => {}
    }
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'/' | b'\\' => return Some("it contains `/` or `\\`"),
            ..0x20 | 0x7f => return Some("it contains a control character"),
            // U+0080 to U+009F.
            0xc2 if bytes[i + 1] < 0xa0 => return Some("it contains a control character"),
            _ => i += 1,
        }
    }
    None
}

/// Returns the name of the service that an executable is: its file name, without
/// `.exe` or `.wasm`, and without the hash that cargo gives to a test, which is another one after
/// each change of a flag or a version.
///
/// The run time exports under this name and `cargo slo` writes rules for it, so both ask
/// here. `None` if the path has no file name or it is not UTF-8.
///
/// ```
/// use std::path::Path;
/// assert_eq!(slo_model::service_name(Path::new("target/release/orders.v2")), Some("orders.v2"));
/// assert_eq!(slo_model::service_name(Path::new("orders.exe")), Some("orders"));
/// let test = Path::new("target/debug/deps/orders-0123456789abcdef");
/// assert_eq!(slo_model::service_name(test), Some("orders"));
/// ```
pub fn service_name(executable: &Path) -> Option<&str> {
    let name = executable.file_name()?.to_str()?;
    let bare = [".exe", ".wasm"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending));
    let bare = bare.unwrap_or(name);
    let is_of_cargo = executable
        .parent()
        .is_some_and(|folder| folder.ends_with("deps"));
    Some(match bare.rsplit_once('-') {
        Some((name, hash)) if is_of_cargo && !name.is_empty() && is_hash(hash) => name,
        _ => bare,
    })
}

/// Whether cargo would put this after the name of what it built.
fn is_hash(text: &str) -> bool {
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 16 && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_of_a_folder_are_refused() {
        let long = "a".repeat(201);
        for name in [
            "", ".", "..", "../a", "a/b", "a\\b", "a\nb", "a\u{7f}", "a\u{80}", "a\u{9f}b", &long,
        ] {
            assert!(service_name_fault(name).is_some(), "{name:?}");
        }
        for name in [
            "orders",
            "Orders API",
            "日本",
            "a.b",
            "a\"b{{",
            "a\u{a0}",
            "Â",
            &long[1..],
        ] {
            assert_eq!(service_name_fault(name), None, "{name:?}");
        }
    }

    /// The standard library says what a control character is.
    #[test]
    fn every_control_character_is_refused_and_no_other() {
        for character in (0..0x1000).filter_map(char::from_u32) {
            if !matches!(character, '/' | '\\' | '.') {
                let is_refused = service_name_fault(&character.to_string()).is_some();
                assert_eq!(is_refused, character.is_control(), "{character:?}");
            }
        }
    }

    #[test]
    fn only_what_cargo_adds_is_left_out() {
        for (path, name) in [
            ("a/deps/orders-0123456789abcdef.exe", "orders"),
            ("a/deps/orders-api-0123456789abcdef", "orders-api"),
            ("a/deps/orders-0123456789abcdeF", "orders-0123456789abcdeF"),
            ("a/deps/orders-0123456789abcde", "orders-0123456789abcde"),
            ("a/deps/-0123456789abcdef", "-0123456789abcdef"),
            ("deps-0123456789abcdef", "deps-0123456789abcdef"),
            (
                "a/release/orders-0123456789abcdef",
                "orders-0123456789abcdef",
            ),
        ] {
            assert_eq!(service_name(Path::new(path)), Some(name), "{path}");
        }
    }
}
