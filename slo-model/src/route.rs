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
    /// If the text is neither: no path that starts with `/`, a method that is not in
    /// capitals, a space too many; and where no request can match it as it was meant: `ANY` for
    /// a method, `:id`, `*path` or `<id>` for `{id}`, braces that don't match, a query.
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
        check_path(b, path);
        if method == 0 {
            assert!(
                is_grpc(b),
                "a route without a method is `/package.Service/Method` of gRPC; write `GET /path` for HTTP"
            );
        } else {
            assert!(
                !is_any(b, method),
                "`ANY` and `ALL` are not methods, and no request has them; name one, or leave `route` out"
            );
        }
        Route { text, method }
    }

    /// Returns the whole text.
    pub const fn as_str(&self) -> &'static str {
        self.text
    }

    /// Returns the HTTP method, nothing for gRPC.
    pub fn method(&self) -> Option<&'static str> {
        (self.method > 0).then(|| &self.text[..self.method])
    }

    /// Returns the path template.
    pub fn path(&self) -> &'static str {
        match self.method {
            0 => self.text,
            n => &self.text[n + 1..],
        }
    }
}

/// Refuses paths that no request matches, or not the one that is meant.
const fn check_path(b: &[u8], path: usize) {
    // Once: it is a call, and builds interpret this for each route.
    let len = b.len();
    let mut i = path;
    let mut is_open = false;
    while i < len {
        assert!(
            b[i] > b' ' && b[i] != b'?' && b[i] != b'#' && b[i] != 0x7f,
            "the path of a route holds no space, query or fragment"
        );
        assert!(
            is_open || i == path || b[i - 1] != b'/' || !matches!(b[i], b':' | b'*' | b'<'),
            "a parameter of a route is `{{id}}` or `{{*rest}}`; `:id`, `*rest` and `<id>` would be matched as they are"
        );
        match b[i] {
            // A brace that is meant as it is stands twice.
            b'{' | b'}' if !is_open && i + 1 < len && b[i + 1] == b[i] => i += 1,
            b'{' if !is_open => is_open = true,
            b'}' if is_open => is_open = false,
            b'{' | b'}' => panic!("the braces of a route don't match"),
            _ => {}
        }
        i += 1;
    }
    assert!(!is_open, "the braces of a route don't match");
}

/// True for `ANY` and `ALL`.
const fn is_any(b: &[u8], method: usize) -> bool {
    method == 3
        && b[0] == b'A'
        && ((b[1] == b'N' && b[2] == b'Y') || (b[1] == b'L' && b[2] == b'L'))
}

/// True for `/package.Service/Method`: two words, of which the first has a dot or a capital, as
/// services of gRPC do and paths of HTTP hardly.
const fn is_grpc(b: &[u8]) -> bool {
    let (mut i, mut slashes, mut is_service) = (0, 0, false);
    while i < b.len() {
        let starts_word = i > 0 && matches!(b[i - 1], b'/' | b'.');
        match b[i] {
            b'/' if i > 0 && starts_word => return false,
            b'/' => slashes += 1,
            b'.' if starts_word || slashes != 1 => return false,
            b'.' => is_service = true,
            b'0'..=b'9' if starts_word => return false,
            b'A'..=b'Z' => is_service |= slashes == 1,
            b'a'..=b'z' | b'0'..=b'9' | b'_' => {}
            _ => return false,
        }
        i += 1;
    }
    slashes == 2 && is_service && !matches!(b[b.len() - 1], b'/' | b'.')
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
            "/orders",
            "/api/orders",
            "/shop.Payments",
            "/shop.Payments/",
            "/shop.Payments/Charge/x",
            "/shop..Payments/Charge",
            "/shop.Payments./Charge",
            "/shop.Payments/Ch.arge",
            "/shop.Payments/{id}",
            "//Charge",
            "/1shop.Payments/Charge",
            "ANY /a",
            "ALL /a",
            "GET /users/:id",
            "GET /files/*path",
            "GET /users/<id>",
            "GET /users/{id",
            "GET /users/id}",
            "GET /users/{a{b}",
        ] {
            assert!(
                std::panic::catch_unwind(|| Route::new(text)).is_err(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_routers_match_is_accepted() {
        for text in [
            "GET /",
            "GET /users/{id}",
            "GET /files/{*rest}",
            "GET /v1/orders:batch",
            "GET /a/{{literal}}/b",
            "PURGE /cache/{id}.json",
            "/shop.Payments/Charge",
            "/Greeter/SayHello",
            "/a.b.c_d.Service2/_Method",
        ] {
            assert_eq!(Route::new(text).as_str(), text);
        }
    }
}
