//! What a status says: the table, unless a classifier has its own opinion.

use crate::{Classifier, StatusSeen};
use http::{HeaderMap, StatusCode};
use slo_sdk::{Ending, layer::Answered};

#[inline]
pub(crate) fn http(
    status: StatusCode,
    headers: &HeaderMap,
    classifier: &impl Classifier,
) -> (Answered, bool) {
    let seen = StatusSeen {
        http: Some(status),
        code: Some(status.as_u16()),
        headers,
        ending: if status == StatusCode::OK {
            Ending::Completed
        } else {
            Ending::from_http_status(status.as_u16())
        },
    };
    judged(seen, classifier)
}

pub(crate) fn grpc(
    code: Option<u16>,
    headers: &HeaderMap,
    classifier: &impl Classifier,
) -> (Answered, bool) {
    let seen = StatusSeen {
        http: None,
        code,
        headers,
        ending: Ending::from_grpc_status(code),
    };
    judged(seen, classifier)
}

/// What a status says, and whether that is the opinion of the classifier.
fn judged(seen: StatusSeen<'_>, classifier: &impl Classifier) -> (Answered, bool) {
    let opinion = classifier.answer(&seen);
    let answered = Answered::new(opinion.unwrap_or(seen.ending), seen.code);
    (answered, opinion.is_some())
}
