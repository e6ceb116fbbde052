//! A request's method in a byte, for as long as the request lasts.

use http::Method;

/// A method. Those of HTTP need no place of their own and no drop.
#[derive(Debug)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Delete,
    Patch,
    Head,
    Options,
    Connect,
    Trace,
    Other(Box<Method>),
}

impl Verb {
    #[inline]
    pub(crate) fn from_method(method: &Method) -> Verb {
        match *method {
            Method::GET => Verb::Get,
            Method::POST => Verb::Post,
            Method::PUT => Verb::Put,
            Method::DELETE => Verb::Delete,
            Method::PATCH => Verb::Patch,
            Method::HEAD => Verb::Head,
            Method::OPTIONS => Verb::Options,
            Method::CONNECT => Verb::Connect,
            Method::TRACE => Verb::Trace,
            _ => Verb::other(method),
        }
    }

    #[cold]
    fn other(method: &Method) -> Verb {
        Verb::Other(Box::new(method.clone()))
    }

    /// True unless it asks for a head without its body, or for the connection itself.
    #[inline]
    pub(crate) fn is_answered_with_a_body(&self) -> bool {
        !matches!(self, Verb::Head | Verb::Connect)
    }

    pub(crate) fn method(&self) -> &Method {
        match self {
            Verb::Get => &Method::GET,
            Verb::Post => &Method::POST,
            Verb::Put => &Method::PUT,
            Verb::Delete => &Method::DELETE,
            Verb::Patch => &Method::PATCH,
            Verb::Head => &Method::HEAD,
            Verb::Options => &Method::OPTIONS,
            Verb::Connect => &Method::CONNECT,
            Verb::Trace => &Method::TRACE,
            Verb::Other(method) => method,
        }
    }

    /// The number of a method of HTTP.
    #[inline]
    #[cfg(feature = "axum")]
    pub(crate) fn number(&self) -> Option<usize> {
        Some(match self {
            Verb::Get => 0,
            Verb::Post => 1,
            Verb::Put => 2,
            Verb::Delete => 3,
            Verb::Patch => 4,
            Verb::Head => 5,
            Verb::Options => 6,
            Verb::Connect => 7,
            Verb::Trace => 8,
            Verb::Other(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_its_method() {
        for text in [
            "GET",
            "POST",
            "PUT",
            "DELETE",
            "PATCH",
            "HEAD",
            "OPTIONS",
            "CONNECT",
            "TRACE",
            "PURGE",
            "get",
            "A-METHOD-LONGER-THAN-OTHERS",
        ] {
            let method = Method::from_bytes(text.as_bytes()).unwrap();
            assert_eq!(Verb::from_method(&method).method(), method);
        }
    }
}
