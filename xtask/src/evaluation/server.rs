//! A Prometheus with a history, rules at their real interval, and something to scrape.

use super::series::Fleet;
use crate::{
    interop::prometheus::{get, query_path},
    loopback::free_address,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread::{self, sleep},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How long a start may take: thousands of groups are to be read.
const START: Duration = Duration::from_secs(240);

/// A server; it ends with this.
pub(super) struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts one in a folder that holds its `data` and its `rules`, and scrapes a fleet.
    pub(super) fn start(
        program: &Path,
        folder: &Path,
        exporter: SocketAddr,
    ) -> Result<Server, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        // What is exported says whose it is, as with OTLP; the address is this program's.
        let config = format!(
            "global: {{scrape_interval: 1m, evaluation_interval: 1m}}\n\
             rule_files: [rules/*.yaml]\n\
             scrape_configs:\n\
             - job_name: fleet\n  honor_labels: true\n  scrape_timeout: 30s\n  \
               static_configs: [{{targets: [\"{exporter}\"]}}]\n  \
               metric_relabel_configs: [{{action: labeldrop, regex: instance}}]\n"
        );
        fs::write(folder.join("prometheus.yml"), config).map_err(failed)?;
        let address = free_address()?;
        let log = fs::File::create(folder.join("log")).map_err(failed)?;
        let process = Command::new(program)
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=data")
            .arg("--storage.tsdb.retention.time=62d")
            .arg(format!("--web.listen-address={address}"))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(failed)?;
        let server = Server { process, address };
        let started = Instant::now();
        while get(address, "/-/ready").is_err() {
            if started.elapsed() > START {
                return Err(format!("not ready; see {}", folder.join("log").display()));
            }
            sleep(Duration::from_millis(200));
        }
        Ok(server)
    }

    /// What it tells about itself.
    pub(super) fn metrics(&self) -> Result<Metrics, String> {
        Ok(Metrics(get(self.address, "/metrics")?))
    }

    /// The values of an expression, now, by the label `slo`.
    pub(super) fn by_slo(&self, expr: &str) -> Result<BTreeMap<String, f64>, String> {
        let body = get(self.address, &query_path(expr))?;
        let answer: Value = serde_json::from_str(&body).map_err(|error| error.to_string())?;
        let series = answer["data"]["result"].as_array();
        let values = series.ok_or(format!("{expr}: {body}"))?.iter().map(|one| {
            let slo = one["metric"]["slo"].as_str().unwrap_or_default().to_owned();
            let value = one["value"][1].as_str().and_then(|v| v.parse().ok());
            Ok((slo, value.ok_or(format!("{expr}: {one}"))?))
        });
        values.collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Prometheus' own metrics, as text.
pub(super) struct Metrics(String);

impl Metrics {
    /// The values of all series with a name.
    pub(super) fn all(&self, name: &str) -> Vec<f64> {
        let of = |line: &str| {
            let rest = line.strip_prefix(name)?;
            // A name that merely begins like this one goes on with another character.
            let value = match rest.chars().next()? {
                '{' => rest.rsplit_once("} ")?.1,
                ' ' => &rest[1..],
                _ => return None,
            };
            value.parse().ok()
        };
        self.0.lines().filter_map(of).collect()
    }

    pub(super) fn sum(&self, name: &str) -> f64 {
        self.all(name).iter().sum()
    }
}

/// Answers every request with what a fleet exports now, for as long as this program runs.
pub(super) fn export(fleet: Arc<Fleet>) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Who hangs up asks again a minute later.
            let _ = answer(&stream, &fleet.exported(now()));
        }
    });
    Ok(address)
}

fn answer(mut stream: &TcpStream, text: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    for line in BufReader::new(stream).lines() {
        if line?.is_empty() {
            break;
        }
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}

/// Seconds since the epoch.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_whole_name() {
        let metrics = Metrics("# HELP a b\na 1\nab 2\na{x=\"} 7\"} 3.5\na_sum 9\n".to_owned());
        assert_eq!(metrics.all("a"), [1.0, 3.5]);
        assert_eq!(metrics.sum("ab"), 2.0);
    }
}
