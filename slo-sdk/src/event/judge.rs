//! What the value of an annotated function says about its event, where no layer sees the
//! answer that is made of it.
//!
//! | value | says |
//! | --- | --- |
//! | `()` | good |
//! | `StatusCode`, `Response`, `(StatusCode, R)` | what the status means |
//! | `(StatusCode, parts…, R)` | what a 5xx means; else nothing, as a part that can't be written makes it a 500 |
//! | `ExitCode`, `ExitStatus` | good if it is success, else bad |
//! | `Err` of a type in the second or third row | the same as that |
//! | any other `Err` | bad |
//! | `Ok(x)` | what `x` says |
//! | anything else | nothing: a type's own `IntoResponse` may render a 500 |
//!
//! What says nothing is good for a job (`every = …`) and a call (`per = call`), which have no
//! answer beyond their value. For a handler it is [`Ending::OutsideLayer`].
//!
//! Which trait below answers is decided by how many references the method call has to look
//! through (`&&Probe(value)`), so it works without knowing the type.

use crate::event::track::Answered;
use slo_model::Ending;
use std::{
    any::type_name,
    future::Future,
    process::{ExitCode, ExitStatus},
};

/// What a value says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// How the event ended.
    Says(Answered),
    /// What the answer is meant to be: it may still become another one, in which a value of
    /// this type is a failure.
    Means(Answered, &'static str),
    /// Nothing; the name of its type.
    Nothing(&'static str),
}

impl Judgement {
    fn ended(ending: Ending) -> Judgement {
        Judgement::Says(Answered::without_code(ending))
    }

    fn failed_unless(is_success: bool) -> Judgement {
        Judgement::ended(match is_success {
            true => Ending::Completed,
            false => Ending::ServerError,
        })
    }

    fn answered(status: http::StatusCode) -> Answered {
        let code = status.as_u16();
        Answered::new(Ending::from_http_status(code), Some(code))
    }

    /// How a job or a call ended: what claims nothing has succeeded.
    pub(crate) fn of_call(self) -> Answered {
        match self {
            Judgement::Says(answered) | Judgement::Means(answered, _) => answered,
            Judgement::Nothing(_) => Answered::without_code(Ending::Completed),
        }
    }

    /// How the event of a handler ended that no layer saw, or the name of the type that does
    /// not say it.
    pub(crate) fn of_handler(self) -> Result<Answered, &'static str> {
        match self {
            Judgement::Says(answered) => Ok(answered),
            Judgement::Means(answered, _) if answered.ending == Ending::ServerError => Ok(answered),
            Judgement::Means(_, name) | Judgement::Nothing(name) => Err(name),
        }
    }
}

/// Returns a value that is never asked, as there is none.
pub fn nothing<T>(_: &T) -> Judgement {
    Judgement::Nothing(type_name::<T>())
}

/// A value that is asked what it says.
#[derive(Debug)]
pub struct Probe<T>(pub T);

/// Stands for the error of what has none.
#[derive(Clone, Copy, Debug)]
pub struct NoError;

/// Takes a `Result` apart.
pub trait ViaResult {
    /// References to what is inside.
    type Parts;

    /// The value of success, or the error.
    fn parts(&self) -> Self::Parts;
}

impl<'a, T, E> ViaResult for &Probe<&'a Result<T, E>> {
    type Parts = Result<&'a T, &'a E>;

    fn parts(&self) -> Result<&'a T, &'a E> {
        self.0.as_ref()
    }
}

/// Takes a value whole that is not a `Result`.
pub trait ViaWhole {
    /// A reference to it.
    type Parts;

    /// The value.
    fn parts(&self) -> Self::Parts;
}

impl<'a, T> ViaWhole for Probe<&'a T> {
    type Parts = Result<&'a T, &'a NoError>;

    fn parts(&self) -> Result<&'a T, &'a NoError> {
        Ok(self.0)
    }
}

/// Answers for what has a status.
pub trait ViaStatus {
    /// What the status means.
    fn says(&self) -> Judgement;

    /// The same where it is the error.
    fn says_as_error(&self) -> Judgement {
        self.says()
    }
}

impl ViaStatus for &Probe<&http::StatusCode> {
    fn says(&self) -> Judgement {
        Judgement::Says(Judgement::answered(*self.0))
    }
}

