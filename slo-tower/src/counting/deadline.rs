//! How long a gRPC client is willing to wait.

use http::{HeaderMap, HeaderName, Method, Request};
use slo_sdk::layer::Deadline;
use std::time::Duration;

/// The deadline that a request announces in `grpc-timeout`: at most eight digits and a unit,
/// as in gRPC's protocol over HTTP/2. `None` if there is none or it can't be read.
///
/// gRPC knows no other method than `POST`, so the others need not be searched for it.
#[inline]
pub(crate) fn from_request<A>(request: &Request<A>) -> Deadline {
    if *request.method() != Method::POST {
        return Deadline::NONE;
    }
    announced(request.headers()).map_or(Deadline::NONE, Deadline::after)
}

fn announced(headers: &HeaderMap) -> Option<Duration> {
    const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");
    parse(headers.get(GRPC_TIMEOUT)?.to_str().ok()?)
}

fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = digits.parse().ok()?;
    Some(match unit {
        "H" => slo_sdk::hours(value),
        "M" => slo_sdk::minutes(value),
        "S" => slo_sdk::secs(value),
        "m" => slo_sdk::millis(value),
        "u" => slo_sdk::micros(value),
        "n" => Duration::from_nanos(value),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_the_protocol() {
        for (text, expected) in [
            ("1H", 3600.0),
            ("2M", 120.0),
            ("30S", 30.0),
            ("250m", 0.25),
            ("99999999u", 99.999_999),
            ("5n", 5e-9),
        ] {
            assert_eq!(
                parse(text),
                Some(Duration::from_secs_f64(expected)),
                "{text}"
            );
        }
    }

    #[test]
    fn nonsense_is_no_deadline() {
        for text in [
            "",
            "S",
            "1",
            "1s",
            "-1S",
            "+1S",
            "1.5S",
            "123456789S",
            "1 S",
            "é",
            "1é",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
