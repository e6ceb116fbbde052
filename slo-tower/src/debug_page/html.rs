//! The page: one table a journey, renewed by the browser, without a script.

use slo_sdk::{EndpointCounts, Latency, SliCounts, Snapshot, Target};
use std::{collections::BTreeMap, fmt::Write as _};

/// Nothing is fetched, framed or run.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
     <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
     <meta http-equiv=\"refresh\" content=\"5\">\n<title>SLO counts</title>\n<style>\n";

const STYLE: &str = include_str!("style.css");

/// Returns the page of all counts.
pub(super) fn page(snapshot: &Snapshot) -> String {
    let mut page = format!("{HEAD}{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>SLO counts</h1>\n");
    page.push_str(
        "<p>Of this process since it started. In other forms: <a href=\"?format=text\">text</a>, \
         <a href=\"?format=json\">JSON</a>, <a href=\"?format=prometheus\">Prometheus</a>.</p>\n",
    );
    let mut journeys = BTreeMap::<&str, Vec<&EndpointCounts>>::new();
    for endpoint in snapshot.endpoints() {
        journeys
            .entry(endpoint.journey())
            .or_default()
            .push(endpoint);
    }
    if journeys.is_empty() {
        page.push_str(
            "<p>No function of this program is annotated with <code>#[slo]</code>.</p>\n",
        );
    }
    for (journey, endpoints) in journeys {
        of_journey(&mut page, journey, &endpoints);
    }
    unannotated(&mut page, snapshot);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn of_journey(page: &mut String, journey: &str, endpoints: &[&EndpointCounts]) {
    let title = endpoints[0].declaration().journey.get_title();
    let title = match title {
        "" => String::new(),
        title => format!(" <small>{}</small>", escaped(title)),
    };
    let _ = write!(
        page,
        "<section>\n<h2>{}{title}</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" \
         aria-label=\"{0}\">\n<table>\n<thead><tr><th scope=\"col\">Endpoint</th>\
         <th scope=\"col\">SLI</th><th scope=\"col\">Good</th><th scope=\"col\">Bad</th>\
         <th scope=\"col\">Good, %</th><th scope=\"col\">Target</th>\
         <th scope=\"col\">In flight</th></tr></thead>\n",
        escaped(journey)
    );
    for endpoint in endpoints {
        of_endpoint(page, endpoint);
    }
    page.push_str("</table>\n</div>\n</section>\n");
}

/// A row for each SLI, and one for the results.
fn of_endpoint(page: &mut String, endpoint: &EndpointCounts) {
    page.push_str("<tbody>\n");
    let name = escaped(endpoint.name());
    let rows = endpoint.slis().len() + 1;
    for (at, sli) in endpoint.slis().iter().enumerate() {
        page.push_str("<tr>");
        if at == 0 {
            let _ = write!(
                page,
                "<th scope=\"rowgroup\" rowspan=\"{rows}\">{name}</th>"
            );
        }
        let threshold = sli
            .threshold
            .map_or(String::new(), |threshold| format!(" ≤ {threshold:?}"));
        let class = if sli.counts.bad > 0 {
            " class=\"bad\""
        } else {
            ""
        };
        let target = target(endpoint, sli);
        let _ = write!(
            page,
            "<td class=\"name\">{}{threshold}</td><td>{}</td><td{class}>{}</td><td>{}</td>\
             <td>{}</td>",
            escaped(sli.name),
            sli.counts.good,
            sli.counts.bad,
            share(sli.counts.good, sli.counts.bad),
            target.map_or("–".to_owned(), |target| target.to_string()),
        );
        let in_flight = (at == 0).then(|| endpoint.in_flight().to_string());
        let _ = writeln!(page, "<td>{}</td></tr>", in_flight.unwrap_or_default());
    }
    let results: Vec<String> = endpoint
        .results()
        .filter(|(_, events)| *events > 0)
        .map(|(result, events)| format!("{} {events}", result.as_str()))
        .collect();
    let results = match results.is_empty() {
        true => "no event yet".to_owned(),
        false => results.join(", "),
    };
    let _ = writeln!(
        page,
        "<tr><td class=\"name quiet\" colspan=\"6\">{results}</td></tr>"
    );
    for (consumer, slis) in endpoint.consumers() {
        for sli in slis {
            let _ = writeln!(
                page,
                "<tr><td class=\"name quiet\">{}</td><td class=\"name quiet\">{}</td><td>{}</td>\
                 <td>{}</td><td>{}</td><td></td><td></td></tr>",
                escaped(consumer),
                escaped(sli.name),
                sli.counts.good,
                sli.counts.bad,
                share(sli.counts.good, sli.counts.bad),
            );
        }
    }
    page.push_str("</tbody>\n");
}

fn unannotated(page: &mut String, snapshot: &Snapshot) {
    let met: Vec<_> = snapshot
        .unannotated_outcomes()
        .iter()
        .filter(|(_, outcomes)| outcomes.total() > 0)
        .collect();
    if met.is_empty() {
        return;
    }
    page.push_str(
        "<section>\n<h2>Without an annotation</h2>\n<div class=\"wide\" tabindex=\"0\" \
         role=\"region\" aria-label=\"Without an annotation\">\n<table>\n<thead><tr>\
         <th scope=\"col\">Route</th><th scope=\"col\">Good</th><th scope=\"col\">Bad</th>\
         <th scope=\"col\">Excluded</th></tr></thead>\n<tbody>\n",
    );
    for (route, outcomes) in met {
        let class = if outcomes.bad > 0 {
            " class=\"bad\""
        } else {
            ""
        };
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td{class}>{}</td><td>{}</td></tr>",
            escaped(route),
            outcomes.good,
            outcomes.bad,
            outcomes.excluded
        );
    }
    page.push_str("</tbody>\n</table>\n</div>\n</section>\n");
}

/// The target of an SLI: the endpoint's own, else its journey's.
fn target(endpoint: &EndpointCounts, sli: &SliCounts) -> Option<Target> {
    let journey = endpoint.declaration().journey.get_objectives();
    [endpoint.objectives(), journey]
        .into_iter()
        .flatten()
        .find_map(|promised| match sli.threshold {
            None => promised.get_availability(),
            Some(_) => promised
                .latencies()
                .find(|latency| latency.name() == sli.name)
                .map(Latency::target),
        })
}

/// The share of good events, rounded down.
fn share(good: u64, bad: u64) -> String {
    let valid = u128::from(good) + u128::from(bad);
    if valid == 0 {
        return "–".to_owned();
    }
    let thousandths = u128::from(good) * 100_000 / valid;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
        escaped
    })
}
