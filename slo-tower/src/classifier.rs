//! What an answer means, where a layer has an opinion of its own.

use http::{HeaderMap, StatusCode};
use slo_sdk::{Ending, Statuses};
use std::any::Any;

/// Judges answers and errors otherwise than the table does, for all requests of a layer.
///
/// What an annotation says of a status (`good_status`, `bad_status`) stands over it, and
/// what the handler says of its event over both.
///
/// ```
/// use slo_sdk::Ending;
/// use slo_tower::{Classifier, SloLayer, StatusSeen};
/// use std::any::Any;
///
/// /// Planned maintenance is announced to everyone, and a timeout below the layer is one.
/// #[derive(Clone)]
/// struct House;
///
/// impl Classifier for House {
///     fn answer(&self, answer: &StatusSeen<'_>) -> Option<Ending> {
///         answer.headers().contains_key("x-maintenance").then_some(Ending::MarkedExcluded)
///     }
///
///     fn error(&self, error: &dyn Any) -> Option<Ending> {
///         let error = error.downcast_ref::<tower::BoxError>()?;
///         error.is::<tower::timeout::error::Elapsed>().then_some(Ending::DeadlinePassed)
///     }
/// }
///
/// let layer = SloLayer::new().classifier(House);
/// ```
///
/// It runs on the request's way, once for each: a panic in it is the request's panic.
pub trait Classifier: Clone {
    /// How an event ends that is answered so to the end; `None` if the table decides.
    ///
    /// An answer whose body breaks off, a panic and a client that leaves are none of its
    /// business.
    fn answer(&self, answer: &StatusSeen<'_>) -> Option<Ending> {
        let _ = answer;
        None
    }

    /// How an event ends that the service below answers with an error: a value of its own
    /// error type. Nothing for a failure of the service.
    fn error(&self, error: &dyn Any) -> Option<Ending> {
        let _ = error;
        None
    }
}

/// All as the table says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standard;

impl Classifier for Standard {}

/// Some status codes mean something else:
/// `SloLayer::new().classifier(Statuses::new().bad(&[429]))`.
impl Classifier for Statuses {
    fn answer(&self, answer: &StatusSeen<'_>) -> Option<Ending> {
        self.ending(answer.code?)
    }
}

/// The status of an answer, where it was seen: in the head, or for gRPC in the trailers.
#[derive(Clone, Copy, Debug)]
pub struct StatusSeen<'a> {
    pub(crate) http: Option<StatusCode>,
    pub(crate) code: Option<u16>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) ending: Ending,
}

impl StatusSeen<'_> {
    /// Returns the status of an answer over HTTP; nothing for gRPC.
    pub fn http_status(&self) -> Option<StatusCode> {
        self.http
    }

    /// Returns the code of an answer over gRPC; nothing for HTTP, and where it is missing or can't
    /// be read.
    pub fn grpc_code(&self) -> Option<u16> {
        self.code.filter(|_| self.http.is_none())
    }

    /// Returns the headers or trailers that hold the status. Those in the body of gRPC-Web are not
    /// among them.
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// Returns what the table says.
    pub fn ending(&self) -> Ending {
        self.ending
    }
}
