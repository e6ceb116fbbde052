//! [`Consumers`].

use http::{Extensions, HeaderMap, HeaderName, Request};
use slo_sdk::Consumer;
use std::fmt;

/// The consumers that are told apart, and how a request says whose it is; for
/// [`SloLayer::consumers`](crate::SloLayer::consumers).
///
/// Cheap to copy. The list lives as long as the process.
#[derive(Clone, Copy, Debug)]
pub struct Consumers(&'static Known);

/// Reads who calls from a request.
type Who = dyn for<'a> Fn(&'a HeaderMap, &'a Extensions) -> Option<&'a str> + Send + Sync;

struct Known {
    name_from: NameFrom,
    /// By name.
    listed: Box<[(Box<str>, Consumer)]>,
}

enum NameFrom {
    Header(HeaderName),
    Somewhere(Box<Who>),
}

impl Consumers {
    /// Consumers that name themselves in this header, which a gateway sets that knows them: of
    /// a header that anyone may send, anyone's events are counted for whom it names.
    ///
    /// Requests without it, with more than one, or with another name than those, are counted as
    /// `other`.
    pub fn by_header<N: Into<String>>(
        header: HeaderName,
        names: impl IntoIterator<Item = N>,
    ) -> Consumers {
        Consumers::listed(NameFrom::Header(header), names)
    }

    /// Consumers that are read from the headers or extensions of a request, such as from the
    /// claims that a layer further out has verified. A panic in it is the request's panic.
    ///
    /// ```
    /// use slo_tower::{Consumers, SloLayer};
    ///
    /// #[derive(Clone)]
    /// struct Claims { unit: String }
    ///
    /// let consumers = Consumers::by(
    ///     |_, extensions| extensions.get().map(|claims: &Claims| claims.unit.as_str()),
    ///     ["billing", "mobile"],
    /// );
    /// let layer = SloLayer::new().consumers(consumers);
    /// ```
    pub fn by<N: Into<String>>(
        who: impl for<'a> Fn(&'a HeaderMap, &'a Extensions) -> Option<&'a str> + Send + Sync + 'static,
        names: impl IntoIterator<Item = N>,
    ) -> Consumers {
        Consumers::listed(NameFrom::Somewhere(Box::new(who)), names)
    }

    fn listed<N: Into<String>>(
        name_from: NameFrom,
        names: impl IntoIterator<Item = N>,
    ) -> Consumers {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        let with_its_own = |name: String| {
            let consumer = Consumer::register(&name);
            (name.into_boxed_str(), consumer)
        };
        Consumers(Box::leak(Box::new(Known {
            name_from,
            listed: names.into_iter().map(with_its_own).collect(),
        })))
    }

    /// The consumer whose request this is.
    #[inline(never)]
    #[cfg_attr(feature = "off", expect(dead_code, reason = "nothing is counted"))]
    pub(crate) fn identify<A>(self, request: &Request<A>) -> Consumer {
        let Known { name_from, listed } = self.0;
        let name = match name_from {
            NameFrom::Header(name) => only(request.headers(), name),
            NameFrom::Somewhere(who) => who(request.headers(), request.extensions()),
        };
        name.and_then(|name| {
            let at = listed.binary_search_by(|(listed, _)| listed.as_ref().cmp(name));
            Some(listed[at.ok()?].1)
        })
        .unwrap_or(Consumer::OTHER)
    }
}

/// The value of a header that is there once: of two, one may be the client's own.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(only), None) => std::str::from_utf8(only.as_bytes()).ok(),
        _ => None,
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.listed.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

#[cfg(all(test, not(feature = "off")))]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn only_listed_names_are_told_apart() {
        let header = HeaderName::from_static("x-unit");
        let consumers = Consumers::by_header(header, ["mobile", "billing", "mobile", "é"]);
        let of = |value: Option<&[u8]>| {
            let mut request = Request::new(());
            if let Some(value) = value {
                let value = HeaderValue::from_bytes(value).expect("a value");
                request.headers_mut().insert("x-unit", value);
            }
            consumers.identify(&request).name()
        };
        assert_eq!(of(Some(b"billing")), "billing");
        assert_eq!(of(Some(b"mobile")), "mobile");
        for other in [
            &b"Mobile"[..],
            b"mobile ",
            b"",
            b"mobil",
            b"\xff\xfe",
            &[b'x'; 9000],
        ] {
            let name = of(Some(other));
            // A header's value is trimmed by whoever reads it from a connection.
            assert_eq!(name, "other", "{other:?}");
        }
        assert_eq!(of(None), "other");
        assert_eq!(of(Some("é".as_bytes())), "é");
        let mut twice = Request::new(());
        for name in ["billing", "mobile"] {
            twice
                .headers_mut()
                .append("x-unit", HeaderValue::from_static(name));
        }
        assert_eq!(consumers.identify(&twice).name(), "other");
    }
}
