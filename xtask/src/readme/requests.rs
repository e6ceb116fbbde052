//! Requests to the README's servers, over real sockets.

use bytes::{BufMut, Bytes, BytesMut};
use h2::client;
use http::Request;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// Asks once over HTTP/1.1; the status of the answer, once all of it was read.
pub(crate) fn post(address: &str, path: &str, body: &str) -> Result<u16, String> {
    let asked = || -> std::io::Result<(String, String)> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             connection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status)?;
        let mut rest = String::new();
        reader.read_to_string(&mut rest)?;
        Ok((status, rest))
    };
    let (status, _) = asked().map_err(|error| format!("POST {path}: {error}"))?;
    let code = status.split(' ').nth(1).and_then(|code| code.parse().ok());
    code.ok_or(format!("POST {path} is answered {status:?}"))
}

/// Calls `Charge` over gRPC the given number of times; the `grpc-status` of each.
pub(crate) fn charge(address: &str, cents: &[u8]) -> Result<Vec<String>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let called = async {
        tokio::time::timeout(Duration::from_secs(20), calls(address, cents))
            .await
            .map_err(|_| "no answer within 20 s".to_owned())?
            .map_err(|error| error.to_string())
    };
    runtime
        .block_on(called)
        .map_err(|error| format!("gRPC: {error}"))
}

async fn calls(address: &str, cents: &[u8]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (client, connection) = client::handshake(stream).await?;
    let driven = tokio::spawn(connection);
    let mut client = client.ready().await?;
    let mut statuses = Vec::new();
    for &cents in cents {
        let request = Request::post(format!("http://{address}/shop.Payments/Charge"))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(())?;
        client = client.ready().await?;
        let (answer, mut body) = client.send_request(request, false)?;
        body.send_data(message(cents), true)?;
        let answer = answer.await?;
        let mut status = answer.headers().get("grpc-status").cloned();
        let mut received = answer.into_body();
        while let Some(data) = received.data().await {
            let data = data?;
            received.flow_control().release_capacity(data.len())?;
        }
        if let Some(trailers) = received.trailers().await? {
            status = status.or_else(|| trailers.get("grpc-status").cloned());
        }
        let status = status.ok_or("an answer without a grpc-status")?;
        statuses.push(status.to_str()?.to_owned());
    }
    drop(client);
    driven.await??;
    Ok(statuses)
}

/// `ChargeRequest { cents }`, framed; nothing is written of a 0.
fn message(cents: u8) -> Bytes {
    const FIELD_CENTS: u8 = 1 << 3;
    let encoded: &[u8] = if cents == 0 {
        &[]
    } else {
        &[FIELD_CENTS, cents]
    };
    let mut framed = BytesMut::new();
    framed.put_u8(0);
    framed.put_u32(u32::try_from(encoded.len()).unwrap_or(0));
    framed.put_slice(encoded);
    framed.freeze()
}
