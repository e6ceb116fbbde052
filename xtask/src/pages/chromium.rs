//! Chromium, spoken to over its DevTools protocol: JSON messages with a zero byte behind each,
//! through the file descriptors 3 and 4.

use crate::command::quietly;
use serde_json::{Value, json};
use std::{
    env,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

/// Whatever takes longer does not end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one page.
pub(super) struct Chromium {
    child: Child,
    input: File,
    messages: Receiver<Value>,
    session: Option<String>,
    next: u64,
    events: Vec<Value>,
}

impl Chromium {
    /// Starts the browser of `$CHROMIUM`, or `chromium`, without a network.
    pub(super) fn start(folder: &Path) -> Result<Chromium, String> {
        let program = env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        quietly(Command::new(&program).arg("--version"))
            .map(|version| eprintln!("  {}", version.trim()))
            .map_err(|why| format!("{why}; it is Debian's package `chromium`"))?;
        let [to, from] = ["to", "from"].map(|name| folder.join(name));
        quietly(Command::new("mkfifo").args([&to, &from]))?;
        let child = Command::new("sh")
            // It becomes the browser, with the pipes where that looks for them.
            .args(["-c", "exec \"$0\" \"$@\" 3<\"$TO\" 4>\"$FROM\"", &program])
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                // Roots, as in containers, have no other way; only our own pages are loaded.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--no-first-run",
            ])
            .arg(format!(
                "--user-data-dir={}",
                folder.join("profile").display()
            ))
            .envs([("TO", &to), ("FROM", &from)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let open = |error: std::io::Error| format!("no pipe to {program}: {error}");
        let input = OpenOptions::new().write(true).open(&to).map_err(open)?;
        let output = BufReader::new(File::open(&from).map_err(open)?);
        let (sender, messages) = channel();
        thread::spawn(move || {
            let messages = output.split(0).map_while(Result::ok);
            let messages = messages.filter_map(|bytes| serde_json::from_slice(&bytes).ok());
            for message in messages {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut chromium = Chromium {
            child,
            input,
            messages,
            session: None,
            next: 1,
            events: Vec::new(),
        };
        let target = chromium.call("Target.createTarget", &json!({"url": "about:blank"}))?;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = chromium.call("Target.attachToTarget", &attach)?;
        chromium.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Network", "Log", "Runtime"] {
            chromium.call(&format!("{domain}.enable"), &json!({}))?;
        }
        let lifecycle = json!({"enabled": true});
        chromium.call("Page.setLifecycleEventsEnabled", &lifecycle)?;
        Ok(chromium)
    }

    /// Calls a method and gives its result; events that arrive meanwhile are kept.
    pub(super) fn call(&mut self, method: &str, parameters: &Value) -> Result<Value, String> {
        let id = self.next;
        self.next += 1;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = session.clone().into();
        }
        let gone =
            |error: &dyn std::fmt::Display| format!("{method}: the browser is gone: {error}");
        self.input
            .write_all(format!("{message}\0").as_bytes())
            .map_err(|error| gone(&error))?;
        let start = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let mut message = self
                .messages
                .recv_timeout(left)
                .map_err(|error| gone(&error))?;
            if message["id"] != id {
                self.events.push(message);
            } else if message["error"].is_null() {
                return Ok(message["result"].take());
            } else {
                return Err(format!("{method}: {}", message["error"]));
            }
        }
    }

    /// Loads a page of this machine.
    pub(super) fn load(&mut self, page: &Path) -> Result<(), String> {
        self.navigate("about:blank")?;
        // What belongs to the page before it has all happened.
        self.events.clear();
        self.navigate(&address(page))
    }

    fn navigate(&mut self, url: &str) -> Result<(), String> {
        let answer = self.call("Page.navigate", &json!({"url": url}))?;
        let is_loaded = |event: &Value| {
            event["method"] == "Page.lifecycleEvent"
                && event["params"]["name"] == "load"
                && event["params"]["loaderId"] == answer["loaderId"]
        };
        let start = Instant::now();
        while !self.events.iter().any(is_loaded) {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let message = self.messages.recv_timeout(left);
            self.events
                .push(message.map_err(|error| format!("{url} is not loaded: {error}"))?);
        }
        Ok(())
    }

    /// What happened since the page was loaded.
    pub(super) fn events(&self) -> &[Value] {
        &self.events
    }

    /// The value of an expression in the page, waited for where it is a promise.
    pub(super) fn evaluate(&mut self, expression: &str) -> Result<Value, String> {
        let asked = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true,
        });
        let mut answer = self.call("Runtime.evaluate", &asked)?;
        match answer["exceptionDetails"].is_null() {
            true => Ok(answer["result"]["value"].take()),
            false => Err(answer["exceptionDetails"].to_string()),
        }
    }
}

/// The address of a file, whatever its name is made of.
pub(super) fn address(page: &Path) -> String {
    let mut address = String::from("file://");
    for byte in page.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                address.push(char::from(*byte));
            }
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.session = None;
        let _ = self.call("Browser.close", &json!({}));
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
