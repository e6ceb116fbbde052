//! The shop, up and running.

use super::{Child, FaultPlan, Programs, programs::SERVICES};
use shop_process::LISTENING;
use std::{collections::BTreeMap, error::Error, io, net::SocketAddr};

/// All processes of the shop.
#[derive(Debug)]
pub(crate) struct Shop {
    servers: Vec<Child>,
    addresses: BTreeMap<&'static str, SocketAddr>,
    settlement: Child,
}

impl Shop {
    /// Starts every service on a port that is free, sending its counts to `collector`.
    pub(crate) async fn start(
        programs: &Programs,
        fault_plan: &FaultPlan,
        collector: &str,
    ) -> Result<Shop, Box<dyn Error>> {
        let logs = programs.folder()?;
        let mut addresses = BTreeMap::new();
        let mut children = Vec::new();
        for name in SERVICES {
            let url = |service| match addresses.get(service) {
                Some(address) => format!("http://{address}"),
                None => String::new(),
            };
            let mut variables = vec![
                ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.to_owned()),
                ("OTEL_METRIC_EXPORT_INTERVAL", "500".to_owned()),
                ("SHOP_ORDERS_URL", url("orders")),
                ("SHOP_PAYMENTS_URL", url("payments")),
            ];
            variables.extend(fault_plan.faults(name).to_env());
            let log = logs.join(format!("shop-{name}.log"));
            let mut child = Child::start(name, programs.path(name)?, &variables, log)?;
            if name != "settlement" {
                addresses.insert(name, address(&child.line().await?)?);
            }
            children.push(child);
        }
        let settlement = children.pop().ok_or("the shop has services")?;
        Ok(Shop {
            servers: children,
            addresses,
            settlement,
        })
    }

    /// Where a service listens.
    pub(crate) fn address(&self, service: &str) -> SocketAddr {
        self.addresses[service]
    }

    /// Where every service listens.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (&'static str, SocketAddr)> {
        self.addresses
            .iter()
            .map(|(name, address)| (*name, *address))
    }

    /// The job.
    pub(crate) fn settlement(&mut self) -> &mut Child {
        &mut self.settlement
    }

    /// Ends all of it, callers first.
    pub(crate) async fn end(self) -> io::Result<()> {
        self.settlement.end().await?;
        for server in self.servers.into_iter().rev() {
            server.end().await?;
        }
        Ok(())
    }
}

fn address(line: &str) -> Result<SocketAddr, String> {
    let address = line
        .strip_prefix(LISTENING)
        .and_then(|address| address.parse().ok());
    address.ok_or_else(|| format!("expected `{LISTENING}ADDRESS`, got `{line}`"))
}
