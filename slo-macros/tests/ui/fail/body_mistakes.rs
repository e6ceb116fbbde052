use slo_sdk::{Journey, Objectives, slo};

const SHOP: Journey = Journey::new("shop").objectives(Objectives::new().availability(99.9));

#[slo(journey = SHOP)]
async fn mismatch() -> Result<u8, String> {
    if true {
        return Ok("text");
    }
    Ok(1)
}

#[slo(journey = SHOP)]
async fn no_tail() -> u8 {
    let _one = 1;
}

#[slo(journey = SHOP)]
fn no_tail_either() -> u8 {
    let _one = 1;
}

fn main() {}
