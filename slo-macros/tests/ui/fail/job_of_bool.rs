use slo_sdk::{Journey, Objectives, slo};

const NIGHT: Journey = Journey::new("night").objectives(Objectives::new().availability(99.0));

#[slo(journey = NIGHT, every = 1h)]
fn clean_up() -> bool {
    false
}

#[slo(journey = NIGHT, per = call)]
async fn find(key: &str) -> Option<String> {
    let _ = key;
    None
}

type Done = bool;

#[slo(journey = NIGHT, every = 5m)]
async fn under_another_name() -> Done {
    true
}

fn main() {}
