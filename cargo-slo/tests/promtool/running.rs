//! `cargo slo diff` against a real Prometheus, which tells its rules in its own words.

use serde_json::json;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A Prometheus on a loopback port, ended with the test.
struct Running {
    process: Child,
    address: String,
}

impl Running {
    /// One that evaluates the rules of a folder; it is waited for.
    fn with_rules(folder: &Path) -> Running {
        let config = folder.join("prometheus.yml");
        std::fs::write(&config, "rule_files: ['rules/*.yaml']\n").unwrap();
        // Free a moment ago, so most probably still.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let program = std::env::var_os("PROMETHEUS").unwrap_or_else(|| "prometheus".into());
        let process = Command::new(&program)
            .arg("--config.file")
            .arg(config)
            .arg("--storage.tsdb.path")
            .arg(folder.join("data"))
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = process.unwrap_or_else(|error| {
            panic!(
                "{} can't be started ({error}): install Prometheus",
                program.display()
            )
        });
        let mut running = Running { process, address };
        let start = Instant::now();
        while !running.is_ready() {
            assert!(start.elapsed() < Duration::from_secs(60), "it is not ready");
            assert_eq!(running.process.try_wait().unwrap(), None, "it ended");
            std::thread::sleep(Duration::from_millis(100));
        }
        running
    }

    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(&self.address) else {
            return false;
        };
        let asked = stream.write_all(b"GET /-/ready HTTP/1.0\r\n\r\n");
        let mut answer = String::new();
        asked
            .and_then(|()| stream.read_to_string(&mut answer))
            .is_ok()
            && answer
                .lines()
                .next()
                .is_some_and(|line| line.contains(" 200 "))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn export(folder: &Path, name: &str, availability_ppb: u64) {
    let endpoint = |name: &str| {
        json!({
            "name": name,
            "journey": {
                "name": "checkout", "owner": "team \"orders\" {{ .x }}", "runbook": "https://runbooks.example/a b", "hash": "1",
                "objectives": {
                    "availability_ppb": availability_ppb,
                    "latency": [{"name": "latency", "target_ppb": 950_000_000, "threshold_ns": 500_000_000}],
                    "window": "28d",
                },
            },
            "objectives": {"availability_ppb": 999_990_000, "window": "7d"},
            "every_ns": 300_000_000_000_u64,
            "hash": "2",
            "source": {"package": "p", "version": "1.0.0", "module": "m", "function": "f", "file": "f.rs", "line": 1},
        })
    };
    let records = [endpoint("cart"), endpoint("pay")];
    let content = json!({"format": 1, "generator": "", "service": "orders.v2", "records": records});
    std::fs::write(folder.join(name), content.to_string()).unwrap();
}

#[test]
fn a_prometheus_that_evaluates_what_was_generated_does_not_differ() {
    for mode in ["per-slo", "universal"] {
        let folder = tempfile::tempdir().unwrap();
        export(folder.path(), "old.slo.json", 999_000_000);
        export(folder.path(), "new.slo.json", 995_000_000);
        let slo = |arguments: &[&str]| {
            let output = Command::new(env!("CARGO_BIN_EXE_cargo-slo"))
                .args(arguments)
                .args(["--mode", mode, "--retention", "40"])
                .current_dir(folder.path())
                .output()
                .unwrap();
            let text = |bytes| String::from_utf8(bytes).unwrap();
            (
                output.status.code().unwrap(),
                text(output.stdout),
                text(output.stderr),
            )
        };
        let generated = slo(&[
            "generate",
            "prometheus",
            "-o",
            "rules",
            "--export",
            "old.slo.json",
        ]);
        assert_eq!(generated.0, 0, "{generated:?}");
        let prometheus = Running::with_rules(folder.path());
        let address = format!("http://{}", prometheus.address);

        let same = slo(&["diff", "--export", "old.slo.json", "--against", &address]);
        assert_eq!((same.0, &*same.1), (0, ""), "{mode}: {same:?}");
        let changed = slo(&["diff", "--export", "new.slo.json", "--against", &address]);
        match mode {
            "per-slo" => {
                let told = "target of orders.v2/checkout.availability 99.9% → 99.5%: budget 40 min → 3 h 21 min in 28 days\n";
                assert!(changed.0 == 1 && changed.1.starts_with(told), "{changed:?}");
            }
            // The rules hold for any target, and nothing runs that exports one.
            _ => assert_eq!((changed.0, &*changed.1), (0, ""), "{changed:?}"),
        }
    }
}
