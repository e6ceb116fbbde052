//! The first requests of all, one after another: what is told by an annotation's `route`,
//! and what a layer has to learn.

use super::{Ask, Client, Generator, Sent, plan::End};

/// What the gateway counts the first refused request under: its annotations don't tell the
/// route, and no request has reached the handler yet.
pub(crate) const NOT_LEARNT_YET: &str = "/checkout";

/// Sends the first requests. The very first is told separately: it is the one that the
/// gateway can't attribute yet.
pub(crate) async fn warm_up(
    client: &Client,
    generator: &mut Generator,
    mut tell: impl FnMut(Sent, Option<&'static str>),
) {
    let mut ask = async |ask, unlearnt| {
        // A name with which nothing goes wrong, so that what is learnt here is sure.
        let id = loop {
            let id = generator.name();
            let plan = client.plan(ask, id);
            let undisturbed = plan.stops.iter().all(|(_, delay)| delay.is_zero())
                && plan.stops.len() == ask.way().len();
            if undisturbed
                && matches!(&plan.end, End::Answer(status, _) if *status == ask.way()[0].status)
            {
                break id;
            }
        };
        tell(client.ask(ask, id).await, unlearnt);
    };
    ask(Ask::BadCart, Some(NOT_LEARNT_YET)).await;
    // These services say their routes: nothing has to be learnt.
    ask(Ask::BadCartInside, None).await;
    ask(Ask::Garbled, None).await;
    ask(Ask::BadNumber, None).await;
    for first in [Ask::Checkout, Ask::Order, Ask::Products, Ask::BadCart] {
        ask(first, None).await;
    }
}
