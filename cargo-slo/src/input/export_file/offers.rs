//! The endpoints that a service offers, as an export lists them.

use super::shape::{Endpoint, Offers};
use crate::{
    diagnostics::Location,
    input::api::{Api, Offered, Protocols, RoutePattern},
};
use serde::de::Error;
use serde_json::value::RawValue;
use std::path::Path;

/// More endpoints than these no service offers.
const MAX_ENDPOINTS: usize = 200_000;

/// What is written of endpoints whose files a `slo.toml` in `folder` named.
pub(super) fn written(api: &Api, folder: Option<&Path>) -> Offers<Vec<Endpoint>> {
    let endpoints = api.endpoints.iter().map(|offered| {
        let patterns = offered.patterns.iter().map(RoutePattern::to_text).collect();
        let is_route = RoutePattern::parse(&offered.name).as_slice() == offered.patterns;
        Endpoint {
            route: offered.name.clone(),
            patterns: if is_route { Vec::new() } else { patterns },
            operation: offered.operation.clone(),
        }
    });
    Offers {
        files: api
            .files
            .iter()
            .map(|file| relative(file, folder))
            .collect(),
        http: api.protocols.http,
        grpc: api.protocols.grpc,
        incomparable: api.incomparable,
        endpoints: endpoints.collect(),
    }
}

/// A file as `slo.toml` names it, never with the folders above: they are those of one machine.
fn relative(file: &str, folder: Option<&Path>) -> String {
    let path = Path::new(file);
    let below = folder.and_then(|folder| path.strip_prefix(folder).ok());
    match below.unwrap_or(path) {
        path if path.is_absolute() => path.file_name().map(Path::new),
        path => Some(path),
    }
    .map_or(String::new(), |path| path.display().to_string())
}

/// What is read.
///
/// # Errors
/// If an endpoint is none, or there are too many.
pub(super) fn read(
    path: &Path,
    offers: Offers<Vec<&RawValue>>,
    mut line_of: impl FnMut(&str) -> u32,
) -> Result<Api, serde_json::Error> {
    if offers.endpoints.len() > MAX_ENDPOINTS {
        let what = format!("more than {MAX_ENDPOINTS} endpoints are offered");
        return Err(serde_json::Error::custom(what));
    }
    let file = path.display().to_string();
    let endpoints = offers
        .endpoints
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let pointer = format!("/offers/endpoints/{index}");
            let wrong = |what: &str| serde_json::Error::custom(format!("{pointer}: {what}"));
            let Endpoint {
                route,
                patterns,
                operation,
            } = serde_json::from_str(raw.get()).map_err(|error| wrong(&error.to_string()))?;
            let patterns: Option<Vec<_>> = match &patterns[..] {
                [] => RoutePattern::parse(&route).map(|route| vec![route]),
                patterns => patterns
                    .iter()
                    .map(|text| RoutePattern::from_text(text))
                    .collect(),
            };
            Ok(Offered {
                patterns: patterns.ok_or_else(|| wrong("no route is understood"))?,
                name: route,
                operation,
                location: Location {
                    line: Some(line_of(raw.get())),
                    part: Some(pointer),
                    ..Location::file(&file)
                },
            })
        });
    Ok(Api {
        endpoints: endpoints.collect::<Result<_, serde_json::Error>>()?,
        files: offers.files,
        incomparable: offers.incomparable,
        protocols: Protocols {
            http: offers.http,
            grpc: offers.grpc,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_as_slo_toml_does() {
        for (file, folder, name) in [
            ("/w/orders/api/a.yaml", Some("/w/orders"), "api/a.yaml"),
            ("/w/orders/../r.txt", Some("/w/orders"), "../r.txt"),
            ("/elsewhere/r.txt", Some("/w/orders"), "r.txt"),
            ("orders/r.txt", Some("orders"), "r.txt"),
            ("r.txt", Some(""), "r.txt"),
            ("/home/me/r.txt", None, "r.txt"),
        ] {
            assert_eq!(relative(file, folder.map(Path::new)), name, "{file}");
        }
    }
}
