//! A judge from outside: plays every case with another implementation's client against the
//! counted server, and compares the counts after each. `cargo xtask interop` brings the
//! client of gRPC for Go.
//!
//! Each round of a case has a server of its own, which stops when the client is gone and ends
//! when it has read everything the client sent: then nothing is left to be counted. All on
//! one thread: a reset that arrives while an answer is polled on another would look like the
//! end of the requests, and might be answered.
//!
//! A client may give a call up before anything of it was sent: a millisecond is short for a
//! connection, and leaving may be faster than writing. A witness around the layer knows; such
//! a round has to count nothing, and the case is played again.

mod counted;

use interop::{Book, Case, Observer, Seen, expected};
use std::{
    env,
    error::Error,
    ffi::{OsStr, OsString},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};
use tokio::{net::TcpListener, process::Command, sync::oneshot, time::timeout};

/// What one round may take.
const BOUND: Duration = Duration::from_secs(60);

/// How often a case is played until a call arrives. On a busy machine a tenth of them do.
const ROUNDS: usize = 500;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(client) = env::args_os().nth(1) else {
        eprintln!("usage: interop <client>, which understands --server_port and --test_case");
        return ExitCode::from(2);
    };
    let mut failed = false;
    for case in Case::ALL {
        match judge(&client, case).await {
            Ok((round, counted)) => eprintln!("  {case:<28} round {round:<3} {counted}"),
            Err(why) => {
                failed = true;
                eprintln!("error: {case}: {why}");
            }
        }
    }
    ExitCode::from(u8::from(failed))
}

/// Plays a case until a call arrives, and gives the round and what it counted.
async fn judge(client: &OsStr, case: Case) -> Result<(usize, Book), Box<dyn Error>> {
    for round in 1..=ROUNDS {
        let (seen, counted) = timeout(BOUND, count(client, case)).await??;
        let expected = match seen.arrived {
            0 => Book::default(),
            _ => expected::on_server(case),
        };
        if counted != expected {
            return Err(format!("expected {expected}; counted {counted}").into());
        }
        if seen.arrived > 0 {
            return Ok((round, counted));
        }
    }
    Err(format!("no call arrived in {ROUNDS} rounds").into())
}

/// Plays a case once, and gives what the witness saw and what was counted.
async fn count(client: &OsStr, case: Case) -> Result<(Seen, Book), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let slo = slo_sdk::testing::recorder();
    let observer = Observer::new();
    let (stop, stopped) = oneshot::channel();
    let stopped = async {
        // Told to stop, or left alone: both are an end.
        let _: Result<(), _> = stopped.await;
    };
    let server = tokio::spawn(counted::serve(listener, observer.clone(), stopped));
    play(client, case, address).await?;
    drop(stop);
    server.await??;
    let seen = observer.wait_for(|seen| seen.arrived == seen.gone).await;
    Ok((seen, Book::from_snapshot(&slo.settle(BOUND).await)))
}

async fn play(client: &OsStr, case: Case, server: SocketAddr) -> Result<(), Box<dyn Error>> {
    let argument = |name: &str, value: &dyn ToString| {
        OsString::from(format!("--{name}={}", value.to_string()))
    };
    let played = Command::new(client)
        .arg(argument("server_host", &server.ip()))
        .arg(argument("server_port", &server.port()))
        .arg(argument("test_case", &case))
        .kill_on_drop(true)
        .output()
        .await?;
    if played.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&played.stderr);
    Err(format!("the client: {}: {said}", played.status).into())
}
