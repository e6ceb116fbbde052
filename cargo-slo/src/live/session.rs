//! A run of the command: from its port to the end of what it watches.

use super::{
    child::Child,
    definitions::Definitions,
    diagnosis::diagnosis,
    forward::{self, Forward},
    server::{Access, Server, listen, serve},
    signals::{Asked, Signals},
    state::State,
    view::{Scale, View},
};
use crate::input::http::{Address, Tls};
use std::{
    env, error, ffi::OsString, fmt, future, io, mem, path::PathBuf, sync::Arc, time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

/// How long a program may export nothing until that is said, once it is built.
const SILENCE: Duration = Duration::from_secs(10);
/// How long a program has to end once its time is over.
const GRACE: Duration = Duration::from_secs(10);
/// How many signals it may leave unheard.
const MAX_ASKED: u32 = 3;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What stands for 30 days.
    pub window: Duration,
    /// The first port that is tried; 0 for any.
    pub port: u16,
    /// The program and its arguments; empty for none.
    pub command: Vec<OsString>,
    /// How long it lasts at most.
    pub lasts: Option<Duration>,
    /// A collector that gets everything, too.
    pub forward: Option<Address>,
    /// Whom that collector's address is believed.
    pub forward_tls: Tls,
    /// A URL with `{trace}` and `{span}`.
    pub trace_link: Option<String>,
    /// What was read of what will run.
    pub definitions: Definitions,
}

/// Who is told how it goes.
pub trait Watcher {
    /// It listens.
    ///
    /// # Errors
    /// If that can't be told, which ends the session.
    fn started(&mut self, page: &str, endpoint: &str, scale: Scale) -> io::Result<()>;

    /// Another second is over, or the session.
    ///
    /// # Errors
    /// As above.
    fn second(&mut self, view: &View) -> io::Result<()>;

    /// Something runs that did not so far; these are programs that the command runs, as far as that is
    /// known. Returns what they say of it.
    ///
    /// # Errors
    /// As above.
    fn running(&mut self, programs: &[PathBuf]) -> io::Result<Definitions>;

    /// Nothing came for long; these may be the reasons.
    ///
    /// # Errors
    /// As above.
    fn silent(&mut self, causes: &[String]) -> io::Result<()>;
}

/// Why it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The program did, with this code.
    Child(u8),
    /// Its time was over.
    Time,
    /// A signal asked for it, of this number.
    Asked(u8),
}

/// How it ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Why it did.
    pub end: End,
    /// What was seen in the end.
    pub view: View,
}

/// Why it could not be.
#[derive(Debug)]
pub enum SessionError {
    /// No port could be opened.
    Port(io::Error),
    /// The program could not be started.
    Child(OsString, io::Error),
    /// The system refused something else.
    System(io::Error),
    /// Nobody could be told.
    Told(io::Error),
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionError::Port(error) => write!(f, "no port can be listened on: {error}"),
            SessionError::Child(program, error) => {
                write!(
                    f,
                    "`{}` can't be started: {error}",
                    program.to_string_lossy()
                )
            }
            SessionError::System(error) => write!(f, "the session can't go on: {error}"),
            SessionError::Told(error) => write!(f, "the output can't be written: {error}"),
        }
    }
}

impl error::Error for SessionError {}

/// Listens, starts the program if there is one, and goes on until that ends, its time is over or a
/// signal asks for it.
///
/// # Errors
/// If no port can be listened on, or the program can't be started.
pub fn run(settings: &Settings, watcher: &mut dyn Watcher) -> Result<Ended, SessionError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(SessionError::System)?;
    runtime.block_on(session(settings, watcher))
}