impl<B> ViaStatus for &Probe<&http::Response<B>> {
    fn says(&self) -> Judgement {
        let answered = Judgement::answered(self.0.status());
        let is_grpc = self
            .0
            .headers()
            .get(http::header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
        if is_grpc {
            // Its status comes behind the body.
            Judgement::Means(answered, type_name::<http::Response<B>>())
        } else {
            Judgement::Says(answered)
        }
    }
}

impl<R> ViaStatus for &Probe<&(http::StatusCode, R)> {
    fn says(&self) -> Judgement {
        Judgement::Says(Judgement::answered(self.0.0))
    }
}

/// As many parts as axum takes between the status and the body.
macro_rules! status_and_parts {
    ($($part:ident)*, ) => {};
    ($($part:ident)*, $next:ident $($more:ident)*) => {
        impl<$($part,)* $next, Last> ViaStatus for &Probe<&(http::StatusCode, $($part,)* $next, Last)> {
            fn says(&self) -> Judgement {
                Judgement::Means(
                    Judgement::answered(self.0.0),
                    type_name::<(http::StatusCode, $($part,)* $next, Last)>(),
                )
            }
        }
        status_and_parts!($($part)* $next, $($more)*);
    };
}
status_and_parts!(, A B C D E F G H I J);

/// Answers for other values that say whether they are a success.
pub trait ViaValue {
    /// Good or bad.
    fn says(&self) -> Judgement;
}

impl ViaValue for &Probe<&()> {
    fn says(&self) -> Judgement {
        Judgement::ended(Ending::Completed)
    }
}

impl ViaValue for &Probe<&ExitCode> {
    fn says(&self) -> Judgement {
        Judgement::failed_unless(*self.0 == ExitCode::SUCCESS)
    }
}

impl ViaValue for &Probe<&ExitStatus> {
    fn says(&self) -> Judgement {
        Judgement::failed_unless(self.0.success())
    }
}

/// A `Result` within another.
impl<T, E> ViaValue for &Probe<&Result<T, E>> {
    fn says(&self) -> Judgement {
        match self.0 {
            Ok(_) => Judgement::Nothing(type_name::<Result<T, E>>()),
            Err(_) => Judgement::ended(Ending::ServerError),
        }
    }
}

/// Answers for everything else.
pub trait ViaAny {
    /// Nothing.
    fn says(&self) -> Judgement;

    /// Bad.
    fn says_as_error(&self) -> Judgement;
}

impl<T> ViaAny for Probe<&T> {
    fn says(&self) -> Judgement {
        Judgement::Nothing(type_name::<T>())
    }

    fn says_as_error(&self) -> Judgement {
        Judgement::ended(Ending::ServerError)
    }
}

/// Values of jobs and calls from which success can be told.
#[diagnostic::on_unimplemented(
    message = "a job or call that returns `bool` or `Option` does not say whether it succeeded",
    label = "`false` and `None` would count as success",
    note = "return a `Result`, whose `Err` is bad; where `false` or `None` is a good answer, return `Ok(…)`"
)]
pub trait TellsSuccess {}

/// Refuses values of jobs and calls that may stand for a failure.
pub trait ViaUnclear {
    /// Does not compile.
    fn must_tell_success(&self)
    where
        Self: TellsSuccess;
}

impl ViaUnclear for &Probe<&bool> {
    fn must_tell_success(&self)
    where
        Self: TellsSuccess,
    {
    }
}

impl<T> ViaUnclear for &Probe<&Option<T>> {
    fn must_tell_success(&self)
    where
        Self: TellsSuccess,
    {
    }
}

/// Lets all others pass.
pub trait ViaClear {
    /// Does nothing.
    fn must_tell_success(&self) {}
}

impl<T> ViaClear for Probe<&T> {}

/// Values that are there when a function returns.
#[diagnostic::on_unimplemented(
    message = "this function returns a future under another name, which would be measured before it has run",
    label = "this is a future",
    note = "make it an `async fn`, or write the type out: `-> impl Future<Output = …>`, `-> Pin<Box<dyn Future<Output = …>>>`"
)]
pub trait IsDone {}

/// Refuses futures that the signature does not show.
pub trait ViaFuture {
    /// Does not compile.
    fn must_be_done(&self)
    where
        Self: IsDone;
}

impl<F: Future> ViaFuture for &Probe<&F> {
    fn must_be_done(&self)
    where
        Self: IsDone,
    {
    }
}

/// Lets all others pass.
pub trait ViaDone {
    /// Does nothing.
    fn must_be_done(&self) {}
}

impl<T> ViaDone for Probe<&T> {}

