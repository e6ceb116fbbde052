//! From what a Grafana has to what it should have.

use super::dashboard::differences;
use crate::{
    diff::{Change, Field, Request, SourceError},
    input::grafana::{Dashboard, Grafana, Hit, Meta},
};
use serde_json::{Value, json};

/// What every dashboard of ours is tagged with.
const TAG: &str = "cargo-slo";

/// Asks a Grafana for the dashboards that are wanted, and returns what differs. Nothing is changed
/// there: each change has the request that would do so.
///
/// # Errors
/// If it can't be asked.
pub fn compare_grafana(grafana: &Grafana, wanted: &[Value]) -> Result<Vec<Change>, SourceError> {
    let hits = grafana.tagged(TAG)?;
    let mut changes = Vec::new();
    for wanted in wanted {
        let uid = wanted["uid"].as_str().unwrap_or_default();
        let title = wanted["title"].as_str().unwrap_or_default();
        let found = grafana.dashboard(uid)?;
        let mut details = match &found {
            Some(found) => differences(&found.dashboard, wanted),
            None => vec!["missing".to_owned()],
        };
        let apply = match details.is_empty() {
            true => Vec::new(),
            false => vec![save(grafana.url(), wanted, found.as_ref())],
        };
        let is_provisioned = found.is_some_and(|found| found.meta.provisioned);
        let copies = hits
            .iter()
            .filter(|hit| hit.title == title && hit.uid != uid);
        details.extend(copies.map(|Hit { uid, .. }| format!("left over copy with the uid {uid}")));
        if !details.is_empty() {
            let help = "it is provisioned, so Grafana refuses to save it: replace its file, which \
                        `cargo slo generate grafana` writes";
            changes.push(Change {
                details,
                apply: if is_provisioned { Vec::new() } else { apply },
                help: is_provisioned
                    .then(|| help.to_owned())
                    .into_iter()
                    .collect(),
                ..Change::of(title, Field::Dashboard)
            });
        }
    }
    Ok(changes)
}

/// The request that puts it there, into the folder it is in.
fn save(url: &str, wanted: &Value, found: Option<&Dashboard>) -> Request {
    let mut body = json!({
        "dashboard": wanted,
        "overwrite": true,
        "message": crate::GENERATOR,
    });
    if let Some(Dashboard {
        meta: Meta { folder_uid, .. },
        ..
    }) = found
        && !folder_uid.is_empty()
    {
        body["folderUid"] = folder_uid.clone().into();
    }
    Request::post(format!("{url}/api/dashboards/db"), body)
}
