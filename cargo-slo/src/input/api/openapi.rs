//! Descriptions of HTTP APIs: OpenAPI 3, and the Swagger 2.0 it came from.
//!
//! An operation under `paths` is an endpoint, by each of its `servers`: what a server's address
//! has behind the host is put before the path. `additionalOperations` of 3.2 are endpoints, too. A
//! path counts without a query. `HEAD`, `OPTIONS` and `TRACE` are answered by what serves the other
//! methods, and are not endpoints. Neither are `webhooks`: others serve them.

use super::{
    Offered, RoutePattern,
    offered::{Listed, Protocols, check_length},
    pattern::{is_method, without_query},
};
use crate::input::yaml::{At, Tree, Wrong};
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

/// The operations that are endpoints, as keys of a path.
const METHODS: [&str; 6] = ["get", "put", "post", "delete", "patch", "query"];

/// Longer names of operations don't help to find what serves them.
const MAX_NAME_BYTES: usize = 100;

/// Methods beyond those that OpenAPI knows; HTTP has two dozen more.
const MAX_OTHER_METHODS: usize = 50;

/// More servers than these are not listed by hand, and each is tried with each endpoint.
const MOST_SERVERS: usize = 50;

/// Keys of references within a document are followed at most this often.
const MOST_REFERENCES: usize = 8;

pub(super) fn endpoints(tree: &Tree<'_>) -> Result<Listed, Wrong> {
    let mut listed = Listed::about(Protocols::HTTP);
    for document in tree.documents() {
        let servers = HashMap::new();
        Description { document, servers }.read(&mut listed)?;
    }
    if listed.endpoints.is_empty() {
        return Err(Wrong::at(tree.file(), "the file describes no endpoint")
            .help("name a file with operations under `paths`"));
    }
    Ok(listed)
}

/// The paths of servers, where an object names some.
type Bases = Option<Rc<[RoutePattern]>>;

struct Description<'a> {
    document: At<'a>,
    /// By the node that lists them, which may be the same for many operations.
    servers: HashMap<usize, Rc<[RoutePattern]>>,
}

impl<'a> Description<'a> {
    fn read(mut self, listed: &mut Listed) -> Result<(), Wrong> {
        let of_document = self.bases_of_document()?;
        let mut keys = HashSet::new();
        for (key, item) in self.document.get("paths").into_iter().flat_map(At::entries) {
            let path = key.text().unwrap_or("");
            if path.starts_with("x-") {
                continue;
            }
            if path == "<<" {
                return Err(key
                    .wrong("keys that are merged from elsewhere are not read")
                    .help("write the paths down where they belong"));
            }
            if !path.starts_with('/') {
                return Err(key.wrong(format!("a path starts with `/`, unlike `{path}`")));
            }
            check_length(path, || key.location())?;
            if !keys.insert(path) {
                return Err(key.wrong(format!("the path `{path}` is there twice")));
            }
            let item = followed(self.document, item)?;
            let of_path = self.bases(item)?.or_else(|| of_document.clone());
            for method in METHODS {
                if let Some((key, operation)) = item.entry(method) {
                    self.add(method, path, key, operation, &of_path, listed)?;
                }
            }
            let others = item.get("additionalOperations");
            for (index, (key, operation)) in others.into_iter().flat_map(At::entries).enumerate() {
                let method = key.text().unwrap_or("");
                if index == MAX_OTHER_METHODS {
                    return Err(key.wrong(format!(
                        "there are more than {MAX_OTHER_METHODS} `additionalOperations`"
                    )));
                }
                if !is_method(method) {
                    return Err(key.wrong(format!("`{method}` is not a method")));
                }
                if !RoutePattern::new(Some(method), path).is_auxiliary() {
                    self.add(method, path, key, operation, &of_path, listed)?;
                }
            }
        }
        Ok(())
    }

