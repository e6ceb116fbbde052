//! What to do while there is nothing to see.

use super::words::{Context, classes, copied, fill};
use crate::{
    live::view::ServiceView,
    text::{html::Writer, visible},
};

/// The port that the examples of axum and tonic listen on is for the reader to replace.
const ADDRESS: &str = "http://localhost:3000";

pub(super) fn write(w: &mut Writer, cx: Context<'_>) {
    let texts = &cx.texts.start;
    let services = &cx.view.services;
    let is_silent = !services.iter().any(has_events);
    if !is_silent {
        return;
    }
    let heading = match services.is_empty() {
        true => texts.heading,
        false => texts.no_event,
    };
    let attributes = [("class", "start"), ("aria-labelledby", "start")];
    w.block("section", &attributes, |w| {
        w.told("h2", &[("id", "start")], heading);
        w.block("ol", &[], |w| {
            if services.is_empty() {
                step(w, cx, texts.child, "cargo slo dev -- cargo run");
                if let Some(receiver) = &cx.view.receiver {
                    step(w, cx, texts.elsewhere, &elsewhere(receiver));
                }
            }
            w.block("li", &[], |w| fill(w, texts.layer, &[]));
            let routes = services
                .iter()
                .flat_map(|service| &service.journeys)
                .flat_map(|journey| &journey.steps)
                .filter_map(|step| step.route.as_deref());
            let request = routes.filter_map(request).next();
            let request = request.unwrap_or_else(|| format!("curl -i {ADDRESS}/"));
            step(w, cx, texts.request, &request);
        });
    });
}

fn has_events(service: &ServiceView) -> bool {
    let steps = service.journeys.iter().flat_map(|journey| &journey.steps);
    !service.unannotated.is_empty()
        || steps
            .flat_map(|step| &step.results)
            .any(|(_, events)| *events > 0)
}

fn step(w: &mut Writer, cx: Context<'_>, text: &'static str, command: &str) {
    w.block("li", &classes(""), |w| {
        fill(w, text, &[]);
        copied(w, cx, command, cx.texts.start.command);
    });
}

/// How a service that `dev` did not start exports here twice a second.
fn elsewhere(receiver: &str) -> String {
    format!(
        "OTEL_EXPORTER_OTLP_ENDPOINT={} OTEL_METRIC_EXPORT_INTERVAL=500 cargo run",
        quoted(receiver)
    )
}

/// The command that sends a request to a route, unless the route is not one of HTTP.
pub(super) fn request(route: &str) -> Option<String> {
    let (method, path) = route.split_once(' ')?;
    let is_http = path.starts_with('/') && method.bytes().all(|c| c.is_ascii_uppercase());
    if !is_http || method.is_empty() {
        return None;
    }
    let address = quoted(&format!("{ADDRESS}{path}"));
    Some(match method {
        "GET" => format!("curl -i {address}"),
        method => format!("curl -i -X {method} {address}"),
    })
}

/// One word of a shell, whatever is in it.
fn quoted(word: &str) -> String {
    let word = visible(word);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/:.-_".contains(c);
    match word.chars().all(is_plain) {
        true => word.into_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_commands_and_nothing_else() {
        let requests = [
            "GET /",
            "POST /carts/{id}/items",
            "GET /a'; rm -r ~; '\n\u{202e}$(x)",
            "shop.Carts/Add",
            "GET shop",
            "G;T /",
            " /",
        ]
        .map(request);
        let commands = requests.each_ref().map(Option::as_deref);
        assert_eq!(
            commands,
            [
                Some("curl -i http://localhost:3000/"),
                Some("curl -i -X POST 'http://localhost:3000/carts/{id}/items'"),
                Some("curl -i 'http://localhost:3000/a'\\''; rm -r ~; '\\''\\n\\u{202e}$(x)'"),
                None,
                None,
                None,
                None,
            ]
        );
    }
}
