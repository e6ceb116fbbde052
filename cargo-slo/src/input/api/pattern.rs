//! Routes, without the spelling of their parameters.

/// Which requests a route is about: `GET /orders/{id}`, `/orders.Orders/Place`.
///
/// `{id}`, `:id` and `{orderId}` are one and the same; a path that ends in `/*`, `/{*rest}` or
/// `/{rest...}` is about everything below, and one that ends in `orders*` about all paths that start
/// so. A `/` at the end makes no difference, and neither do a query and the case of a method.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoutePattern {
    /// The method, in capitals; nothing for every one of them.
    pub method: Option<String>,
    /// The parts of the path; a parameter is `{}`.
    pub(super) segments: Vec<String>,
    /// True where it is about everything below the path, too.
    pub(super) is_open: bool,
    /// What the part below the path starts with, where it is open; mostly empty.
    stem: String,
}

impl RoutePattern {
    /// Reads `METHOD /path`, or `/path` for any method; `None` if it is neither.
    pub fn parse(text: &str) -> Option<RoutePattern> {
        let mut words = text.split_whitespace();
        let (method, path) = match (words.next()?, words.next(), words.next()) {
            (path, None, _) => (None, path),
            (method, Some(path), None) => (Some(method), path),
            _ => return None,
        };
        if !path.starts_with('/') {
            return None;
        }
        let method = method.filter(|method| *method != "*" && !method.eq_ignore_ascii_case("any"));
        if method.is_some_and(|method| !is_method(method)) {
            return None;
        }
        Some(RoutePattern::new(method, path))
    }

    /// The same as a text that [`from_text`](RoutePattern::from_text) reads: `GET /orders/{}`, and
    /// `/static/*` for everything below a path.
    pub(crate) fn to_text(&self) -> String {
        let method = self.method.as_deref();
        let mut text = method.map_or(String::new(), |method| format!("{method} "));
        for segment in &self.segments {
            text.push('/');
            text.push_str(segment);
        }
        if self.is_open {
            text.push('/');
            text.push_str(&self.stem);
            text.push('*');
        } else if self.segments.is_empty() {
            text.push('/');
        }
        text
    }

    /// Reads what [`to_text`](RoutePattern::to_text) wrote; unlike what [`parse`](RoutePattern::parse)
    /// reads, its path may have spaces.
    pub(crate) fn from_text(text: &str) -> Option<RoutePattern> {
        let (method, path) = match text.split_once(' ') {
            _ if text.starts_with('/') => (None, text),
            Some((method, path)) if path.starts_with('/') => (Some(method), path),
            _ => return None,
        };
        Some(RoutePattern::new(method, path))
    }

    /// The route of a method, or of any, and a path.
    pub(super) fn new(method: Option<&str>, path: &str) -> RoutePattern {
        let mut route = RoutePattern {
            method: method.map(str::to_ascii_uppercase),
            segments: Vec::new(),
            is_open: false,
            stem: String::new(),
        };
        let path = without_query(path);
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            let stem = match segment.strip_suffix('*') {
                _ if is_rest(segment) => "",
                Some(stem) => stem,
                None => {
                    route.segments.push(without_names(segment));
                    continue;
                }
            };
            route.is_open = true;
            route.stem = without_names(stem);
            break;
        }
        route
    }

    /// The route of a method, or of any, and all paths that start with these letters.
    pub(super) fn starting_with(method: Option<&str>, start: &str) -> RoutePattern {
        let mut route = RoutePattern::new(method, start);
        if !route.is_open && !start.ends_with('/') {
            route.stem = route.segments.pop().unwrap_or_default();
        }
        route.is_open = true;
        route
    }

    /// Returns `true` for a method that whatever serves the other methods of a path answers, and
    /// that users don't call: preflights of browsers are nobody's.
    pub fn is_auxiliary(&self) -> bool {
        matches!(self.method.as_deref(), Some("HEAD" | "OPTIONS" | "TRACE"))
    }

    /// The same about everything below the path, too.
    pub(super) fn and_below(mut self) -> RoutePattern {
        self.is_open = true;
        self
    }

    /// The same below a path.
    pub(super) fn below(&self, base: &RoutePattern) -> RoutePattern {
        RoutePattern {
            segments: [&*base.segments, &*self.segments].concat(),
            ..self.clone()
        }
    }

    /// The same without a path at its start; `None` if nothing that it is about starts with that.
    pub fn without(&self, base: &RoutePattern) -> Option<RoutePattern> {
        let (segments, stem) = match self.segments.strip_prefix(&*base.segments) {
            Some(rest) => (rest.to_vec(), self.stem.clone()),
            // Of `/*`, everything below the base is left.
            None if self.is_open && self.covers(base) => Default::default(),
            None => return None,
        };
        Some(RoutePattern {
            method: self.method.clone(),
            segments,
            is_open: self.is_open,
            stem,
        })
    }

    /// Returns `true` if there is a request that both are about, and the more open of them is about
    /// all requests of the other.
    pub fn meets(&self, other: &RoutePattern) -> bool {
        let is_method = match (&self.method, &other.method) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        let is_path = match (self.is_open, other.is_open) {
            (false, false) => self.segments == other.segments,
            (true, false) => self.covers(other),
            (false, true) => other.covers(self),
            (true, true) => self.covers(other) || other.covers(self),
        };
        is_method && is_path
    }

    /// Returns `true` for an open route if all paths of another are among its own.
    fn covers(&self, other: &RoutePattern) -> bool {
        let Some(below) = other.segments.strip_prefix(&*self.segments) else {
            return false;
        };
        below
            .first()
            .unwrap_or(&other.stem)
            .starts_with(&*self.stem)
    }

    /// Returns `true` if it is about everything below its path, too.
    pub const fn is_open(&self) -> bool {
        self.is_open
    }

    /// What routes with the same path have in common; nothing for one that is about others, too.
    pub(crate) fn key(&self) -> Option<String> {
        (!self.is_open).then(|| self.segments.join("/"))
    }
}

