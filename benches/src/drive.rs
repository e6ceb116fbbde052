//! Sends requests into a service, without a socket.

use axum::body::Body;
use http::{
    HeaderValue, Request, Response, Uri,
    header::{HOST, USER_AGENT},
};
use http_body_util::BodyExt;
use std::{convert::Infallible, fmt, hint::black_box, rc::Rc};
use tokio::runtime::{Builder, Runtime};
use tower::{Service, ServiceExt};

/// Something that can be done the given number of times.
pub struct Case {
    /// How it is called on the command line.
    pub key: &'static str,
    /// How it is called in the table.
    pub name: &'static str,
    run: Box<dyn FnMut(usize)>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Case {
    /// Does it the given number of times, for once without being measured.
    pub fn warm_up(&mut self, times: usize) {
        (self.run)(times);
    }

    /// Does it the given number of times.
    #[inline(never)]
    pub fn run(&mut self, times: usize) {
        (self.run)(times);
    }

    /// Something that this does the given number of times.
    pub fn new(key: &'static str, name: &'static str, run: impl FnMut(usize) + 'static) -> Case {
        Case {
            key,
            name,
            run: Box::new(run),
        }
    }
}

/// The runtime that all cases of a thread share.
pub fn runtime() -> Rc<Runtime> {
    let runtime = Builder::new_current_thread().build();
    Rc::new(runtime.expect("a runtime needs nothing but memory"))
}

/// Requests to `/users/42`, one after the other, each body read to its end.
pub fn requests<S, B>(
    key: &'static str,
    name: &'static str,
    runtime: &Rc<Runtime>,
    mut service: S,
) -> Case
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + 'static,
    B: http_body::Body + 'static,
    B::Error: fmt::Debug,
{
    let runtime = Rc::clone(runtime);
    let uri = Uri::from_static("/users/42");
    Case::new(key, name, move |times| {
        runtime.block_on(async {
            for _ in 0..times {
                let mut request = Request::new(Body::empty());
                *request.uri_mut() = uri.clone();
                let headers = request.headers_mut();
                headers.insert(HOST, HeaderValue::from_static("shop.example"));
                headers.insert(USER_AGENT, HeaderValue::from_static("bench/1.0"));
                let Ok(ready) = service.ready().await;
                let Ok(response) = ready.call(request).await;
                assert_eq!(response.status(), 200);
                let body = response.into_body().collect().await;
                black_box(body.expect("a body that is there can't fail"));
            }
        });
    })
}
