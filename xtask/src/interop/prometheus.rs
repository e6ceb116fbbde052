//! Prometheus 3: its promtool, and a server of our own.

use super::tools;
use crate::{
    Outcome,
    command::{self, output, root},
    loopback::free_address,
};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use prost::Message;
use serde_json::Value;
use std::{
    env, fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Version 3.16: modules of Prometheus count 300 up.
const PROMTOOL: &str = "github.com/prometheus/prometheus/cmd/promtool@v0.316.0";
const PROMETHEUS: &str = "github.com/prometheus/prometheus/cmd/prometheus@v0.316.0";

/// Without the clients of every cloud, which take longest to build and find nothing here.
const OPTIONS: [&str; 2] = ["-tags", "remove_all_sd"];

/// Its promtool.
pub(super) fn promtool() -> Result<PathBuf, String> {
    tools::installed("promtool", PROMTOOL, &OPTIONS)
}

/// What only Prometheus 3 knows, names with dots above all: its promtool runs the tests of `cargo-slo` that
/// ask for every setting, and those of a service with many SLOs.
pub(super) fn run() -> Outcome {
    let promtool = promtool()?;
    let folder = promtool.parent().ok_or("a program stands in a folder")?;
    let others = env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(folder.to_owned()).chain(env::split_paths(&others));
    let path = env::join_paths(path).map_err(|error| error.to_string())?;
    command::run(
        crate::promtool::tests("promtool")
            .args(["--", "accepted", "cases_of_both_levels", "one_of_many"])
            .env("PATH", path),
    )
}

/// Prometheus and its promtool.
pub(crate) fn programs() -> Result<[PathBuf; 2], String> {
    Ok([server()?, promtool()?])
}

fn server() -> Result<PathBuf, String> {
    tools::installed("prometheus", PROMETHEUS, &OPTIONS)
}

/// Has promtool check a rule file, and gives what it found.
pub(super) fn check_rules(promtool: &Path, file: &Path) -> Result<String, String> {
    let said = output(Command::new(promtool).args(["check", "rules"]).arg(file))?;
    let found = said.lines().find(|line| line.contains("rules found"));
    let found = found.map(|line| line.trim().to_owned());
    found.ok_or(format!("promtool said {said}"))
}

/// A server that takes OTLP, on a port of the loopback interface; it ends with this, and so does
/// what evaluates rules beside it.
pub(super) struct Server {
    pub(super) processes: Vec<Child>,
    pub(super) address: SocketAddr,
    /// The path below which it takes OTLP.
    pub(super) otlp_path: &'static str,
}

impl Server {
    /// Starts one with these rules, evaluated every two seconds, so that a few seconds of
    /// traffic are enough to see something.
    pub(super) fn start(rules: &[impl AsRef<Path>]) -> Result<Server, String> {
        let folder = root().join("target/interop/live");
        let _ = fs::remove_dir_all(&folder);
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(folder.join("rules")).map_err(failed)?;
        for (number, file) in rules.iter().enumerate() {
            let text = fs::read_to_string(file).map_err(failed)?;
            if !text.contains("interval: 1m\n") {
                return Err(format!(
                    "{}: no interval of a minute",
                    file.as_ref().display()
                ));
            }
            let text = text.replace("interval: 1m\n", "interval: 2s\n");
            fs::write(folder.join(format!("rules/{number}.yaml")), text).map_err(failed)?;
        }
        fs::write(
            folder.join("prometheus.yml"),
            "global:\n  evaluation_interval: 2s\nrule_files: [rules/*.yaml]\n\
             storage:\n  tsdb:\n    out_of_order_time_window: 5m\n",
        )
        .map_err(failed)?;
        Server::run(&folder, &["--web.enable-otlp-receiver"])
    }

    /// Starts one in a folder with its configuration, and with what its `data` holds.
    pub(super) fn run(folder: &Path, options: &[&str]) -> Result<Server, String> {
        let program = server()?;
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        let address = free_address()?;
        let log = fs::File::create(folder.join("log")).map_err(failed)?;
        let process = Command::new(program)
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=data")
            .arg(format!("--web.listen-address={address}"))
            .args(options)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(failed)?;
        let server = Server {
            processes: vec![process],
            address,
            otlp_path: "/api/v1/otlp",
        };
        server.wait_for("/-/ready", folder)?;
        Ok(server)
    }

    /// Waits until a path is answered.
    pub(super) fn wait_for(&self, path: &str, folder: &Path) -> Outcome {
        let started = Instant::now();
        while get(self.address, path).is_err() {
            if started.elapsed() > Duration::from_secs(30) {
                return Err(format!(
                    "the server is not ready; see {}",
                    folder.join("log").display()
                ));
            }
            sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it takes OTLP.
    pub(super) fn otlp(&self) -> String {
        format!("http://{}{}", self.address, self.otlp_path)
    }

    /// Sends it an export of metrics.
    pub(super) fn export(&self, export: &ExportMetricsServiceRequest) -> Outcome {
        let body = export.encode_to_vec();
        let head = format!(
            "Content-Type: application/x-protobuf\r\nContent-Length: {}\r\n",
            body.len()
        );
        let path = format!("{}/v1/metrics", self.otlp_path);
        ask(self.address, "POST", &path, &head, &body).map(drop)
    }

    /// The values of an expression, now.
    pub(super) fn query(&self, expr: &str) -> Result<Vec<f64>, String> {
        let body = get(self.address, &query_path(expr))?;
        let answer: Value =
            serde_json::from_str(&body).map_err(|error| format!("{error}: {body}"))?;
        let result = &answer["data"]["result"];
        let series = match answer["data"]["resultType"].as_str() {
            Some("vector") => result.as_array().cloned().unwrap_or_default(),
            _ => return Err(format!("{expr}: {body}")),
        };
        let values = series.iter().map(|series| {
            let value = series["value"][1].as_str().and_then(|v| v.parse().ok());
            value.ok_or(format!("{expr}: {series}"))
        });
        values.collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Asks for a path.
pub(crate) fn get(address: SocketAddr, path: &str) -> Result<String, String> {
    ask(address, "GET", path, "", b"")
}

/// HTTP 1.0, so that the answer ends with the connection and is in one piece.
fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    head: &str,
    body: &[u8],
) -> Result<String, String> {
    let patience = Duration::from_secs(10);
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {address}\r\n{head}\r\n"
        )?;
        stream.write_all(body)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = ask().map_err(|error| format!("{path}: {error}"))?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.contains(" 200 ") => Ok(body.to_owned()),
        _ => Err(format!("{path}: {answer}")),
    }
}

/// The path that asks for the values of an expression.
pub(crate) fn query_path(expr: &str) -> String {
    format!("/api/v1/query?query={}", percent_encoded(expr))
}

fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