/// True for what may be a method: `GET`, `VERSION-CONTROL`.
pub(super) fn is_method(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_letter)
}

/// A path without what follows `?`: `{?page,size}` of a URI template is a query, too.
pub(super) fn without_query(path: &str) -> &str {
    match path.split_once('?') {
        Some((path, _)) => path.strip_suffix('{').unwrap_or(path),
        None => path,
    }
}

fn is_rest(segment: &str) -> bool {
    segment.starts_with('*')
        || segment.starts_with("{*")
        || segment.ends_with("...}")
        || segment.ends_with("+}")
}

/// A segment with its parameters reduced to `{}`: `{name}.json` is `{}.json`.
fn without_names(segment: &str) -> String {
    if segment.len() > 1 && segment.starts_with(':') {
        return "{}".to_owned();
    }
    let mut reduced = String::with_capacity(segment.len());
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, behind)) = after.split_once('}') else {
            break;
        };
        reduced.push_str(before);
        reduced.push_str("{}");
        rest = behind;
    }
    reduced.push_str(rest);
    reduced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> RoutePattern {
        RoutePattern::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn spellings_of_one_route() {
        let one = pattern("GET /orders/{id}");
        for same in [
            "get /orders/:id",
            "GET /orders/{orderId}/",
            "GET  /orders/{order_id}",
        ] {
            assert_eq!(pattern(same), one, "{same}");
        }
        for other in ["GET /orders/id", "GET /orders", "POST /orders/{id}"] {
            assert!(!pattern(other).meets(&one), "{other}");
        }
        assert_eq!(
            pattern("GET /f/{name}.{ext}"),
            pattern("GET /f/{n}.{extension}")
        );
        assert!(pattern("/orders/{id}").meets(&one));
        assert_eq!(pattern("ANY /orders").method, None);
    }

    #[test]
    fn open_routes_meet_what_is_below_them() {
        let below = pattern("GET /static/js/{file}");
        for open in ["GET /static/{*path}", "/static/*", "GET /static/{path...}"] {
            let open = pattern(open);
            assert!(open.meets(&below) && below.meets(&open), "{open:?}");
        }
        assert!(!pattern("GET /other/*").meets(&below));
        assert!(pattern("/*").meets(&below));
    }

    #[test]
    fn a_route_may_end_within_a_name() {
        let open = pattern("/api/ord*");
        for same in [
            RoutePattern::starting_with(None, "/api/ord"),
            RoutePattern::new(None, "/api/ord*"),
        ] {
            assert_eq!(same, open);
        }
        for (other, meets) in [
            ("GET /api/orders/{id}", true),
            ("GET /api/ord", true),
            ("/api/orders/*", true),
            ("/api/*", true),
            ("/*", true),
            ("/api/orders*", true),
            ("GET /api/or", false),
            ("GET /api", false),
            ("GET /api/{id}", false),
            ("/api/cart*", false),
            ("/apis/*", false),
        ] {
            assert_eq!(open.meets(&pattern(other)), meets, "{other}");
            assert_eq!(pattern(other).meets(&open), meets, "{other}");
        }
        assert_eq!(RoutePattern::starting_with(None, "/"), pattern("/*"));
        assert_eq!(RoutePattern::starting_with(None, ""), pattern("/*"));
        assert_eq!(
            RoutePattern::starting_with(Some("get"), "/api/"),
            pattern("GET /api/*")
        );
    }

    #[test]
    fn a_query_is_no_part_of_a_route() {
        for text in [
            "GET /a/b?x=/c",
            "GET /a/b/{?page,size}",
            "GET /a/b{?page}",
            "GET /a/b?",
        ] {
            assert_eq!(pattern(text), pattern("GET /a/b"), "{text}");
        }
    }

    #[test]
    fn bases_are_put_before_and_taken_away() {
        let base = pattern("/api/v1");
        let order = pattern("GET /orders/{id}");
        let whole = order.below(&base);
        assert_eq!(whole, pattern("GET /api/v1/orders/{id}"));
        assert_eq!(whole.without(&base), Some(order.clone()));
        assert_eq!(order.without(&base), None);
        for open in ["/*", "/api/*", "/api*", "/a*", "/api/v*"] {
            assert_eq!(pattern(open).without(&base), Some(pattern("/*")), "{open}");
        }
        assert_eq!(pattern("/apis*").without(&base), None);
        assert_eq!(
            pattern("/api/v1/ord*").without(&base),
            Some(pattern("/ord*"))
        );
    }

    #[test]
    fn what_is_no_route() {
        for text in ["", "GET", "orders", "GET orders", "GET /a b", "G:T /a"] {
            assert_eq!(RoutePattern::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_route_or_none(text in "[ -~\u{e9}/{}:*]{0,40}") {
            if let Some(pattern) = RoutePattern::parse(&text) {
                proptest::prop_assert!(pattern.meets(&pattern));
            }
        }

        #[test]
        fn as_a_text_it_stays_what_it_is(method in "[a-zA-Z]{0,7}", path in "/[ -~\u{e9}/{}:*.+]{0,40}") {
            let method = (!method.is_empty()).then_some(&*method);
            let pattern = RoutePattern::new(method, &path);
            let text = pattern.to_text();
            proptest::prop_assert_eq!(RoutePattern::from_text(&text), Some(pattern), "{}", text);
        }
    }
}
