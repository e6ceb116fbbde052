//! The processes of the shop: payments, orders, two of the gateway, and the job that settles.

use super::{
    programs::Programs,
    settlement::{Fault, Settlement},
};
use crate::interop::parts::process::Process;
use std::{
    fs,
    net::SocketAddr,
    path::PathBuf,
    process::Command,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How long a dead cache holds a payment up: longer than anything on its way may take.
pub(super) const DEAD_CACHE: Duration = Duration::from_millis(600);

/// The checkouts that one process of the gateway takes on in a second.
const CAPACITY: u32 = 40;

/// The processes of the gateway, as their pods are called.
pub(super) const PODS: [&str; 2] = ["gateway-a", "gateway-b"];

/// A shop that runs.
#[derive(Debug)]
pub(super) struct Shop {
    /// The payments' cache is dead while there is this file.
    switch: PathBuf,
    starter: Starter,
    orders: SocketAddr,
    gateways: Mutex<[Option<Running>; 2]>,
    pub(super) settlement: Settlement,
    _behind: [Process; 2],
}

#[derive(Debug)]
struct Running {
    process: Process,
    address: SocketAddr,
}

/// How processes are started.
#[derive(Debug)]
pub(super) struct Starter {
    folder: PathBuf,
    namespace: &'static str,
    endpoint: String,
    interval: Duration,
}

impl Starter {
    /// A process of a service, as it is to be started, and the file that it logs to.
    pub(super) fn command(
        &self,
        service: &str,
        pod: &str,
        variables: &[(&str, String)],
    ) -> (Command, PathBuf) {
        let mut command = Command::new(self.folder.join(service));
        for (variable, _) in std::env::vars_os() {
            let text = variable.to_string_lossy();
            if ["OTEL_", "SHOP_"].iter().any(|own| text.starts_with(own)) {
                command.env_remove(&variable);
            }
        }
        let resource = format!("service.namespace={},k8s.pod.name={pod}", self.namespace);
        command
            .env("OTEL_RESOURCE_ATTRIBUTES", resource)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", &self.endpoint)
            // What the stores of this judge take are counts.
            .env("OTEL_LOGS_EXPORTER", "none")
            .env(
                "OTEL_METRIC_EXPORT_INTERVAL",
                self.interval.as_millis().to_string(),
            )
            .envs(variables.iter().map(|(name, value)| (name, value)));
        let log = self.folder.join(format!("{}-{pod}.log", self.namespace));
        (command, log)
    }

    /// Starts a process that answers requests.
    fn start(
        &self,
        service: &str,
        pod: &str,
        variables: &[(&str, String)],
    ) -> Result<(Process, SocketAddr), String> {
        let (mut command, log) = self.command(service, pod, variables);
        let (process, address) = Process::start_saying(&mut command, &log, "listening on ")?;
        let address = address
            .parse()
            .map_err(|_| format!("no address: {address}"))?;
        Ok((process, address))
    }

    fn gateway(&self, pod: &str, orders: SocketAddr) -> Result<Running, String> {
        let variables = [
            ("SHOP_ORDERS_URL", format!("http://{orders}")),
            ("SHOP_CAPACITY", CAPACITY.to_string()),
        ];
        let (process, address) = self.start("shop-gateway", pod, &variables)?;
        Ok(Running { process, address })
    }
}

impl Shop {
    /// Starts it, in a namespace; it exports this often to an endpoint.
    pub(super) fn start(
        programs: &Programs,
        namespace: &'static str,
        endpoint: String,
        interval: Duration,
    ) -> Result<Shop, String> {
        let starter = Starter {
            folder: programs.folder.clone(),
            namespace,
            endpoint,
            interval,
        };
        let switch = programs.folder.join(format!("{namespace}-dead-cache"));
        let faults = [
            ("SHOP_SLOW_RATE", "1".to_owned()),
            ("SHOP_SLOW_MS", DEAD_CACHE.as_millis().to_string()),
            ("SHOP_SWITCH", switch.display().to_string()),
        ];
        let (payments, address) = starter.start("shop-payments", "payments", &faults)?;
        let url = [("SHOP_PAYMENTS_URL", format!("http://{address}"))];
        let (behind, orders) = starter.start("shop-orders", "orders", &url)?;
        let switch_of_job = programs
            .folder
            .join(format!("{namespace}-wrong-settlement"));
        let settlement = Settlement::start(&starter, switch_of_job, address)?;
        let [a, b] = PODS.map(|pod| starter.gateway(pod, orders));
        Ok(Shop {
            switch,
            starter,
            orders,
            gateways: Mutex::new([Some(a?), Some(b?)]),
            settlement,
            _behind: [payments, behind],
        })
    }

    fn gateways(&self) -> std::sync::MutexGuard<'_, [Option<Running>; 2]> {
        self.gateways.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The processes of the gateway that run: pods and addresses.
    pub(super) fn addresses(&self) -> Vec<(&'static str, SocketAddr)> {
        let gateways = self.gateways();
        let running = PODS.iter().zip(gateways.iter());
        running
            .filter_map(|(pod, running)| Some((*pod, running.as_ref()?.address)))
            .collect()
    }

    /// Kills the second process of the gateway, as a node does that runs out of memory.
    pub(super) fn kill(&self) -> Result<(), String> {
        let Some(mut running) = self.gateways()[1].take() else {
            return Err("it does not run".to_owned());
        };
        running.process.signal("KILL")?;
        running.process.ended().map(drop)
    }

    /// Starts another one in its place, under the same pod's name.
    pub(super) fn restart(&self) -> Result<(), String> {
        let running = self.starter.gateway(PODS[1], self.orders)?;
        self.gateways()[1] = Some(running);
        Ok(())
    }

    /// Ends the process of the job as a deployment would, and starts another.
    pub(super) fn replace_settlement(&self, fault: Fault) -> Result<(), String> {
        self.settlement.replace(&self.starter, fault)
    }

    /// Lets the cache of payments die, or lets it live again.
    pub(super) fn cache_is_dead(&self, is_dead: bool) -> Result<(), String> {
        let done = match is_dead {
            true => fs::write(&self.switch, ""),
            false => fs::remove_file(&self.switch),
        };
        done.map_err(|error| format!("{}: {error}", self.switch.display()))
    }
}
