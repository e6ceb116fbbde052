//! What a new `slo.toml` says.
//!
//! Sentences are comments with a space after the `#`. Facts to fill in have none: without the
//! `#` they are valid, which a test makes sure of.

use crate::{
    definition::{Service, value_hash},
    input::values::Promise,
    text::toml::quoted,
};
use std::fmt::Write;

/// The file for a service.
pub(super) fn template(service: &Service) -> String {
    let mut text = format!(
        "# Facts about this service that are not in the code. Every key is explained in the\n\
         # manual of slo.toml; `cargo slo check` uses what is said here.\n\n\
         service = {}\n\n\
         # What the service is and offers, in a sentence.\n\
         #description = \"\"\n\n\
         # The team that answers for it. Journeys may name another in the code.\n\
         #owner = \"team\"\n\n\
         # Names in the catalogue of the organisation: the folder that `--catalog` names, or for\n\
         # good a table `catalogue` with its `path`.\n\
         #tier = \"gold\"\n\
         #burn-rates = \"usual\"\n\
         #policy = \"standard\"\n\n",
        quoted(&service.name)
    );
    journeys(&mut text, service);
    traffic(&mut text, service);
    dependencies(&mut text);
    policy(&mut text);
    reviews(&mut text, service);
    text += "# Files that list what the service offers, so that `check` can say how much of it is\n\
             # annotated: a table `coverage` with `openapi`, `descriptors`, `gateway` or `routes`.\n\n";
    text += "# Findings that are accepted, each with its reason.\n\
             #[[exception]]\n\
             #rule = \"journey-of-one-endpoint\"\n\
             #reason = \"\"\n";
    text
}

fn journeys(text: &mut String, service: &Service) {
    text.push_str("# What the user of a journey notices when it fails.\n");
    for journey in &service.journeys {
        let name = quoted(&journey.record.name);
        put(
            text,
            format_args!("#[journey.{name}]\n#when-it-fails = \"\"\n"),
        );
    }
    text.push('\n');
}

fn traffic(text: &mut String, service: &Service) {
    text.push_str(
        "# Expected valid events. With them, `check` says how many bad ones the budgets hold.\n\
         [traffic]\n",
    );
    for journey in &service.journeys {
        let name = &journey.record.name;
        put(text, format_args!("#{} = \"1000/day\"\n", quoted(name)));
        let own = service
            .slos
            .iter()
            .filter(|slo| slo.identity.journey == *name);
        let mut endpoints: Vec<_> = own
            .filter_map(|slo| slo.identity.endpoint.as_ref())
            .collect();
        endpoints.dedup();
        for endpoint in endpoints {
            let name = quoted(&format!("{name}/{endpoint}"));
            put(text, format_args!("#{name} = \"100/day\"\n"));
        }
    }
    text.push_str("\n# The errors that the team wants to be told of; alerts are checked against it.\n[detect]\n");
    for journey in &service.journeys {
        let name = quoted(&journey.record.name);
        put(text, format_args!("#{name} = \"3 errors in 1h\"\n"));
    }
    text.push_str("\n# What a bad event costs, and what may be lost.\n[value]\n");
    for journey in &service.journeys {
        let name = quoted(&journey.record.name);
        put(
            text,
            format_args!(
                "#{name} = {{ per-event = \"1 EUR\", tolerable-loss = \"100 EUR/month\" }}\n"
            ),
        );
    }
}

fn dependencies(text: &mut String) {
    text.push_str(
        "\n# The services it calls: `hard` where requests fail without them, `soft` where not.\n\
         #[[dependency]]\n\
         #service = \"payments\"\n\
         #kind = \"hard\"\n\n\
         #[[dependency]]\n\
         #service = \"recommendations\"\n\
         #kind = \"soft\"\n\
         #mitigation = \"what happens instead\"\n\
         #reason = \"why that is good enough\"\n\n",
    );
}

fn policy(text: &mut String) {
    text.push_str(
        "# What happens at which level of the error budget, unless the catalogue's `policy` says\n\
         # it.\n\
         #[[budget-policy]]\n\
         #left = \"50%\"\n\
         #then = \"review\"\n\n\
         #[[budget-policy]]\n\
         #left = \"0%\"\n\
         #then = \"freeze\"\n\n\
         # What happens when window after window too much of it is left.\n\
         #[unspent-budget]\n\
         #left = \"90%\"\n\
         #windows = 3\n\
         #then = \"loosen\"\n\n",
    );
}

fn reviews(text: &mut String, service: &Service) {
    text.push_str(
        "# Who said what about which target: `achievable` by those who run the service,\n\
         # `satisfying` by those who use it. `of` is the hash of the value it was said of.\n",
    );
    for slo in &service.slos {
        let part = match &slo.identity.endpoint {
            None => slo.identity.journey.clone(),
            Some(endpoint) => format!("{}/{endpoint}", slo.identity.journey),
        };
        let value = Promise {
            target: slo.target,
            threshold: slo.sli.threshold(),
        };
        put(
            text,
            format_args!(
                "# {value} over {}\n\
                 #[[review]]\n\
                 #slo = {}\n\
                 #verdict = \"achievable\"\n\
                 #by = \"\"\n\
                 #date = 2026-01-31\n\
                 #of = \"{}\"\n\n",
                slo.window,
                quoted(&format!("{part}.{}", slo.identity.sli)),
                value_hash(slo)
            ),
        );
    }
}

fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a text can't fail.
    let _ = text.write_fmt(what);
}
