//! Whether a change may be delivered: by budgets, policies, journeys of others and overrides.

mod freeze;
mod journeys;
mod overrides;
mod store;
mod table;

use crate::fixtures::{Sandbox, elf, endpoint, record, sentinel};

/// A gateway whose journey needs `orders`, and may block it; `mail` has no part in it.
fn fleet() -> Sandbox {
    let sandbox = Sandbox::new();
    let program = elf(&[&sentinel(), &record(&endpoint("place-order"))]);
    for service in ["gateway", "orders", "mail"] {
        sandbox.write(service, &program);
    }
    sandbox.write(
        "catalogue/policies.toml",
        "[own]\nlevel = [{ left = \"0%\", then = \"freeze\" }]\n\
         [platform]\n\
         level = [{ left = \"50%\", then = \"review\" }, { left = \"20%\", then = \"freeze\" }, \
                  { left = \"0%\", then = \"freeze\", blocks = \"participants\" }]\n",
    );
    sandbox.write(
        "gateway.toml",
        "service = \"gateway\"\nowner = \"team-gateway\"\npolicy = \"own\"\n\
         [journey.checkout]\npolicy = \"platform\"\n\
         [[dependency]]\nservice = \"orders\"\njourney = \"checkout\"\nkind = \"hard\"\n",
    );
    for service in ["orders", "mail"] {
        let facts = format!("service = \"{service}\"\npolicy = \"own\"\n");
        sandbox.write(&format!("{service}.toml"), facts);
    }
    exported(&sandbox);
    sandbox
}

/// Writes the exports of the fleet, as the protected branch has them.
fn exported(sandbox: &Sandbox) {
    let files = "--slo-toml gateway.toml orders.toml mail.toml --catalog catalogue";
    sandbox
        .slo(&format!(
            "export --bin gateway orders mail {files} -o exports"
        ))
        .ok();
}
