//! The client's side: it sends requests, knows what came back, and compares the counts with that.

use axum::{
    Router, ServiceExt,
    body::{Body, HttpBody},
    extract::Request,
    response::Response,
};
use bytes::Bytes;
use slo_sdk::{EventResult, Journey, Objectives, Snapshot, testing::Recorder};
use std::{collections::BTreeMap, convert::Infallible, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tower::{BoxError, Service, ServiceExt as _, util::BoxCloneSyncService};

pub(crate) const J: Journey =
    Journey::new("whose").objectives(Objectives::new().availability(99.9));

const BOUND: Duration = Duration::from_secs(20);

/// A service as a server takes it.
pub(crate) type App = BoxCloneSyncService<Request, Response, Infallible>;

/// A service whose body is anything.
pub(crate) fn app<S, B>(service: S) -> App
where
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    BoxCloneSyncService::new(service.map_response(|response| response.map(Body::new)))
}

/// A router with its layers applied.
pub(crate) fn routed(router: Router) -> App {
    app(router.with_state(()))
}

/// Serves until the test is over.
pub(crate) async fn serve(app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let service = ServiceExt::<Request>::into_make_service(app);
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Sends a request and reads the answer to its end: its status, or `None` if the connection
/// broke before there was one.
pub(crate) async fn ask(address: SocketAddr, method: &str, path: &str) -> Option<u16> {
    ask_with(address, method, path, "").await
}

/// The same with headers, each ended by a line break, and an empty message of gRPC as the body.
pub(crate) async fn ask_with(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
) -> Option<u16> {
    let mut socket = TcpStream::connect(address)
        .await
        .expect("the server listens");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{headers}\
         content-length: 5\r\n\r\n\0\0\0\0\0"
    );
    socket
        .write_all(request.as_bytes())
        .await
        .expect("the server reads");
    let mut answer = Vec::new();
    let read = timeout(BOUND, socket.read_to_end(&mut answer)).await;
    // A reset is an end, too.
    let _ = read.expect("the answer ends");
    let rest = answer.strip_prefix(b"HTTP/1.1 ")?;
    std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()
}

/// What a test expects: events by endpoint and result, and of no annotation by route.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Book {
    events: BTreeMap<(String, String), u64>,
    unannotated: BTreeMap<String, u64>,
}

impl Book {
    pub(crate) fn event(&mut self, endpoint: &str, result: EventResult) {
        let line = (endpoint.to_owned(), format!("{result:?}"));
        *self.events.entry(line).or_default() += 1;
    }

    pub(crate) fn unannotated(&mut self, route: &str) {
        *self.unannotated.entry(route.to_owned()).or_default() += 1;
    }

    fn from_snapshot(counts: &Snapshot) -> Book {
        let mut book = Book::default();
        for endpoint in counts.endpoints() {
            for (result, events) in endpoint.results().filter(|(_, events)| *events > 0) {
                let line = (endpoint.name().to_owned(), format!("{result:?}"));
                book.events.insert(line, events);
            }
        }
        let routes = counts
            .unannotated()
            .iter()
            .filter(|(_, events)| **events > 0);
        book.unannotated = routes
            .map(|(route, events)| (route.clone(), *events))
            .collect();
        book
    }

    /// The same, whatever the routes are called that no annotation covers.
    pub(crate) async fn check_totals(self, slo: &Recorder, what: &str) {
        self.in_total().compare(slo, what, Book::in_total).await;
    }

    /// Compares every count of the process, once nothing is in flight.
    pub(crate) async fn check(&self, slo: &Recorder, what: &str) {
        self.compare(slo, what, |book| book).await;
    }

    fn in_total(mut self) -> Book {
        let all = std::mem::take(&mut self.unannotated).into_values().sum();
        self.unannotated.insert("all".to_owned(), all);
        self
    }

    async fn compare(&self, slo: &Recorder, what: &str, read: fn(Book) -> Book) {
        // The server may end an event a little after its client has read the answer.
        let mut is = Book::default();
        for _ in 0..200 {
            is = read(Book::from_snapshot(&slo.settle(BOUND).await));
            if is == *self {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // What is too much would come now.
        tokio::time::sleep(Duration::from_millis(2)).await;
        let last = read(Book::from_snapshot(&slo.settle(BOUND).await));
        assert_eq!(last, *self, "{what}; before that {is:?}");
    }
}

/// A book in one expression: `lines(&[("home", R::Ok, 1)], &[("/", 1)])`.
pub(crate) fn lines(events: &[(&str, EventResult, u64)], unannotated: &[(&str, u64)]) -> Book {
    let mut book = Book::default();
    for (endpoint, result, count) in events {
        (0..*count).for_each(|_| book.event(endpoint, *result));
    }
    for (route, count) in unannotated {
        (0..*count).for_each(|_| book.unannotated(route));
    }
    book
}
