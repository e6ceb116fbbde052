//! Services all of whose fields say what a test wants them to.

use serde_json::json;

/// How many services there are in a round, and how many fields each has.
pub(super) const SERVICES: usize = 4;
pub(super) const FIELDS: usize = 36;

/// The fields of a service in their order, each asked for once.
struct Fields<'a> {
    next: usize,
    say: &'a dyn Fn(usize) -> String,
}

impl Fields<'_> {
    fn text(&mut self) -> String {
        self.next += 1;
        (self.say)(self.next - 1)
    }

    /// The same as a string of TOML, which JSON's are, too, but for surrogates.
    fn toml(&mut self) -> String {
        let mut out = String::from("\"");
        for c in self.text().chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                c if c.is_ascii_graphic() || c == ' ' => out.push(c),
                c => out += &format!("\\U{:08X}", u32::from(c)),
            }
        }
        out + "\""
    }
}

/// The name of a service, made of a text as far as names may hold it.
fn name(service: usize, text: &str) -> String {
    let text = text.replace(|c: char| c.is_control() || matches!(c, '/' | '\\'), "");
    let text: String = text.chars().take(40).collect();
    format!("s{service}{}", text.trim_end())
}

/// What a name keeps of a text.
pub(super) fn in_name(text: &str) -> String {
    name(0, text)[2..].to_owned()
}

/// One service, as an export, a `slo.toml` and its part of a catalogue: policies, tiers, vendors,
/// burn rates.
pub(super) fn service(service: usize, say: &dyn Fn(usize) -> String) -> [String; 6] {
    let f = &mut Fields { next: 0, say };
    let name = name(service, &f.text());
    let export = json!({
        "format": 1, "generator": "test", "service": name,
        "records": [{
            "name": "place-order",
            "journey": {
                "name": "checkout", "title": f.text(), "user": f.text(), "owner": f.text(),
                "description": f.text(), "runbook": format!("see {}", f.text()),
                "objectives": {
                    "availability_ppb": 999_000_000,
                    "latency": [
                        {"name": "latency", "target_ppb": 990_000_000, "threshold_ns": 500_000_000}
                    ],
                    "window": "30d",
                },
                "hash": f.text(),
            },
            "objectives": {"availability_ppb": 999_500_000, "window": "30d"},
            "route": f.text(), "until": "headers", "good_status": [404], "bad_status": [429],
            "description": f.text(), "runbook": format!("see {}", f.text()), "hash": f.text(),
            "source": {
                "package": f.text(), "version": f.text(), "module": f.text(),
                "function": f.text(), "file": f.text(), "line": 1,
            },
        }],
    });
    let (tier, policy) = (f.toml(), f.toml());
    // Documents sort services by their names.
    let vendor = f.toml().replacen('"', "\"a ", 1);
    let burn_rates = f.toml();
    let called = f.toml().replacen('"', "\"called, and not known: ", 1);
    let toml = format!(
        "service = {}\ndescription = {}\nowner = {}\ntier = {tier}\npolicy = {policy}\n\
         burn-rates = {burn_rates}\n\
         [traffic]\ncheckout = \"900000/day\"\n\
         [journey.checkout]\nwhen-it-fails = {}\n\
         [[dependency]]\nservice = {vendor}\nkind = \"soft\"\nmitigation = {}\nreason = {}\n\
         [[dependency]]\nservice = {called}\njourney = {}\nkind = \"hard\"\nused-by = [{}]\n\
         [[review]]\nslo = \"checkout.availability\"\nverdict = \"satisfying\"\n\
         date = 2026-05-01\nby = {}\nof = {}\n\
         [[exception]]\nrule = \"few-events\"\non = {}\nreason = {}\n",
        Fields {
            next: 0,
            say: &|_| name.clone()
        }
        .toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
        f.toml(),
    );
    let level = format!(
        "{{ left = \"50%\", then = \"review\", text = {} }}",
        f.toml()
    );
    let policies = format!(
        "[{policy}]\ndescription = {}\nlevel = [{level}]\n",
        f.toml()
    );
    let tiers = format!("[{tier}]\ndescription = {}\n", f.toml());
    let vendors = format!(
        "[{vendor}]\nowner = {}\navailability = \"99.99%\"\n",
        f.toml()
    );
    let condition = "{ severity = \"page\", budget = \"2%\", long = \"1h\", short = \"5m\" }";
    // Without it, a setting is advised under a name of its own: `advice` follows those.
    let ticket = "{ severity = \"ticket\", budget = \"10%\", long = \"3d\", short = \"6h\" }";
    let settings = format!("[{burn_rates}]\ncondition = [{condition}, {ticket}]\n");
    assert_eq!(f.next, FIELDS);
    [export.to_string(), toml, policies, tiers, vendors, settings]
}
