//! Connections that are kept and used again.

use crate::servers::{Place, Servers};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use tokio::net::TcpStream;
use tonic::transport::Channel;

pub(super) type One = http1::SendRequest<Full<Bytes>>;
pub(super) type Two = http2::SendRequest<Full<Bytes>>;

/// After so many requests a shared connection makes place for a new one: what was left on it
/// is then not held against it by HTTP/2's protection against clients that leave too often.
const USES: u32 = 400;

/// The connections to all servers.
#[derive(Debug)]
pub(super) struct Pool {
    servers: Servers,
    one: Mutex<BTreeMap<Place, Vec<One>>>,
    two: Shared<Two>,
    grpc: Shared<Channel>,
}

impl Pool {
    pub(super) fn new(servers: Servers) -> Pool {
        Pool {
            servers,
            one: Mutex::default(),
            two: Shared::default(),
            grpc: Shared::default(),
        }
    }

    pub(super) fn authority(&self, place: Place) -> String {
        self.servers.address(place).to_string()
    }

    /// A connection over HTTP/1 for one request; the caller gives it back when it is still
    /// of use.
    pub(super) async fn one(&self, place: Place) -> Result<One, String> {
        loop {
            let kept = self.kept().get_mut(&place).and_then(Vec::pop);
            let Some(mut kept) = kept else { break };
            if kept.ready().await.is_ok() {
                return Ok(kept);
            }
        }
        let (sender, connection) = http1::handshake(TokioIo::new(self.connect(place).await?))
            .await
            .map_err(|error| error.to_string())?;
        // How it ends, the request that it carries says.
        tokio::spawn(connection);
        Ok(sender)
    }

    pub(super) fn keep(&self, place: Place, sender: One) {
        self.kept().entry(place).or_default().push(sender);
    }

    /// A connection over HTTP/2, shared with other requests.
    pub(super) async fn two(&self, place: Place) -> Result<Two, String> {
        let connect = async || {
            let io = TokioIo::new(self.connect(place).await?);
            let (sender, connection) = http2::handshake(TokioExecutor::new(), io)
                .await
                .map_err(|error| error.to_string())?;
            tokio::spawn(connection);
            Ok(sender)
        };
        let mut sender = self.two.get(place, connect).await?;
        sender.ready().await.map_err(|error| error.to_string())?;
        Ok(sender)
    }

    /// The same for tonic's client.
    pub(super) async fn grpc(&self, place: Place) -> Result<Channel, String> {
        let connect = async || {
            let channel = Channel::from_shared(format!("http://{}", self.authority(place)))
                .map_err(|error| error.to_string())?;
            channel.connect().await.map_err(|error| error.to_string())
        };
        self.grpc.get(place, connect).await
    }

    async fn connect(&self, place: Place) -> Result<TcpStream, String> {
        let connected = TcpStream::connect(self.servers.address(place)).await;
        let stream = connected.map_err(|error| format!("can't connect: {error}"))?;
        stream
            .set_nodelay(true)
            .map_err(|error| error.to_string())?;
        Ok(stream)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, BTreeMap<Place, Vec<One>>> {
        self.one.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection for each server, that all share until it is worn.
#[derive(Debug)]
struct Shared<C>(tokio::sync::Mutex<BTreeMap<Place, (C, u32)>>);

impl<C> Default for Shared<C> {
    fn default() -> Self {
        Shared(tokio::sync::Mutex::default())
    }
}

impl<C: Clone> Shared<C> {
    async fn get(
        &self,
        place: Place,
        connect: impl AsyncFnOnce() -> Result<C, String>,
    ) -> Result<C, String> {
        let mut shared = self.0.lock().await;
        if let Some((connection, uses)) = shared.get_mut(&place)
            && *uses < USES
        {
            *uses += 1;
            return Ok(connection.clone());
        }
        let connection = connect().await?;
        shared.insert(place, (connection.clone(), 1));
        Ok(connection)
    }
}
