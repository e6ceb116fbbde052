//! A client that gives up.

use super::{Ask, Plan, Seen};
use shop_process::RequestId;
use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// Before any threshold of the shop.
const SHORT: Duration = Duration::from_millis(60);

/// After all of them.
const LONG: Duration = Duration::from_secs(1);

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// How long the client waits for an answer that never comes.
///
/// Long where the request hangs somewhere behind the first service, and longer by all that
/// holds it up on its way. It has come there by then; had it not, it would fail there: tonic
/// answers `INTERNAL` to a request that is dropped before all of it has arrived.
pub(crate) fn patience(ask: Ask, id: RequestId, plan: &Plan) -> Duration {
    let (_, _, body) = ask.request();
    let short = plan.stops.len() == 1 && (body.is_empty() || id.number().is_multiple_of(2));
    let delays: Duration = plan.stops.iter().map(|(_, delay)| *delay).sum();
    if short { SHORT } else { LONG + delays }
}

/// Asks, gives up after `patience` without an answer, and then waits until the server lets
/// go of the connection. What it had begun for this request is over by then, so it took less
/// than the caller measures.
///
/// A request with a body also asks to be told when to go on, as HTTP provides. The server
/// says so when the handler's extractors want the body: from then on the request is surely
/// being worked on, so it took longer than what passes from there.
pub(crate) async fn hang_up(
    address: SocketAddr,
    ask: Ask,
    id: RequestId,
    patience: Duration,
) -> Seen {
    let bound = patience + Duration::from_secs(10);
    match timeout(bound, talk(address, ask, id, patience)).await {
        Ok(Ok(seen)) => seen,
        Ok(Err(error)) => Seen::Trouble(error.to_string()),
        Err(_) => Seen::Trouble("the server did not notice that the client left".to_owned()),
    }
}

async fn talk(
    address: SocketAddr,
    ask: Ask,
    id: RequestId,
    patience: Duration,
) -> io::Result<Seen> {
    let mut connection = TcpStream::connect(address).await?;
    let (method, path, body) = ask.request();
    let expect = if body.is_empty() {
        ""
    } else {
        "expect: 100-continue\r\n"
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{}: {id}\r\n{expect}\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        RequestId::HEADER,
        body.len(),
    );
    connection.write_all(head.as_bytes()).await?;
    let mut worked_on = None;
    if !body.is_empty() {
        let mut go_on = [0; CONTINUE.len()];
        connection.read_exact(&mut go_on).await?;
        if go_on != CONTINUE {
            return Ok(Seen::Trouble(format!(
                "`{}`, not 100",
                go_on.escape_ascii()
            )));
        }
        worked_on = Some(Instant::now());
        connection.write_all(body).await?;
    }
    sleep(patience).await;
    let waited = worked_on.map(|since| since.elapsed()).unwrap_or_default();
    connection.shutdown().await?;
    let mut answer = Vec::new();
    // A reset is as good an end as any.
    let _ = connection.read_to_end(&mut answer).await;
    Ok(if answer.is_empty() {
        Seen::GaveUp(waited)
    } else {
        Seen::Trouble(format!(
            "an answer that nobody expected: {}",
            answer.escape_ascii()
        ))
    })
}
