//! What is found in the files of gateways.

use crate::input::{
    api::{
        Offered, RoutePattern,
        offered::{Listed, Protocols, check_length},
    },
    yaml::{At, Tree, Wrong},
};

/// Items of one list; no gateway takes as many.
const MAX_ITEMS: usize = 20_000;

/// Items of all lists: an alias makes a list part of any number of others.
const MAX_ALL_ITEMS: usize = 500_000;

/// The routes that were found.
pub(super) struct Gathered<'b> {
    /// The service that routes have to lead to; any by default.
    backend: Option<&'b str>,
    listed: Listed,
    items_left: usize,
    /// Whether there is an object that holds routes, wherever they lead.
    pub(super) are_there: bool,
    /// Whether the gateway itself answers the requests of a rule.
    is_answered: bool,
}

/// The paths that a match is about.
#[derive(Clone, Copy)]
pub(super) enum Paths<'a> {
    /// This one.
    Exact(&'a str),
    /// It and those below it.
    Below(&'a str),
    /// All that start with these letters.
    Start(&'a str),
}

/// Every path there is.
pub(super) const ALL: Paths<'static> = Paths::Below("/");

impl<'a> Paths<'a> {
    /// The path, or what it starts with.
    fn text(self) -> &'a str {
        match self {
            Paths::Exact(text) | Paths::Below(text) | Paths::Start(text) => text,
        }
    }

    /// The same about what takes the place of this path, or of its start.
    pub(super) fn replaced_by(self, text: &str) -> Paths<'_> {
        match self {
            Paths::Exact(_) => Paths::Exact(text),
            Paths::Below(_) => Paths::Below(text),
            Paths::Start(_) => Paths::Start(text),
        }
    }

    fn pattern(self, method: Option<&str>) -> RoutePattern {
        match self {
            Paths::Exact(path) => RoutePattern::new(method, path),
            Paths::Below(path) => RoutePattern::new(method, path).and_below(),
            Paths::Start(start) => RoutePattern::starting_with(method, start),
        }
    }

    fn name(self) -> String {
        match self {
            Paths::Exact(path) => path.to_owned(),
            Paths::Below(path) => path.trim_end_matches('/').to_owned() + "/*",
            Paths::Start(start) => start.to_owned() + "*",
        }
    }
}

