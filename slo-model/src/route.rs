//! Where an endpoint is served.

use crate::text;

/// An HTTP method and path template, or the path of a gRPC method.
///
/// ```
/// use slo_model::Route;
/// const ORDER: Route = Route::new("POST /orders/{id}");
/// assert_eq!((ORDER.method(), ORDER.path()), (Some("POST"), "/orders/{id}"));
/// const CHARGE: Route = Route::new("/shop.Payments/Charge");
/// assert_eq!(CHARGE.method(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    text: &'static str,
    /// Length of the method, 0 where there is none.
    method: usize,
}

impl Route {
    /// `"METHOD /path/{param}"` or `"/package.Service/Method"`.
    ///
    /// # Panics
    /// Where the text is neither: no path that starts with `/`, a method that is not in
    /// capitals, a space too many.
    pub const fn new(text: &'static str) -> Route {
        let b = text::check(text).as_bytes();
        let mut method = 0;
        while method < b.len() && b[method].is_ascii_uppercase() {
            method += 1;
        }
        let path = if method == 0 {
            0
        } else {
            assert!(
                method < b.len() && b[method] == b' ',
                "a route is `METHOD /path/{{param}}` or `/package.Service/Method`"
            );
            method + 1
        };
        assert!(
            path < b.len() && b[path] == b'/',
            "a route is `METHOD /path/{{param}}` or `/package.Service/Method`"
        );
        let mut i = path;
        while i < b.len() {
            assert!(
                b[i] > b' ' && b[i] != b'?' && b[i] != b'#' && b[i] != 0x7f,
                "the path of a route holds no space, query or fragment"
            );
            i += 1;
        }
        Route { text, method }
    }

    /// The whole text.
    pub const fn as_str(&self) -> &'static str {
        self.text
    }

    /// The HTTP method, nothing for gRPC.
    pub fn method(&self) -> Option<&'static str> {
        (self.method > 0).then(|| &self.text[..self.method])
    }

    /// The path template.
    pub fn path(&self) -> &'static str {
        match self.method {
            0 => self.text,
            n => &self.text[n + 1..],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "POST",
            "POST ",
            "orders",
            "post /orders",
            "POST  /orders",
            "POST /a b",
            "GET /a?b",
            "POST\t/a",
            "POST/a",
        ] {
            assert!(
                std::panic::catch_unwind(|| Route::new(text)).is_err(),
                "{text:?}"
            );
        }
    }
}
