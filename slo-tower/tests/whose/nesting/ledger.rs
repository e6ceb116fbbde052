//! Each request is a separate event, by its own answer, whatever is around it.

use super::{kinds::Nesting, page::service};
use crate::{
    book::{Book, ask, serve},
    nested::nest_once,
    random::{Random, seed},
};
use slo_sdk::EventResult as R;

fn result(code: u16) -> R {
    match code {
        200 => R::Ok,
        404 => R::ClientError,
        _ => R::ServerError,
    }
}

#[tokio::test]
async fn whoever_asks_whenever_and_through_whatever() {
    nest_once().await;
    let seed = seed();
    println!("HOSTILE_SEED={seed}");
    let mut random = Random::new(seed, 0);
    let mut services = Vec::new();
    for (is_around, is_annotated) in [(false, false), (false, true), (true, false), (true, true)] {
        let address = serve(service(is_around, is_annotated)).await;
        services.push(((is_around, is_annotated), address));
    }
    for (number, nesting) in Nesting::all().into_iter().enumerate() {
        let what = format!("{nesting:?}, seed {seed}");
        let slo = slo_sdk::testing::recorder();
        let is_it = (nesting.is_around, nesting.is_page_annotated);
        let service = services.iter().find(|(known, _)| *known == is_it);
        let (_, address) = service.expect("each kind is served");
        let (own, inner) = (
            random.pick(&[200_u16, 404, 500]),
            random.pick(&[200_u16, 404, 500]),
        );
        let path = format!("/nested-page/{number}/{own}/{inner}");
        assert_eq!(ask(*address, "GET", &path).await, Some(own), "{what}");
        let mut book = Book::default();
        match nesting.is_page_annotated {
            true => book.event("nested-page", result(own)),
            false => book.unannotated("any"),
        }
        for _ in 0..nesting.asked(inner) {
            match nesting.is_api_annotated {
                true => book.event("nested-api", result(inner)),
                false => book.unannotated("any"),
            }
        }
        book.check_totals(&slo, &what).await;
    }
}
