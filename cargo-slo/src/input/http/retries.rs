//! When the same is asked again, and how long after.
//!
//! Only what passes by itself is a reason, and only questions are asked, which change nothing however
//! often they are. All attempts together have the time that one has.

use super::error::is_hang_up;
use jiff::fmt::rfc2822::DateTimeParser;
use std::{
    io,
    time::{Duration, SystemTime},
};
use ureq::http::{Response, StatusCode};

/// How often a question is asked.
pub(super) const MAX_ATTEMPTS: u32 = 4;

/// The longest time that a system is waited for because it says so.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// How long is waited where it does not say so; twice as long each time.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Why a question is asked again, and after which time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Again {
    /// What happened.
    pub(super) why: String,
    /// How long is waited before.
    pub(super) wait: Duration,
}

impl Again {
    /// Returns the reason in an attempt, of which there were this many before; `None` if the question
    /// is not asked again.
    pub(super) fn after(
        attempt: &Result<Response<ureq::Body>, ureq::Error>,
        before: u32,
    ) -> Option<Again> {
        if before + 1 >= MAX_ATTEMPTS {
            return None;
        }
        let (why, asked_for) = match attempt {
            Ok(response) => busy(response)?,
            Err(ureq::Error::Io(error)) if is_passing(error.kind()) => (error.to_string(), None),
            Err(_) => return None,
        };
        let wait = asked_for.unwrap_or(FIRST_WAIT * 2_u32.pow(before));
        (wait <= MAX_WAIT).then_some(Again { why, wait })
    }
}

/// A process that starts again, or something before it that does.
fn is_passing(kind: io::ErrorKind) -> bool {
    kind == io::ErrorKind::ConnectionRefused || is_hang_up(kind)
}

/// What an answer says that will be otherwise soon, and when.
fn busy<B>(response: &Response<B>) -> Option<(String, Option<Duration>)> {
    let is_busy = matches!(
        response.status(),
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    let text = |name: &str| response.headers().get(name)?.to_str().ok();
    let seconds = |name: &str| Some(Duration::from_secs(text(name)?.trim().parse().ok()?));
    let wait = seconds("retry-after")
        .or_else(|| until(text("retry-after")?))
        .or_else(|| seconds("x-ratelimit-reset"));
    is_busy.then(|| (format!("it answers {}", response.status()), wait))
}

/// The time until a date as HTTP writes it; none left where it is past.
fn until(date: &str) -> Option<Duration> {
    let moment = DateTimeParser::new().parse_timestamp(date.trim()).ok()?;
    let moment = SystemTime::from(moment);
    Some(moment.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(status: u16, header: Option<(&str, &str)>) -> Option<Option<Duration>> {
        let mut response = Response::builder().status(status);
        if let Some((name, value)) = header {
            response = response.header(name, value);
        }
        busy(&response.body(()).unwrap()).map(|(_, wait)| wait)
    }

    #[test]
    fn systems_say_when() {
        let after = |value| wait(503, Some(("retry-after", value)));
        assert_eq!(after("7"), Some(Some(Duration::from_secs(7))));
        assert_eq!(
            after("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Some(Duration::ZERO))
        );
        assert!(after("Tue, 31 Dec 2999 23:59:59 GMT").unwrap().unwrap() > MAX_WAIT);
        assert_eq!(after("soon"), Some(None));
        assert_eq!(
            wait(429, Some(("x-ratelimit-reset", "3"))),
            Some(Some(Duration::from_secs(3)))
        );
    }

    #[test]
    fn what_does_not_pass_by_itself_is_final() {
        for (status, is_passing) in [
            (200, false),
            (400, false),
            (401, false),
            (404, false),
            (422, false),
            (429, true),
            (500, false),
            (501, false),
            (502, true),
            (503, true),
            (504, true),
        ] {
            assert_eq!(wait(status, None).is_some(), is_passing, "{status}");
        }
        for error in [
            ureq::Error::HostNotFound,
            ureq::Error::ConnectionFailed,
            ureq::Error::Io(io::ErrorKind::InvalidData.into()),
        ] {
            assert_eq!(Again::after(&Err(error), 0), None);
        }
    }

    #[test]
    fn each_wait_is_longer_and_the_last_attempt_is_the_last() {
        let waits: Vec<_> = (0..MAX_ATTEMPTS)
            .map(|before| {
                let refused = ureq::Error::Io(io::ErrorKind::ConnectionRefused.into());
                Again::after(&Err(refused), before).map(|again| again.wait.as_millis())
            })
            .collect();
        assert_eq!(waits, [Some(200), Some(400), Some(800), None]);
    }
}