/// Asks a reference to a value what it says; see [`Judgement`].
///
/// Of a `call` success can be told, and what is `done` is not a future.
#[doc(hidden)]
#[macro_export]
macro_rules! __judge {
    ($value:expr $(, $must:ident)*) => {{
        use $crate::__private::judges::*;
        $((&&$crate::__private::Probe($value)).$must();)*
        match (&&$crate::__private::Probe($value)).parts() {
            ::core::result::Result::Ok(value) => (&&$crate::__private::Probe(value)).says(),
            ::core::result::Result::Err(error) => {
                (&&$crate::__private::Probe(error)).says_as_error()
            }
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::__judge as judge;
    use http::{Response, StatusCode};

    fn says(judgement: Judgement) -> Option<Ending> {
        judgement.of_handler().ok().map(|answered| answered.ending)
    }

    fn response(status: StatusCode) -> Response<()> {
        let mut response = Response::new(());
        *response.status_mut() = status;
        response
    }

    /// Every status, in every type that says one, as a value and as an error.
    #[test]
    fn a_status_says_what_it_means_wherever_it_stands() {
        for code in 100..=999 {
            let status = StatusCode::from_u16(code).unwrap();
            let expected = Some(Ending::from_http_status(code));
            let of_parts = expected.filter(|ending| *ending == Ending::ServerError);
            let text = "text";
            assert_eq!(says(judge!(&status)), expected, "{code}");
            assert_eq!(says(judge!(&response(status))), expected);
            assert_eq!(says(judge!(&(status, text))), expected);
            assert_eq!(says(judge!(&Ok::<_, ()>(status))), expected);
            assert_eq!(says(judge!(&Ok::<_, ()>((status, text)))), expected);
            assert_eq!(says(judge!(&Err::<(), _>(status))), expected);
            assert_eq!(says(judge!(&Err::<(), _>((status, text)))), expected);
            assert_eq!(says(judge!(&Err::<u8, _>(response(status)))), expected);
            let parts = (status, [("x-a", "b")], text);
            assert_eq!(says(judge!(&parts)), of_parts, "{code}");
            assert_eq!(says(judge!(&Ok::<_, String>(parts))), of_parts);
            assert_eq!(
                says(judge!(&(status, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0))),
                of_parts
            );
            // A job has no answer that could become another.
            assert_eq!(Some(judge!(&parts).of_call().ending), expected);
        }
    }

    #[test]
    fn a_grpc_response_says_nothing_before_its_trailers() {
        let mut response = response(StatusCode::OK);
        let kind = http::HeaderValue::from_static("application/grpc+proto");
        response.headers_mut().insert("content-type", kind);
        assert_eq!(says(judge!(&response)), None);
    }

    #[test]
    fn err_is_bad_and_other_values_say_nothing() {
        struct Own;
        type Alias = Result<String, std::fmt::Error>;
        let (good, bad) = (Some(Ending::Completed), Some(Ending::ServerError));
        let failed: Alias = Err(std::fmt::Error);
        let done: Alias = Ok(String::new());
        for (judgement, expected, of_job) in [
            (judge!(&()), good, good),
            (judge!(&Ok::<(), Own>(())), good, good),
            (judge!(&Err::<u8, ()>(())), bad, bad),
            (judge!(&Err::<u8, Own>(Own)), bad, bad),
            (judge!(&Err::<u8, ExitCode>(ExitCode::SUCCESS)), bad, bad),
            (judge!(&failed), bad, bad),
            (judge!(&done), None, good),
            (judge!(&1), None, good),
            (judge!(&Option::<u8>::None), None, good),
            (judge!(&false), None, good),
            (judge!(&Own), None, good),
            (judge!(&Box::new(StatusCode::OK)), None, good),
            (judge!(&Ok::<Result<u8, Own>, Own>(Err(Own))), bad, bad),
            (judge!(&Ok::<Result<u8, Own>, Own>(Ok(1))), None, good),
            (judge!(&ExitCode::SUCCESS), good, good),
            (judge!(&ExitCode::FAILURE), bad, bad),
            (judge!(&ExitCode::from(3)), bad, bad),
            (judge!(&Ok::<_, Own>(ExitCode::from(3))), bad, bad),
            (judge!(&ExitStatus::default()), good, good),
        ] {
            assert_eq!(says(judgement), expected, "{judgement:?}");
            assert_eq!(Some(judgement.of_call().ending), of_job, "{judgement:?}");
        }
    }

    #[test]
    fn a_type_that_says_nothing_is_named() {
        let Judgement::Nothing(name) = judge!(&Ok::<Vec<u8>, ()>(Vec::new())) else {
            panic!("it says something");
        };
        assert_eq!(name, "alloc::vec::Vec<u8>");
    }

    /// A generic value is judged by what is known of it where it is written.
    #[test]
    fn in_a_generic_function_only_the_outside_is_known() {
        fn ask<T, E>(value: &Result<T, E>) -> Judgement {
            judge!(value)
        }
        let bad = Some(Ending::ServerError);
        assert_eq!(says(ask(&Ok::<_, ()>(StatusCode::OK))), None);
        assert_eq!(says(ask(&Err::<(), _>(StatusCode::NOT_FOUND))), bad);
    }
}
