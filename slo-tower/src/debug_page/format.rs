//! Who gets the counts in which form.

use super::html;
use http::{HeaderMap, header::ACCEPT};
use slo_sdk::Snapshot;

/// The forms that counts are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Html,
    Text,
    Json,
    Prometheus,
}

impl Format {
    /// Returns what a request asks for: in its query, else in `Accept`, else a table.
    pub(super) fn of(query: Option<&str>, headers: &HeaderMap) -> Format {
        let named = query
            .into_iter()
            .flat_map(|query| query.split('&'))
            .filter_map(|pair| pair.strip_prefix("format="))
            .find_map(Format::named);
        named.unwrap_or_else(|| {
            let accepted = headers.get_all(ACCEPT).iter();
            let mut kinds = accepted
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .filter_map(|range| range.split(';').next());
            kinds
                .find_map(|kind| Format::of_kind(kind.trim()))
                .unwrap_or(Format::Text)
        })
    }

    fn named(name: &str) -> Option<Format> {
        match name {
            "html" => Some(Format::Html),
            "text" => Some(Format::Text),
            "json" => Some(Format::Json),
            "prometheus" => Some(Format::Prometheus),
            _ => None,
        }
    }

    /// The first of a list that is known; a Prometheus asks for OpenMetrics before plain text.
    fn of_kind(kind: &str) -> Option<Format> {
        match kind {
            "text/html" | "application/xhtml+xml" => Some(Format::Html),
            "application/json" => Some(Format::Json),
            "application/openmetrics-text" | "application/vnd.google.protobuf" | "text/plain" => {
                Some(Format::Prometheus)
            }
            _ => None,
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Format::Html => "text/html; charset=utf-8",
            Format::Text => "text/plain; charset=utf-8",
            Format::Json => "application/json",
            Format::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    pub(super) fn write(self, snapshot: &Snapshot) -> String {
        match self {
            Format::Html => html::page(snapshot),
            Format::Text => snapshot.to_string(),
            // Keys are texts, and no value refuses.
            Format::Json => serde_json::to_string(snapshot).unwrap_or_default(),
            Format::Prometheus => snapshot.to_prometheus(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn each_gets_what_it_reads() {
        let of = |query, accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            Format::of(query, &headers)
        };
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2";
        assert_eq!(of(None, browser), Format::Html);
        assert_eq!(of(None, prometheus), Format::Prometheus);
        assert_eq!(of(None, "application/json, text/plain, */*"), Format::Json);
        assert_eq!(of(None, "*/*"), Format::Text);
        assert_eq!(Format::of(None, &HeaderMap::new()), Format::Text);
        assert_eq!(of(Some("a=b&format=json"), browser), Format::Json);
        assert_eq!(of(Some("format=text"), prometheus), Format::Text);
        assert_eq!(of(Some("format=yaml"), browser), Format::Html);
    }
}
