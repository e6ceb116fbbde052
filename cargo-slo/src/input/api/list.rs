//! A list of routes: a line `METHOD /path` each.
//!
//! What any router, gateway or access log can be asked for. Without a method, a line is about all
//! of them; `#` starts a comment.

use super::{
    Offered, RoutePattern,
    offered::{Listed, Protocols, check_length},
};
use crate::input::yaml::{Lines, Wrong};

pub(super) fn endpoints(text: &str, lines: &Lines<'_>) -> Result<Listed, Wrong> {
    let mut listed = Listed::default();
    for (index, line) in text.lines().enumerate() {
        let said = line.split(" #").next().unwrap_or("");
        let route = said.trim();
        if route.is_empty() || route.starts_with('#') {
            continue;
        }
        let indent = said.chars().take_while(|c| c.is_whitespace()).count();
        let location = lines.location(index + 1, indent + 1, route.chars().count());
        let Some(pattern) = RoutePattern::parse(route) else {
            return Err(Wrong::at(location, "the line is not a route")
                .help("a route is `METHOD /path`, or `/path` for every method"));
        };
        // Without a method, it may be called by either.
        listed.protocols.and(Protocols::HTTP);
        if pattern.method.is_none() {
            listed.protocols.and(Protocols::GRPC);
        }
        check_length(route, || location.clone())?;
        listed.push(Offered {
            name: route.split_whitespace().collect::<Vec<_>>().join(" "),
            patterns: vec![pattern],
            operation: None,
            location,
        })?;
    }
    if listed.endpoints.is_empty() {
        return Err(Wrong::at(lines.file(), "the file lists no route"));
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_endpoint() {
        let read = |text: &str| endpoints(text, &Lines::new("routes.txt", text));
        let text = "# all of them\nGET   /a/{id}\r\n\n  /pay.Payments/Pay # gRPC\n";
        let listed = read(text).unwrap().endpoints;
        let names: Vec<_> = listed.iter().map(|one| &*one.name).collect();
        assert_eq!(names, ["GET /a/{id}", "/pay.Payments/Pay"]);
        let place = &listed[1].location;
        assert_eq!(
            (place.line, place.column, place.length),
            (Some(4), Some(3), Some(17))
        );
        assert_eq!(read("GET /a\nGET a\n").unwrap_err().location.line, Some(2));
        assert!(read("# none\n").is_err());
    }
}