    /// Adds an operation, by each of its servers.
    fn add(
        &mut self,
        method: &str,
        path: &str,
        key: At<'a>,
        operation: At<'a>,
        of_path: &Bases,
        listed: &mut Listed,
    ) -> Result<(), Wrong> {
        let bases = self.bases(operation)?.or_else(|| of_path.clone());
        let route = RoutePattern::new(Some(method), path);
        let mut patterns = vec![route.clone()];
        for base in bases.iter().flat_map(|bases| bases.iter()) {
            let below = route.below(base);
            if !patterns.contains(&below) {
                patterns.push(below);
            }
        }
        let called = operation.text_of("operationId");
        listed.push(Offered {
            name: format!("{} {}", method.to_ascii_uppercase(), without_query(path)),
            patterns,
            operation: called
                .filter(|name| name.len() <= MAX_NAME_BYTES)
                .map(str::to_owned),
            location: key.location(),
        })
    }

    /// The paths of the servers of the whole document, if this program knows its version.
    fn bases_of_document(&mut self) -> Result<Bases, Wrong> {
        let document = self.document;
        let version = document.get("openapi").or_else(|| document.get("swagger"));
        let Some(version) = version else {
            return Err(
                document.wrong("the file is not an OpenAPI description: it has no key `openapi`")
            );
        };
        match version.text() {
            Some("2.0") => {
                let path = document.get("basePath");
                let text = path.and_then(At::text).unwrap_or("");
                check_length(text, || document.location())?;
                Ok(Some(Rc::new([RoutePattern::new(None, text)])))
            }
            Some(known) if known.starts_with("3.") => self.bases(document),
            other => Err(version
                .wrong(format!(
                    "version `{}` of OpenAPI is not known",
                    other.unwrap_or("")
                ))
                .help("OpenAPI 3 and Swagger 2.0 are read")),
        }
    }

    /// The paths of the servers of an object.
    fn bases(&mut self, object: At<'a>) -> Result<Bases, Wrong> {
        let Some(servers) = object.get("servers") else {
            return Ok(None);
        };
        if let Some(known) = self.servers.get(&servers.id()) {
            return Ok(Some(Rc::clone(known)));
        }
        let bases = object.few("servers", MOST_SERVERS)?;
        let bases: Result<Rc<[_]>, _> = bases.into_iter().map(base).collect();
        let bases = bases?;
        self.servers.insert(servers.id(), Rc::clone(&bases));
        Ok(Some(bases))
    }
}

/// The path of a server, by the defaults of its variables.
fn base(server: At<'_>) -> Result<RoutePattern, Wrong> {
    let written = server.text_of("url").unwrap_or("");
    check_length(written, || server.location())?;
    let variables = server.get("variables");
    let mut url = String::new();
    let mut rest = written;
    while let Some((before, name, behind)) = variable(rest) {
        let default = variables.and_then(|all| all.get(name)?.text_of("default"));
        url.push_str(before);
        url.push_str(default.unwrap_or("{}"));
        check_length(&url, || server.location())?;
        rest = behind;
    }
    url.push_str(rest);
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => &url,
    };
    let path = path.split(['?', '#']).next().unwrap_or("");
    Ok(RoutePattern::new(None, path))
}

/// The first variable of an address, with what is before and behind it.
fn variable(url: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = url.split_once('{')?;
    let (name, behind) = after.split_once('}')?;
    Some((before, name, behind))
}

