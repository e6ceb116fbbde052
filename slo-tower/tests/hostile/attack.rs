//! Connections that end as they please.

use crate::{
    bytes::{header, method, path, request},
    random::Random,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// Opens the connection of this number and sends some requests.
pub(crate) async fn attack(address: SocketAddr, mut random: Random) {
    let socket = TcpStream::connect(address).await;
    let socket = socket.expect("the server listens");
    let _ = socket.set_nodelay(true);
    let number = 5 + random.below(20);
    match random.below(10) {
        0 => streams(socket, number, random).await,
        1 => frames(socket, random).await,
        2 => slowly(socket, random).await,
        _ => lines(socket, number, random).await,
    }
}

/// HTTP/1, all at once.
async fn lines(mut socket: TcpStream, number: usize, mut random: Random) {
    let mut sent = Vec::new();
    for _ in 0..number {
        sent.extend_from_slice(&request(&mut random));
    }
    let (mut from, mut to) = socket.split();
    let talk = async {
        // The server may have closed it long before.
        let _ = to.write_all(&sent).await;
        let _ = to.shutdown().await;
    };
    let leaves = random.once_in(4);
    let listen = async {
        let mut some = [0; 4096];
        while let Ok(1..) = from.read(&mut some).await {
            if leaves {
                break;
            }
        }
    };
    if leaves {
        let _ = timeout(PATIENCE, async {
            tokio::select! { () = talk => {}, () = listen => {} }
        })
        .await;
    } else {
        let _ = timeout(PATIENCE, async { tokio::join!(talk, listen) }).await;
    }
}

/// A request that comes byte by byte, for a while.
async fn slowly(mut socket: TcpStream, mut random: Random) {
    let bytes = request(&mut random);
    for byte in bytes.iter().take(20) {
        if socket.write_all(&[*byte]).await.is_err() {
            return;
        }
        sleep(Duration::from_micros(500)).await;
    }
}

/// HTTP/2 whose frames are whatever they are.
async fn frames(mut socket: TcpStream, mut random: Random) {
    let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    for _ in 0..random.below(6) {
        let payload = random.below(30);
        let body = random.bytes(payload);
        sent.extend_from_slice(&[0, 0, u8::try_from(payload).unwrap_or(0)]);
        // A kind, flags, and the stream: half of them of those that exist.
        sent.extend_from_slice(&[random.bytes(1)[0] % 12, random.bytes(1)[0]]);
        sent.extend_from_slice(&[0, 0, 0, random.bytes(1)[0] % 8]);
        sent.extend_from_slice(&body);
    }
    let _ = socket.write_all(&sent).await;
    let _ = socket.shutdown().await;
    let mut rest = Vec::new();
    let _ = timeout(PATIENCE, socket.read_to_end(&mut rest)).await;
}

/// HTTP/2 in order, of streams that are reset wherever it pleases.
async fn streams(socket: TcpStream, number: usize, mut random: Random) {
    let Ok((mut streams, connection)) = h2::client::handshake(socket).await else {
        return;
    };
    let connection = tokio::spawn(async {
        let _ = connection.await;
    });
    for _ in 0..number {
        let Some(request) = stream(&mut random) else {
            continue;
        };
        let Ok(mut ready) = streams.clone().ready().await else {
            break;
        };
        let Ok((answer, mut to)) = ready.send_request(request, random.once_in(2)) else {
            continue;
        };
        match random.below(4) {
            0 => to.send_reset(h2::Reason::from(
                u32::try_from(random.below(20)).unwrap_or(0),
            )),
            1 => drop(answer),
            _ => {
                let _ = to.send_data(Bytes::from_static(b"body"), true);
                let _ = timeout(PATIENCE, answer).await;
            }
        }
        streams = ready;
    }
    if random.once_in(2) {
        connection.abort();
    } else {
        drop(streams);
        let _ = timeout(PATIENCE, connection).await;
    }
}

/// A request of HTTP/2, as far as a client can be made to send it.
fn stream(random: &mut Random) -> Option<Request<()>> {
    let mut request = Request::builder()
        .method(method(random).as_str())
        .uri(format!("http://test{}", path(random)))
        .body(())
        .ok()?;
    for _ in 0..random.below(3) {
        let (name, value) = header(random);
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let value = HeaderValue::from_bytes(&value).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}
