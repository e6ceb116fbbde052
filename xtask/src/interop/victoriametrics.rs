//! VictoriaMetrics and vmalert, as they are by default: rules and dashboards that are generated with
//! `--store victoriametrics`.
//!
//! vmalert evaluates the rules at their interval of a minute, because their stages are parts of one. So
//! the judge takes two minutes, and a few more where the machine is busy, most of which it waits. Then each SLO has counted every event
//! there is, no rule failed, every query of the dashboards has an answer, and `check --prometheus` says
//! which store it met.

use super::{
    grafana, made,
    prometheus::{Server, get},
    tools,
};
use crate::{
    Outcome,
    command::{self, root},
    loopback::free_address,
    programs::{Programs, slo},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const STORE: &str = "github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics@v1.148.9";
const RULER: &str = "github.com/VictoriaMetrics/VictoriaMetrics/app/vmalert@v1.148.9";

/// How long it may take until every stage was evaluated after all events came. Two minutes are enough;
/// where a machine is so busy that a stage saw too little of the one before it, the next minute makes up
/// for it, and the one after that.
const PATIENCE: Duration = Duration::from_secs(360);

/// The folder of what is made for it.
const MADE: &str = "victoriametrics";

pub(super) fn run() -> Outcome {
    let options = [&made::shop()[..], &["--store", MADE].map(str::to_owned)].concat();
    made::generate(MADE, &["prometheus", "grafana"], &options)?;
    let rules = made::files(MADE, ".prometheus.yaml")?;
    let (server, ruler) = start(&rules)?;
    command::run(
        Programs::built()?
            .command("shop-demo")
            .args(["--seconds", "5", "--forward", &server.otlp()])
            .stdout(Stdio::null()),
    )?;
    let queries = grafana::queries_of(MADE)?;
    grafana::show_everything(&server, MADE, &queries)?;
    // What the shop exports is old by the time that all rules were evaluated.
    let (recorded, exported) = queries
        .into_iter()
        .partition::<BTreeMap<_, _>, _>(|(query, _)| query.contains("slo:"));
    let mut shown = grafana::answered(&server, &exported)?;
    let started = Instant::now();
    let slos = loop {
        match counted_exactly(&server) {
            Ok(slos) => break slos,
            Err(why) if started.elapsed() > PATIENCE => return Err(why),
            Err(_) => sleep(Duration::from_secs(1)),
        }
    };
    no_rule_failed(ruler)?;
    shown += grafana::answered(&server, &recorded)?;
    says_which_store(&server)?;
    counts_arrive(&server)?;
    eprintln!(
        "  {slos} SLOs counted every event; {} queries of panels and marks, {shown} series",
        recorded.len() + exported.len()
    );
    Ok(())
}

/// The store and its ruler.
pub(super) fn programs() -> Result<[PathBuf; 2], String> {
    let no_c: [(&str, &str); 1] = [("CGO_ENABLED", "0")];
    let store = tools::installed_with("victoria-metrics", STORE, &no_c)?;
    let vmalert = tools::installed_with("vmalert", RULER, &no_c)?;
    Ok([store, vmalert])
}

/// What a store of ours is started with.
pub(super) fn store_options(address: SocketAddr) -> [String; 3] {
    [
        "-storageDataPath=data".to_owned(),
        "-retentionPeriod=100d".to_owned(),
        format!("-httpListenAddr={address}"),
    ]
}

/// What a ruler beside it is started with, which tells nobody of alerts.
pub(super) fn ruler_options(
    store: SocketAddr,
    ruler: SocketAddr,
    rules: &[PathBuf],
) -> Vec<String> {
    let files = rules.iter().map(|file| format!("-rule={}", file.display()));
    let asked = ["datasource", "remoteWrite", "remoteRead"];
    let asked = asked.map(|of| format!("-{of}.url=http://{store}"));
    files
        .chain(asked)
        .chain([
            format!("-httpListenAddr={ruler}"),
            "-notifier.blackhole".to_owned(),
        ])
        .collect()
}

/// The store, with a ruler beside it, and the address of that.
fn start(rules: &[PathBuf]) -> Result<(Server, SocketAddr), String> {
    let [store, vmalert] = programs()?;
    let folder = root().join("target/interop/victoriametrics");
    let _ = fs::remove_dir_all(&folder);
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let (address, ruler) = (free_address()?, free_address()?);
    let spawn = |program: &Path, log: &str, options: &[String]| {
        let log = fs::File::create(folder.join(log)).map_err(failed)?;
        let mut command = Command::new(program);
        let command = command.args(options).current_dir(&folder);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(log).spawn().map_err(failed)
    };
    let process = spawn(&store, "log", &store_options(address))?;
    let mut server = Server {
        processes: vec![process],
        address,
        otlp_path: "/opentelemetry",
    };
    server.wait_for("/health", &folder)?;
    let options = ruler_options(address, ruler, rules);
    server
        .processes
        .push(spawn(&vmalert, "log-of-vmalert", &options)?);
    Ok((server, ruler))
}

/// True once the rules counted each good or bad event of every SLO of the shop, and know its budget:
/// how many SLOs there are.
fn counted_exactly(server: &Server) -> Result<usize, String> {
    let one = |query: &str| -> Result<f64, String> {
        let values = server.query(query)?;
        values.first().copied().ok_or(format!("no data: {query}"))
    };
    // Each event once, at the endpoints that have objectives of their own and over all of them.
    let budgets = server.query("slo:error_budget_left:ratio")?.len();
    let slos = server.query("count by (slo) (slo:objective:ratio)")?.len();
    if slos == 0 || budgets != slos {
        return Err(format!("{budgets} of {slos} SLOs have a budget"));
    }
    let of_journeys = "sum by (slo_service, slo_journey, slo_sli, slo_outcome) \
                       (slo:events:sum_window{slo_endpoint=\"\"})";
    let exported = "label_replace(label_replace(label_replace(label_replace(\
                    sum by (\"service.name\", \"slo.journey\", \"slo.sli\", \"slo.outcome\") \
                    (last_over_time({\"slo.events\"}[10m])), \
                    \"slo_service\", \"$1\", \"service.name\", \"(.*)\"), \
                    \"slo_journey\", \"$1\", \"slo.journey\", \"(.*)\"), \
                    \"slo_sli\", \"$1\", \"slo.sli\", \"(.*)\"), \
                    \"slo_outcome\", \"$1\", \"slo.outcome\", \"(.*)\")";
    let on = "on (slo_service, slo_journey, slo_sli, slo_outcome)";
    let counts = one(&format!("count({of_journeys})"))?;
    let equal = one(&format!("count({of_journeys} == {on} ({exported}))"))?;
    let events = one(&format!("sum({of_journeys})"))?;
    if counts != equal || events < 1.0 {
        return Err(format!(
            "{equal} of {counts} counts of journeys are those of the counters, over {events} events"
        ));
    }
    Ok(slos)
}

/// No rule has an error, and each was evaluated.
fn no_rule_failed(ruler: SocketAddr) -> Outcome {
    let body = get(ruler, "/api/v1/rules")?;
    let answer: Value = serde_json::from_str(&body).map_err(|error| error.to_string())?;
    let groups = answer["data"]["groups"].as_array().into_iter().flatten();
    let rules: Vec<_> = groups
        .flat_map(|group| group["rules"].as_array().into_iter().flatten())
        .collect();
    let failed = rules.iter().find(|rule| {
        rule["lastError"]
            .as_str()
            .is_some_and(|error| !error.is_empty())
            || rule["health"] == "err"
    });
    match failed {
        Some(rule) => Err(format!("vmalert: {rule}")),
        None if rules.is_empty() => Err("vmalert has no rules".to_owned()),
        None => Ok(()),
    }
}

/// The names that it gives what arrives over OTLP are those of `--store`.
fn counts_arrive(server: &Server) -> Outcome {
    let mut check = slo()?;
    check.args(["status", "--pipeline", "--store", MADE, "--wait", "20s"]);
    check.args(["--late-after", "20s"]);
    check.args(["--otlp", &server.otlp(), "--prometheus", &server.url()]);
    command::quietly(&mut check).map(drop)
}

fn says_which_store(server: &Server) -> Outcome {
    let output = slo()?
        .arg("check")
        .args(made::shop())
        .args(["--prometheus", &server.url()])
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    match said.contains("generate --store victoriametrics") {
        true => Ok(()),
        false => Err(format!("check --prometheus said {said}")),
    }
}
