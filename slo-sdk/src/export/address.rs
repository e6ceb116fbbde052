//! Addresses and headers as they may be told: without what lets somebody in.

use std::fmt;

/// An address without user, password, query and fragment. It may be any text: what a person
/// wrote into a variable, or what a server redirects to.
pub(crate) fn shown(address: &str) -> String {
    // Neither holds in a scheme; whoever writes a password before `://` wrote no scheme.
    let is_scheme =
        |scheme: &str, rest: &str| !scheme.contains(['@', '/', '?', '#']) && !rest.contains("://");
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme, rest) => (format!("{scheme}://"), rest),
        _ => (String::new(), address),
    };
    // A password may hold any of `/?#` unescaped, so the last `@` of all parts it from the host.
    let (secret, rest) = match rest.rsplit_once('@') {
        Some((_, host)) => ("…@", host),
        None => ("", rest),
    };
    let end = rest.find(['?', '#']);
    let (rest, cut) = match end {
        Some(end) => (&rest[..end], &rest[end..=end]),
        None => (rest, ""),
    };
    let dots = if cut.is_empty() { "" } else { "…" };
    let text: String = format!("{scheme}{secret}{rest}{cut}{dots}");
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// What must not be told, of one exporter: user and password of its address, its query, and the
/// values of its headers.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Those in these addresses, and in this list of headers as the variables write it.
    pub(crate) fn from_addresses<'a>(
        addresses: impl IntoIterator<Item = &'a str>,
        headers: &str,
    ) -> Secrets {
        let mut secrets = Secrets::default();
        for address in addresses {
            let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
            if let Some((userinfo, _)) = rest.rsplit_once('@') {
                secrets.add(userinfo);
                if let Some((user, password)) = userinfo.split_once(':') {
                    secrets.add(user);
                    secrets.add(password);
                }
            }
            if let Some((_, query)) = rest.split_once(['?', '#']) {
                secrets.add(query);
                let values = query
                    .split('&')
                    .filter_map(|pair| Some(pair.split_once('=')?.1));
                values.for_each(|value| secrets.add(value));
            }
        }
        for value in headers
            .split(',')
            .filter_map(|pair| Some(pair.split_once('=')?.1))
        {
            secrets.add(value.trim());
            // `Basic …`, `Bearer …`, with the space escaped as the variables want it.
            value
                .trim()
                .split([' ', '+'])
                .for_each(|part| secrets.add(part));
            value.trim().split("%20").for_each(|part| secrets.add(part));
        }
        secrets
    }

    fn add(&mut self, secret: &str) {
        // Words of the header's scheme and what is shorter hide nothing but words.
        let is_scheme = ["basic", "bearer", "digest"]
            .iter()
            .any(|s| secret.eq_ignore_ascii_case(s));
        if secret.len() >= 3 && !is_scheme {
            self.0.push(secret.to_owned());
            let decoded = decoded(secret);
            if decoded != secret {
                self.0.push(decoded);
            }
        }
    }

    /// The text without them.
    pub(crate) fn hide(&self, text: &str) -> String {
        let mut covered = vec![false; text.len()];
        for secret in &self.0 {
            for (at, _) in text.match_indices(secret.as_str()) {
                covered[at..at + secret.len()].fill(true);
            }
        }
        let mut hidden = String::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            match covered[at] {
                false => hidden.push(character),
                true if at > 0 && covered[at - 1] => {}
                true => hidden.push('…'),
            }
        }
        hidden
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// The text with `%41` as `A`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| byte == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(escaped) => {
                decoded.push(escaped);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{SystemTime, UNIX_EPOCH};

    #[test]
    fn an_address_is_shown_without_what_lets_in() {
        for (address, expected) in [
            (
                "http://localhost:4318/v1/metrics",
                "http://localhost:4318/v1/metrics",
            ),
            ("http://user:hunter2@host:1/a", "http://…@host:1/a"),
            ("http://hunter2@host", "http://…@host"),
            ("http://:hunter2@host", "http://…@host"),
            ("http://a:hunter2@b@host", "http://…@host"),
            ("http://a:hun/ter2@host", "http://…@host"),
            ("http://a:hunter2?@host", "http://…@host"),
            ("http://a:hunter2#@host/x?key=hunter2", "http://…@host/x?…"),
            ("https://host/x?key=hunter2#hunter2", "https://host/x?…"),
            ("https://host/#hunter2", "https://host/#…"),
            ("user:hunter2@host:4318", "…@host:4318"),
            ("a:hunter2@b://c", "…@b://c"),
            ("http://x://a:hunter2@host", "…@host"),
            ("/login?next=hunter2", "/login?…"),
            ("http:// a:hunter2@ho st", "http://…@ho st"),
            ("http://ü:hunter2ß@höst\n\u{1b}[31m", "http://…@höst[31m"),
            ("no address", "no address"),
            ("", ""),
        ] {
            let shown = shown(address);
            assert_eq!(shown, expected, "{address}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn a_text_is_told_without_secrets() {
        let secrets = Secrets::from_addresses(
            ["http://user:hunt%65r2@host/?key=token3", "nothing"],
            "authorization=Basic%20c2VjcmV0, x-key = abc1%2Fdef ,y=z",
        );
        for secret in [
            "hunt%65r2",
            "hunter2",
            "user",
            "c2VjcmV0",
            "abc1%2Fdef",
            "abc1/def",
            "token3",
        ] {
            let hidden = secrets.hide(&format!("<{secret}> and {secret}"));
            assert_eq!(hidden, hidden.replace(secret, "LEAK"), "{secret}");
            assert!(
                hidden.starts_with('<') && hidden.contains("> and "),
                "{hidden}"
            );
        }
        assert_eq!(secrets.hide("Basic things stay: z"), "Basic things stay: z");
        assert_eq!(format!("{secrets:?}"), "Secrets");
        // Whatever is split again is not put together wrongly.
        assert_eq!(decoded("%zz%4%41%"), "%zz%4A%");
    }

    /// Hostile addresses by chance: no part of the user or password is ever shown.
    #[test]
    fn no_password_is_ever_shown() {
        let seed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos();
        println!("seed {seed}");
        let mut state = seed as u64 | 1;
        let mut next = |n: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % n as u64) as usize
        };
        const NOISE: [&str; 15] = [
            "/", "?", "#", ":", "@", "%", "://", "\\", " ", "é", "[", "]", "&", "=", "..",
        ];
        for _ in 0..20_000 {
            let mut noise = || {
                let length = next(4);
                (0..length)
                    .map(|_| NOISE[next(NOISE.len())])
                    .collect::<String>()
            };
            let secret = format!("{}s3cret{}", noise(), noise());
            let user = if noise().is_empty() { "" } else { "user:" };
            let address = format!("http://{user}{secret}@host:1/v1");
            let shown = shown(&address);
            assert!(!shown.contains("s3cret"), "{address} is shown as {shown}");
            let told = Secrets::from_addresses([address.as_str()], "")
                .hide(&format!("can't reach {address}!"));
            assert!(!told.contains("s3cret"), "{address} is told as {told}");
        }
    }
}