impl<'b> Gathered<'b> {
    pub(super) fn new(backend: Option<&'b str>) -> Gathered<'b> {
        Gathered {
            backend,
            listed: Listed::default(),
            items_left: MAX_ALL_ITEMS,
            are_there: false,
            is_answered: false,
        }
    }

    /// The items of a list under a key.
    pub(super) fn each<'a>(&mut self, object: At<'a>, key: &str) -> Result<Vec<At<'a>>, Wrong> {
        let items = object.few(key, MAX_ITEMS)?;
        let left = self.items_left.checked_sub(items.len() + 1);
        self.items_left = left.ok_or_else(|| {
            object.wrong(format!("the file asks for more than {MAX_ALL_ITEMS} items"))
        })?;
        Ok(items)
    }

    /// True if a rule with these backends is to be read: one of them is the service. A rule that has
    /// none is answered by the gateway itself.
    pub(super) fn is_ours<'n>(
        &mut self,
        backends: impl IntoIterator<Item = Option<&'n str>>,
    ) -> bool {
        let mut backends = backends.into_iter().peekable();
        if backends.peek().is_none() {
            self.answered();
            return false;
        }
        self.backend
            .is_none_or(|backend| backends.any(|name| name == Some(backend)))
    }

    /// Notes a rule whose requests no service sees.
    pub(super) fn answered(&mut self) {
        self.is_answered = true;
    }

    /// Notes a match that no annotation can be compared with.
    pub(super) fn incomparable(&mut self) {
        self.listed.incomparable = self.listed.incomparable.saturating_add(1);
    }

    pub(super) fn protocols(&mut self, protocols: Protocols) {
        self.listed.protocols.and(protocols);
    }

    /// Adds a match, with what the service sees of it where that is something else.
    pub(super) fn add(
        &mut self,
        at: At<'_>,
        method: Option<&str>,
        paths: Paths<'_>,
        rewritten: &[Paths<'_>],
    ) -> Result<(), Wrong> {
        let mut patterns = Vec::new();
        for paths in std::iter::once(&paths).chain(rewritten) {
            check_length(paths.text(), || at.location())?;
            let pattern = paths.pattern(method);
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        let path = paths.name();
        self.listed.push(Offered {
            name: method.map_or(path.clone(), |method| format!("{method} {path}")),
            patterns,
            operation: None,
            location: at.location(),
        })
    }

    /// All of them.
    pub(super) fn listed(self, tree: &Tree<'_>) -> Result<Listed, Wrong> {
        let wrong = |message: &str| Wrong::at(tree.file(), message);
        if !self.are_there {
            return Err(wrong("the file holds no routes that are known").help(
                "HTTPRoute, GRPCRoute, Ingress and VirtualService are read, and files of Kong and \
                 Envoy; any others as a list: `routes`, a line `METHOD /path` each",
            ));
        }
        if !self.listed.endpoints.is_empty() || self.listed.incomparable > 0 {
            return Ok(self.listed);
        }
        Err(match self.backend {
            Some(backend) => wrong(&format!("no route leads to `{backend}`"))
                .help("`backend` is the name of the service that a rule leads to"),
            None if self.is_answered => {
                wrong("no rule leads to a service: the gateway answers all of them")
            }
            None => wrong("the routes have no rules"),
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::endpoints;
    use super::*;
    use crate::input::yaml::Lines;

    /// What a file lists for a backend: each endpoint as `name = pattern, pattern`, where the patterns
    /// are not its name, and how many matches can't be compared.
    pub(in super::super) fn read(
        text: &str,
        backend: Option<&str>,
    ) -> Result<(Vec<String>, u32), String> {
        let tree = Tree::parse(Lines::new("routes.yaml", text), text).unwrap();
        let listed = endpoints(&tree, backend).map_err(|wrong| wrong.message)?;
        let shown = listed.endpoints.iter().map(|one| {
            assert!(one.location.line.is_some(), "{one:?}");
            let patterns: Vec<_> = one.patterns.iter().map(RoutePattern::to_text).collect();
            match &patterns[..] {
                [only] if *only == one.name => one.name.clone(),
                _ => format!("{} = {}", one.name, patterns.join(", ")),
            }
        });
        Ok((shown.collect(), listed.incomparable))
    }

    #[test]
    fn lists_of_aliases_come_to_an_end() {
        let mut file = String::from("kind: VirtualService\nmetadata: {}\nspec:\n  http:\n");
        file += "  - &r {match: &m [";
        file += &"{uri: {regex: a}},".repeat(1000);
        file += "], route: [{destination: {host: a}}]}\n";
        file += &"  - *r\n".repeat(10_000);
        let wrong = read(&file, None).unwrap_err();
        assert!(wrong.contains("more than 500000 items"), "{wrong}");
    }

    #[test]
    fn a_file_without_routes_says_why() {
        let rule = |rule: &str| format!("kind: HTTPRoute\nspec: {{rules: [{rule}]}}");
        let redirect = rule("{filters: [{requestRedirect: {}}], backendRefs: [{name: a}]}");
        for (text, backend, words) in [
            ("kind: Service", None, "no routes that are known"),
            ("openapi: 3.0.0", None, "no routes that are known"),
            ("", None, "no routes that are known"),
            (
                &rule("{backendRefs: [{name: a}]}"),
                Some("b"),
                "no route leads to `b`",
            ),
            (&redirect, None, "the gateway answers all of them"),
            (&redirect, Some("a"), "no route leads to `a`"),
            (&rule("{}"), None, "the gateway answers all of them"),
            (&rule(""), None, "have no rules"),
            ("kind: IngressRoute\nspec: {}", None, "routes of Traefik"),
            ("kind: HTTPProxy", None, "routes of Contour"),
            ("http: {routers: {}}", None, "routes of Traefik"),
        ] {
            let wrong = read(text, backend).unwrap_err();
            assert!(wrong.contains(words), "{text}: {wrong}");
        }
        // Beside what is read, it may have any route.
        let both = format!(
            "kind: IngressRoute\n---\n{}",
            rule("{backendRefs: [{name: a}]}")
        );
        assert_eq!(read(&both, None), Ok((vec!["/*".to_owned()], 1)));
    }
}
