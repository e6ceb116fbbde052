//! Answers of gRPC, or almost, with a status nobody can read, or two of them.

use crate::{
    alone::alone,
    answers::{KINDS, STATUSES, answer},
    client::{Peer, all},
    endpoints::SHAPES,
    place::{Place, serve},
    seen::{CLIENT, OK, SERVER, Seen, check},
};
use axum::{Router, extract::Request, response::Response, routing::get};
use slo_sdk::{EventResult, slo};

#[slo(journey = SHAPES, route = "GET /answered")]
async fn answered(request: Request) -> Response {
    answer(request.uri().query().unwrap_or_default())
}

fn seen(result: EventResult) -> Seen {
    let known = [OK, CLIENT, SERVER];
    *known
        .iter()
        .find(|seen| seen.0 == result)
        .expect("one of them")
}

#[test]
fn what_cant_be_read_is_a_failure() {
    alone(async {
        for place in Place::BOTH {
            let app = Router::new().route("/answered", get(answered));
            let mut peer = Peer::connect(serve(place.count(app)).await).await;
            for (kind, (text, is_grpc)) in KINDS.iter().enumerate() {
                for (status, (values, of_grpc)) in STATUSES.iter().enumerate() {
                    for place in 0..2 {
                        let slo = slo_sdk::testing::recorder();
                        let path = format!("/answered?{kind}.{status}.{place}");
                        let (answer, _) = peer.get(&path).await;
                        all(answer.await.expect("an answer").into_body()).await;
                        let result = match is_grpc {
                            true => *of_grpc,
                            false => EventResult::Ok,
                        };
                        let text = String::from_utf8_lossy(text);
                        let what = format!("{text} {values:?} {place}");
                        check(&slo, &[("answered", seen(result), 1)], &what).await;
                    }
                }
            }
        }
    });
}