/// What `$ref` stands for.
fn followed<'a>(document: At<'a>, mut item: At<'a>) -> Result<At<'a>, Wrong> {
    for _ in 0..MOST_REFERENCES {
        let Some(reference) = item.get("$ref") else {
            return Ok(item);
        };
        let target = reference.text().unwrap_or("");
        let Some(pointer) = target.strip_prefix("#/") else {
            return Err(reference
                .wrong(format!("`{target}` is in another file, and not read"))
                .help(
                    "put the description together before: `redocly bundle`, `swagger-cli bundle`",
                ));
        };
        item = document;
        for part in pointer.split('/') {
            let key = part.replace("~1", "/").replace("~0", "~");
            item = item
                .get(&key)
                .ok_or_else(|| reference.wrong(format!("there is no `{target}`")))?;
        }
    }
    Err(item.wrong("the reference leads to others without end"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::yaml::Lines;

    fn read(text: &str) -> Result<Listed, Wrong> {
        let tree = Tree::parse(Lines::new("openapi.yaml", text), text)?;
        endpoints(&tree)
    }

    fn names(text: &str) -> Vec<String> {
        let listed = read(text).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        listed.endpoints.into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn operations_are_endpoints() {
        let text = "openapi: 3.1.0\npaths:\n  /orders/{id}:\n    parameters: []\n    get: {}\n    \
                    head: {}\n    options: {}\n  /orders:\n    $ref: '#/components/pathItems/o~1s'\n  \
                    x-note: {get: {}}\nwebhooks:\n  done: {post: {}}\ncomponents:\n  pathItems:\n    \
                    o/s:\n      post: {}\n";
        assert_eq!(names(text), ["GET /orders/{id}", "POST /orders"]);
        let place = read(text).unwrap().endpoints[0].location.clone();
        assert_eq!(
            (place.line, place.column, place.length),
            (Some(5), Some(5), Some(3))
        );
    }

    #[test]
    fn other_methods_and_queries() {
        let text = "openapi: 3.2.0\npaths:\n  /f/{id}:\n    query: {operationId: ask}\n    \
                    additionalOperations:\n      COPY: {}\n      VERSION-CONTROL: {}\n      TRACE: {}\n  \
                    /s?by={name}: {get: {}}\n  /s{?page}: {post: {}}\n";
        let expected = [
            "QUERY /f/{id}",
            "COPY /f/{id}",
            "VERSION-CONTROL /f/{id}",
            "GET /s",
            "POST /s",
        ];
        assert_eq!(names(text), expected);
        let listed = read(text).unwrap().endpoints;
        let called: Vec<_> = listed
            .iter()
            .filter_map(|one| one.operation.as_deref())
            .collect();
        assert_eq!(called, ["ask"]);
        for (offered, name) in listed.iter().zip(expected) {
            assert_eq!(offered.patterns, [RoutePattern::parse(name).unwrap()]);
        }
    }

    #[test]
    fn servers_are_put_before() {
        let is_at = |text: &str, route: &str| {
            let listed = read(text).unwrap();
            let route = RoutePattern::parse(route).unwrap();
            listed.endpoints[0].patterns.contains(&route)
        };
        let of_document = "openapi: 3.0.3\nservers:\n- url: https://{host}/api/{version}\n  variables: \
                           {version: {default: v2}}\npaths: {/a: {get: {}}}";
        assert!(is_at(of_document, "GET /api/v2/a"));
        assert!(is_at(of_document, "GET /a"));
        let of_operation = of_document.replace("get: {}", "get: {servers: [{url: /own/}]}");
        assert!(is_at(&of_operation, "GET /own/a"));
        assert!(!is_at(&of_operation, "GET /api/v2/a"));
        let swagger = "swagger: '2.0'\nbasePath: /old\npaths: {/a: {get: {}}}";
        assert!(is_at(swagger, "GET /old/a"));
    }

    #[test]
    fn what_is_not_read_is_said() {
        let with = |rest: &str| format!("openapi: 3.0.0\npaths:\n  {rest}\n");
        let methods: String = (0..51).map(|n| format!("M{n}: {{}}, ")).collect();
        let many = format!("servers: [{}]", "{url: /}, ".repeat(51));
        for (text, words) in [
            ("a: 1", "no key `openapi`"),
            ("openapi: 4.0.0", "version `4.0.0`"),
            ("openapi: 3.0.0", "describes no endpoint"),
            ("", "describes no endpoint"),
            (&with("/a: {$ref: 'a.yaml'}"), "another file"),
            (&with("/a: {$ref: '#/paths/~1a'}"), "without end"),
            (&with("/a: {$ref: '#/none'}"), "there is no `#/none`"),
            (
                &with("/a: {additionalOperations: {'CO PY': {}}}"),
                "`CO PY` is not a method",
            ),
            (
                &with(&format!("/a: {{additionalOperations: {{{methods}}}}}")),
                "more than 50",
            ),
            (&with("<<: {}"), "merged"),
            (&with("a: {get: {}}"), "starts with `/`"),
            (&with("/a: {}\n  /a: {}"), "twice"),
            (&with(&format!("/a: {{get: {{{many}}}}}")), "more than 50"),
            (
                &with(&format!("/{}: {{}}", "a".repeat(1001))),
                "more than 1000 bytes",
            ),
        ] {
            let wrong = read(text).unwrap_err();
            assert!(wrong.message.contains(words), "{text}: {}", wrong.message);
        }
    }
}
