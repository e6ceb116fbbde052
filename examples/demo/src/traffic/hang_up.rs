//! A client that gives up.

use super::{Ask, Seen};
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

/// Asks, gives up after `patience` without an answer, and then waits until the server lets
/// go of the connection: what it had begun for this request is over by then, so the time
/// the server measured lies between `patience` and what the caller measures.
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
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{}: {id}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        RequestId::HEADER,
        body.len(),
    );
    let sent = Instant::now();
    connection.write_all(&[head.as_bytes(), body].concat()).await?;
    sleep(patience).await;
    let waited = sent.elapsed();
    connection.shutdown().await?;
    let mut answer = Vec::new();
    // A reset is as good an end as any.
    let _ = connection.read_to_end(&mut answer).await;
    Ok(if answer.is_empty() {
        Seen::GaveUp(waited)
    } else {
        Seen::Trouble(format!("an answer that nobody expected: {}", answer.escape_ascii()))
    })
}
