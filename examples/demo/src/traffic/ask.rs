//! What can be asked of the shop.

use shop_process::Dice;

/// One way to ask, with which endpoints it comes past if nothing goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    /// To buy something.
    Checkout,
    /// To buy something too expensive for the card.
    Declined,
    /// For an order that exists.
    Order,
    /// For an order that does not.
    UnknownOrder,
    /// For the products.
    Products,
    /// To buy something in words that are not JSON: the gateway's extractor refuses.
    BadCart,
    /// For an order whose number is none: the extractor of the orders service refuses.
    BadNumber,
    /// The same as `BadCart`, but of the orders service directly.
    BadCartInside,
    /// To charge a card with bytes that are not protobuf, of payments directly.
    Garbled,
    /// For a path that nobody serves.
    Nowhere,
    /// For what is served without an annotation.
    Health,
}

/// An endpoint of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Its service, as in trails.
    pub(crate) service: &'static str,
    /// Its name; `None` if no annotation covers it.
    pub(crate) endpoint: Option<&'static str>,
    /// The status it answers with if nothing goes wrong on purpose.
    pub(crate) status: u16,
    /// False where the request is refused before the handler runs.
    pub(crate) handled: bool,
}

const fn stop(service: &'static str, endpoint: &'static str, status: u16) -> Stop {
    Stop {
        service,
        endpoint: Some(endpoint),
        status,
        handled: true,
    }
}

const fn refused(service: &'static str, endpoint: &'static str, status: u16) -> Stop {
    Stop {
        service,
        endpoint: Some(endpoint),
        status,
        handled: false,
    }
}

const fn uncovered(status: u16) -> Stop {
    Stop {
        service: "gateway",
        endpoint: None,
        status,
        handled: false,
    }
}

impl Ask {
    /// What a customer might ask, most often what brings money.
    pub(crate) fn at_random(dice: &mut Dice) -> Ask {
        match dice.below(100) {
            0..42 => Ask::Checkout,
            42..45 => Ask::Declined,
            45..66 => Ask::Order,
            66..68 => Ask::UnknownOrder,
            68..90 => Ask::Products,
            90..93 => Ask::BadCart,
            93..96 => Ask::BadNumber,
            96..99 => Ask::Nowhere,
            _ => Ask::Health,
        }
    }

    /// The endpoints on its way, the one it is sent to first.
    pub(crate) fn way(self) -> &'static [Stop] {
        match self {
            Ask::Checkout => {
                &const {
                    [
                        stop("gateway", "checkout", 201),
                        stop("orders", "place-order", 201),
                        stop("payments", "charge", 0),
                    ]
                }
            }
            Ask::Declined => {
                &const {
                    [
                        stop("gateway", "checkout", 402),
                        stop("orders", "place-order", 402),
                        stop("payments", "charge", 9),
                    ]
                }
            }
            Ask::Order => {
                &const {
                    [
                        stop("gateway", "order-status", 200),
                        stop("orders", "find-order", 200),
                    ]
                }
            }
            Ask::UnknownOrder => {
                &const {
                    [
                        stop("gateway", "order-status", 404),
                        stop("orders", "find-order", 404),
                    ]
                }
            }
            Ask::Products => &const { [stop("gateway", "products", 200)] },
            Ask::BadCart => &const { [refused("gateway", "checkout", 400)] },
            Ask::BadNumber => {
                &const {
                    [
                        stop("gateway", "order-status", 400),
                        refused("orders", "find-order", 400),
                    ]
                }
            }
            Ask::BadCartInside => &const { [refused("orders", "place-order", 400)] },
            Ask::Garbled => &const { [refused("payments", "charge", 13)] },
            Ask::Nowhere => &const { [uncovered(404)] },
            Ask::Health => &const { [uncovered(200)] },
        }
    }

    /// The route it is counted under where no annotation covers it.
    pub(crate) fn uncovered_route(self) -> &'static str {
        match self {
            Ask::Health => "/healthz",
            _ => "_unmatched",
        }
    }

    /// Method, path and body of the request.
    pub(crate) fn request(self) -> (&'static str, &'static str, &'static [u8]) {
        match self {
            Ask::Checkout => ("POST", "/checkout", br#"{"product":"teapot","cents":2500}"#),
            Ask::Declined => (
                "POST",
                "/checkout",
                br#"{"product":"yacht","cents":90000000}"#,
            ),
            Ask::Order => ("GET", "/orders/0", b""),
            Ask::UnknownOrder => ("GET", "/orders/999999999", b""),
            Ask::Products => ("GET", "/products", b""),
            Ask::BadCart => ("POST", "/checkout", b"a teapot, please"),
            Ask::BadNumber => ("GET", "/orders/first", b""),
            Ask::BadCartInside => ("POST", "/orders", b"a teapot, please"),
            // A gRPC frame of one byte, which is not a field of any message.
            Ask::Garbled => ("POST", "/shop.Payments/Charge", &[0, 0, 0, 0, 1, 0xff]),
            Ask::Nowhere => ("GET", "/the/moon", b""),
            Ask::Health => ("GET", "/healthz", b""),
        }
    }
}

/// True for a service that answers with gRPC statuses.
pub(crate) fn speaks_grpc(service: &str) -> bool {
    service == "payments"
}
