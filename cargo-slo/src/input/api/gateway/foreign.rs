//! Gateways whose files are not read, by their names.

use crate::{
    diagnostics::Location,
    input::yaml::{At, Wrong},
};

/// The way out for all of them.
const HELP: &str = "write down the routes that lead to the service as a list, `routes`: a line \
    `METHOD /path` each, `/path/*` for all that is below";

/// Kinds of objects that hold routes.
const KINDS: [(&str, &str); 8] = [
    ("IngressRoute", "Traefik"),
    ("HTTPProxy", "Contour"),
    ("Mapping", "Emissary"),
    ("ApisixRoute", "APISIX"),
    ("VirtualServer", "the NGINX Ingress Controller"),
    ("VirtualServerRoute", "the NGINX Ingress Controller"),
    ("RouteTable", "Gloo"),
    ("Route", "OpenShift"),
];

/// Keys of a whole file.
const KEYS: [(&str, &str); 3] = [
    ("http", "Traefik"),
    ("spring", "Spring Cloud Gateway"),
    ("endpoints", "KrakenD"),
];

/// What a line of a file in a format of its own starts and ends with.
const LINES: [(&str, &str, &str); 8] = [
    ("location ", "{", "nginx"),
    ("server {", "", "nginx"),
    ("http {", "", "nginx"),
    ("frontend ", "", "HAProxy"),
    ("<VirtualHost", ">", "Apache"),
    ("<Location", ">", "Apache"),
    ("reverse_proxy ", "", "Caddy"),
    ("vcl 4", ";", "Varnish"),
];

/// Returns whose routes an object holds; `None` if it holds none that are known.
pub(super) fn name(object: At<'_>) -> Option<&'static str> {
    let of = |table: &[(&'static str, &'static str)], is: &dyn Fn(&str) -> bool| {
        table.iter().find(|(key, _)| is(key)).map(|(_, name)| *name)
    };
    match object.text_of("kind") {
        Some(kind) => of(&KINDS, &|known| known == kind),
        None => of(&KEYS, &|key| object.get(key).is_some()),
    }
}

/// Returns why they are not read.
pub(super) fn refused(location: Location, name: &str) -> Wrong {
    Wrong::at(location, format!("routes of {name} are not read")).help(HELP)
}

/// Refuses a file that is known by its lines, and not YAML.
///
/// # Errors
/// If it is one, with the line that tells so.
pub(in crate::input::api) fn refuse_text(
    text: &str,
    place: impl FnOnce(usize) -> Location,
) -> Result<(), Wrong> {
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let known = LINES
            .iter()
            .find(|(start, end, _)| line.starts_with(start) && line.ends_with(end));
        if let Some((_, _, name)) = known {
            return Err(refused(place(number + 1), name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_yaml_are_known_by_a_line() {
        for (text, line, name) in [
            ("# site\nserver {\n  listen 80;\n}\n", 2, "nginx"),
            (
                "location /api/ {\n  proxy_pass http://orders;\n}\n",
                1,
                "nginx",
            ),
            (
                "global\n  maxconn 10\nfrontend www\n  bind :80\n",
                3,
                "HAProxy",
            ),
            ("<VirtualHost *:80>\n</VirtualHost>\n", 1, "Apache"),
            (
                "shop.example {\n\treverse_proxy /api/* orders:80\n}\n",
                2,
                "Caddy",
            ),
        ] {
            let place = |line| Location {
                line: u32::try_from(line).ok(),
                ..Location::file("f")
            };
            let wrong = refuse_text(text, place).unwrap_err();
            assert_eq!(wrong.location.line, Some(line), "{text}");
            assert_eq!(wrong.message, format!("routes of {name} are not read"));
            assert!(wrong.help.is_some_and(|help| help.contains("`routes`")));
        }
        let yaml = "kind: HTTPRoute\nspec: {rules: [{name: 'location x'}]}\nserver: a\n";
        assert!(refuse_text(yaml, |_| unreachable!()).is_ok());
    }
}