async fn session(settings: &Settings, watcher: &mut dyn Watcher) -> Result<Ended, SessionError> {
    let scale = Scale::from_window(settings.window);
    let listener = listen(settings.port).map_err(SessionError::Port)?;
    let port = listener.local_addr().map_err(SessionError::Port)?.port();
    listener.set_nonblocking(true).map_err(SessionError::Port)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(SessionError::Port)?;
    let access = Access::new(port).map_err(SessionError::System)?;
    let (page, endpoint) = (access.address(), access.endpoint());
    let forward = settings.forward.as_ref();
    let forward = forward.map(|address| Forward::start(address, &settings.forward_tls));
    let state = Arc::new(State::new(
        scale,
        endpoint.clone(),
        settings.trace_link.clone(),
        forward,
        settings.definitions.clone(),
    ));
    let (ticks, ticking) = watch::channel(());
    let server = Server::new(access, Arc::clone(&state), ticking);
    let mut signals = Signals::noted().map_err(SessionError::System)?;
    tokio::spawn(serve(listener, Arc::new(server)));
    watcher
        .started(&page, &endpoint, scale)
        .map_err(SessionError::Told)?;
    let started = Instant::now();
    let mut child = match settings.command.first() {
        Some(program) => {
            let child = Child::start(&settings.command, &endpoint);
            Some(child.map_err(|error| SessionError::Child(program.clone(), error))?)
        }
        None => None,
    };
    let mut over = settings.lasts.map(|lasts| started + lasts);
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut is_told = child.is_none();
    let mut silent_since = started;
    let (mut asked, mut end) = (0, None);
    let end = loop {
        tokio::select! {
            biased;
            asks = signals.next() => {
                asked += 1;
                let Some(child) = &mut child else { break End::Asked(asks.number()) };
                match asked {
                    ..MAX_ASKED => child.pass_on(asks),
                    _ => child.kill(),
                }
            }
            code = ended(&mut child) => {
                let code = code.map_err(SessionError::System)?;
                break end.unwrap_or(End::Child(code));
            }
            () = until(over) => match &mut child {
                None => break End::Time,
                Some(child) if end.is_some() => {
                    child.kill();
                    over = None;
                }
                Some(child) => {
                    child.pass_on(Asked::Terminate);
                    end = Some(End::Time);
                    over = Some(Instant::now() + GRACE);
                }
            },
            _ = seconds.tick() => {
                define(&state, child.as_ref(), watcher)?;
                ticks.send_replace(());
                watcher.second(&state.view()).map_err(SessionError::Told)?;
                if !is_told && silent_since.elapsed() >= SILENCE {
                    if child.as_ref().is_some_and(Child::is_building) {
                        silent_since = Instant::now();
                        continue;
                    }
                    is_told = true;
                    tell(&state, watcher)?;
                }
            }
        }
    };
    if let Some(child) = child.as_mut().filter(|_| asked > 0 || end == End::Time) {
        rest_ended(child, &mut signals, asked).await;
    }
    if !is_told && !matches!(end, End::Asked(_)) {
        tell(&state, watcher)?;
    }
    passed_on(&state).await;
    let view = state.view();
    watcher.second(&view).map_err(SessionError::Told)?;
    Ok(Ended { end, view })
}

/// Waits for those that a program started, which was asked to end and has ended: they may not have
/// exported their last events yet.
async fn rest_ended(child: &mut Child, signals: &mut Signals, mut asked: u32) {
    let over = Instant::now() + GRACE;
    while asked < MAX_ASKED {
        tokio::select! {
            () = child.rest_ended() => return,
            () = sleep_until(over) => break,
            asks = signals.next() => {
                asked += 1;
                child.pass_on(asks);
            }
        }
    }
    child.kill();
}

/// Waits until the last exports are passed on, for as long as the other collector may take.
async fn passed_on(state: &State) {
    let is_idle = || {
        let known = state.known();
        known.forward.as_ref().is_none_or(Forward::is_idle)
    };
    let end = Instant::now() + forward::PATIENCE;
    while !is_idle() && Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Reads what the programs of the command say, where something runs that is new.
fn define(
    state: &State,
    child: Option<&Child>,
    watcher: &mut dyn Watcher,
) -> Result<(), SessionError> {
    let is_new = mem::take(&mut state.known().counts.has_new_definitions);
    let Some(child) = child.filter(|_| is_new) else {
        return Ok(());
    };
    let read = watcher.running(&child.programs());
    let read = read.map_err(SessionError::Told)?;
    state.known().definitions.merge(read);
    Ok(())
}

/// Says why nothing came, if nothing did.
fn tell(state: &State, watcher: &mut dyn Watcher) -> Result<(), SessionError> {
    let refused = state.view().refused.len();
    let known = state.known();
    if known.accepted > 0 {
        return Ok(());
    }
    let causes = diagnosis(&known, refused, |name| env::var(name).ok());
    drop(known);
    watcher.silent(&causes).map_err(SessionError::Told)
}

async fn ended(child: &mut Option<Child>) -> io::Result<u8> {
    match child {
        Some(child) => child.ended().await,
        None => future::pending().await,
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => future::pending().await,
    }
}
