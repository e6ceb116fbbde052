//! Runs the programs and compares.

use super::{
    project,
    receiver::{Counts, Receiver},
    requests,
};
use crate::Outcome;
use std::{
    fs::{self, File},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

pub(crate) fn run() -> Outcome {
    let start = Instant::now();
    judge("axum", "127.0.0.1:3000", |address| {
        let mut asked = Asked::default();
        for number in 0..23_u16 {
            // Every sixth is not JSON, and refused before the handler runs.
            let (body, expected, result) = match number % 6 {
                5 => ("[", 400, "place-order client_error"),
                _ => ("[\"tea\"]", 200, "place-order ok"),
            };
            asked.add(requests::post(address, "/orders", body)?, expected, result)?;
        }
        asked.add(
            requests::post(address, "/nowhere", "")?,
            404,
            "_unmatched excluded",
        )?;
        Ok(asked)
    })?;
    judge("tonic", "127.0.0.1:50051", |address| {
        let cents: Vec<u8> = (0..17).map(|number| number % 5).collect();
        let mut asked = Asked::default();
        for (cents, status) in cents.iter().zip(requests::charge(address, &cents)?) {
            let (expected, result) = match cents {
                0 => ("3", "charge client_error"),
                _ => ("0", "charge ok"),
            };
            asked.add(status.as_str(), expected, result)?;
        }
        Ok(asked)
    })?;
    eprintln!("  both programs in {:.0?}", start.elapsed());
    Ok(())
}

/// What was asked, by what has to be counted.
#[derive(Default)]
struct Asked(Counts);

impl Asked {
    fn add<T: PartialEq + std::fmt::Debug + Copy>(
        &mut self,
        answer: T,
        expected: T,
        result: &str,
    ) -> Outcome {
        if answer != expected {
            return Err(format!("{result}: answered {answer:?}, not {expected:?}"));
        }
        *self.0.entry(result.to_owned()).or_default() += 1;
        Ok(())
    }
}

fn judge(section: &str, address: &str, ask: impl Fn(&str) -> Result<Asked, String>) -> Outcome {
    let program = project::build(section)?;
    if TcpStream::connect(address).is_ok() {
        return Err(format!(
            "somebody listens at {address}, the address in the README"
        ));
    }
    let receiver = Receiver::start()?;
    let said = program.with_extension("stderr");
    let mut server = Server::start(&program, &receiver, &said)?;
    server.wait_until_it_listens(address)?;
    let asked = ask(address)?;
    let took = server.terminate()?;

    let said = fs::read_to_string(&said).map_err(|error| error.to_string())?;
    let name = program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let line = said
        .lines()
        .find(|line| line.contains(&format!("service `{name}`")));
    let line = line.ok_or(format!("no start line on standard error:\n{said}"))?;
    if said.contains("WARN") || !line.contains(&receiver.address.to_string()) {
        return Err(format!("it says something else than a start line:\n{said}"));
    }
    let exports = receiver.exports();
    let [first, .., last] = &exports[..] else {
        return Err(format!(
            "{} exports arrived, not zeros and counts",
            exports.len()
        ));
    };
    let without_zeros = |counts: &Counts| -> Counts {
        counts
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(k, v)| (k.clone(), *v))
            .collect()
    };
    if !without_zeros(first).is_empty() {
        return Err(format!("the first export has counts: {first:?}"));
    }
    if without_zeros(last) != asked.0 {
        return Err(format!(
            "asked {:?}, arrived {:?}",
            asked.0,
            without_zeros(last)
        ));
    }
    eprintln!("  {section}: {line}");
    eprintln!(
        "  {section}: all of {:?} arrived, {took:.0?} after SIGTERM",
        asked.0
    );
    Ok(())
}

/// A program of the README's, ended in any case.
struct Server(Child);

impl Server {
    fn start(program: &Path, receiver: &Receiver, said: &Path) -> Result<Server, String> {
        let said = File::create(said).map_err(|error| error.to_string())?;
        Command::new(program)
            .env(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                format!("http://{}", receiver.address),
            )
            .env_remove("OTEL_SERVICE_NAME")
            .stdin(Stdio::null())
            .stderr(said)
            .spawn()
            .map(Server)
            .map_err(|error| format!("{}: {error}", program.display()))
    }

    fn wait_until_it_listens(&mut self, address: &str) -> Outcome {
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(address).is_err() {
            if let Ok(Some(status)) = self.0.try_wait() {
                return Err(format!("the program ended: {status}"));
            }
            if Instant::now() > deadline {
                return Err(format!("nobody listens at {address} after 20 s"));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends it as Kubernetes would; how long that took.
    fn terminate(mut self) -> Result<Duration, String> {
        let start = Instant::now();
        let sent = Command::new("kill")
            .args(["-TERM", &self.0.id().to_string()])
            .status();
        if !sent.is_ok_and(|status| status.success()) {
            return Err("SIGTERM can't be sent".to_owned());
        }
        while start.elapsed() < Duration::from_secs(20) {
            match self.0.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(start.elapsed()),
                Ok(Some(status)) => return Err(format!("it ended with {status}")),
                Ok(None) => thread::sleep(Duration::from_millis(10)),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err("it did not end within 20 s of SIGTERM".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, or something failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
