//! What `--against` names.

use crate::{
    cli::failure::Failure,
    diagnostics::Diagnostic,
    input::{
        datadog::Datadog,
        http::{Address, AddressError},
    },
};
use std::path::Path;

/// Something to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against<'a> {
    /// Files, a folder or a pattern.
    Path(&'a Path),
    /// Rules on standard input.
    Stdin,
    /// A Prometheus, or what answers like one.
    Prometheus(&'a str),
    /// A ruler of Mimir or Cortex.
    Ruler(&'a str),
    /// A Grafana.
    Grafana(&'a str),
    /// A Datadog; `None` for the site that the environment names.
    Datadog(Option<&'a str>),
}

/// What begins the address of a system, before `http://`.
const KINDS: &[&str] = &["prometheus", "ruler", "grafana", "datadog"];

impl<'a> Against<'a> {
    /// Returns what a text names.
    ///
    /// # Errors
    /// If it looks like an address, and is not one.
    pub(super) fn parse(what: &'a str) -> Result<Against<'a>, Failure> {
        let path = Path::new(what);
        if what == "-" {
            return Ok(Against::Stdin);
        }
        if what == "datadog" && !path.exists() {
            return Ok(Against::Datadog(None));
        }
        match what.split_once('+') {
            Some(("prometheus", url)) if is_address(url) => return Ok(Against::Prometheus(url)),
            Some(("ruler", url)) if is_address(url) => return Ok(Against::Ruler(ruler(url))),
            Some(("grafana", url)) if is_address(url) => return Ok(Against::Grafana(url)),
            Some(("datadog", url)) if is_address(url) => return Ok(Against::Datadog(Some(url))),
            _ => {}
        }
        if is_address(what) {
            return Ok(match ruler(what) {
                url if url == what => Against::Prometheus(what),
                url => Against::Ruler(url),
            });
        }
        match lacks_scheme(what) && !path.exists() {
            true => Err(without_scheme(what).into()),
            false => Ok(Against::Path(path)),
        }
    }
}

/// The address of what is asked.
pub(super) fn address(url: &str) -> Result<Address, Failure> {
    Ok(Address::parse(url)?)
}

/// The address of a Datadog.
pub(super) fn datadog(url: Option<&str>) -> Result<Address, Failure> {
    let site = || {
        Datadog::site().map_err(|_: AddressError| {
            let told =
                Diagnostic::error("the environment variable DD_SITE is not the name of a host");
            Failure::from(told.with_help("set it to your site, such as `datadoghq.eu`"))
        })
    };
    url.map_or_else(site, address)
}

/// The address of a ruler without what leads to its rules.
fn ruler(url: &str) -> &str {
    let address = url.trim_end_matches('/');
    address.strip_suffix("/config/v1/rules").unwrap_or(url)
}

/// True for what only an address can be, and for what may hold the password of one: nothing of it
/// must be shown as the name of a file that is missing.
fn is_address(what: &str) -> bool {
    let may_hold_password = || {
        let before = what.split_once('@').map(|(before, _)| before);
        before.is_some_and(|before| before.contains(':')) && !Path::new(what).exists()
    };
    what.contains("://") || may_hold_password()
}

/// True for `host:port`, with or without a path.
fn lacks_scheme(what: &str) -> bool {
    let what = KINDS.iter().fold(what, |what, kind| {
        let rest = what.strip_prefix(kind);
        rest.and_then(|rest| rest.strip_prefix('+')).unwrap_or(what)
    });
    let Some((host, rest)) = what.split_once(':') else {
        return false;
    };
    let port = rest.split('/').next().unwrap_or(rest);
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    is_port && !host.is_empty() && host.bytes().all(is_host)
}

fn without_scheme(what: &str) -> Diagnostic {
    let (kind, address) = match what.split_once('+') {
        Some((kind, address)) => (format!("{kind}+"), address),
        None => (String::new(), what),
    };
    Diagnostic::error(format!("`{what}` is neither a file nor an address")).with_help(format!(
        "if something listens there, write `{kind}http://{address}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Against::{Datadog, Grafana, Path as AsPath, Prometheus, Ruler, Stdin};

    #[test]
    fn what_is_named() {
        for (what, against) in [
            ("-", Stdin),
            (
                "main/orders.slo.json",
                AsPath(Path::new("main/orders.slo.json")),
            ),
            ("rules+more", AsPath(Path::new("rules+more"))),
            ("grafana", AsPath(Path::new("grafana"))),
            ("c:x", AsPath(Path::new("c:x"))),
            ("http://p:9090", Prometheus("http://p:9090")),
            ("prometheus+http://p", Prometheus("http://p")),
            ("ruler+http://m/prometheus", Ruler("http://m/prometheus")),
            (
                "http://m/prometheus/config/v1/rules",
                Ruler("http://m/prometheus"),
            ),
            ("grafana+https://g/sub", Grafana("https://g/sub")),
            ("datadog", Datadog(None)),
            (
                "datadog+http://127.0.0.1:1",
                Datadog(Some("http://127.0.0.1:1")),
            ),
            // It may hold a password, so it is not shown as a file.
            ("ci:hunter2@p", Prometheus("ci:hunter2@p")),
        ] {
            assert_eq!(Against::parse(what).ok(), Some(against), "{what}");
        }
        for (what, words) in [
            ("prometheus:9090", "write `http://prometheus:9090`"),
            (
                "localhost:9090/prometheus",
                "write `http://localhost:9090/prometheus`",
            ),
            ("grafana+g:3000", "write `grafana+http://g:3000`"),
        ] {
            let Err(Failure::Told(told)) = Against::parse(what) else {
                panic!("{what} is something");
            };
            assert!(told[0].help[0].contains(words), "{told:?}");
        }
    }
}
