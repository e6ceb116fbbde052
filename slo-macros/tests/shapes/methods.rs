//! Methods: inherent, of traits, and rewritten by other macros.

use crate::{SHOP, counts, pause, run};
use slo_sdk::slo;
use std::{future::Future, sync::Arc};

#[derive(Clone, Default)]
struct Shop {
    stock: u8,
}

impl Shop {
    #[slo(journey = SHOP)]
    async fn by_reference(&self, wanted: u8) -> Result<u8, String> {
        pause().await;
        self.stock
            .checked_sub(wanted)
            .ok_or_else(|| "sold out".to_owned())
    }

    #[slo(journey = SHOP)]
    async fn by_mutable_reference(&mut self) -> &mut u8 {
        self.stock += 1;
        &mut self.stock
    }

    #[slo(journey = SHOP)]
    fn by_value(mut self) -> Self {
        self.stock += 1;
        self
    }

    #[slo(journey = SHOP)]
    async fn by_arc(self: Arc<Self>) -> u8 {
        self.stock
    }

    #[slo(journey = SHOP)]
    fn partly_borrowed(&mut self) -> impl Iterator<Item = &u8> {
        self.stock += 1;
        std::iter::once(&self.stock)
    }
}

trait Repository {
    fn load(&self) -> impl Future<Output = u8> + Send;

    #[slo(journey = SHOP)]
    async fn default_body(&self) -> u8 {
        self.load().await + 1
    }
}

impl Repository for Shop {
    #[slo(journey = SHOP)]
    async fn load(&self) -> u8 {
        pause().await;
        self.stock
    }
}

#[async_trait::async_trait]
trait Payments: Send + Sync {
    async fn charge(&self, amount: &str) -> Result<u32, std::num::ParseIntError>;
    async fn refund<T: Send + Into<u32>>(&mut self, amount: T)
    where
        Self: Sized;
}

#[async_trait::async_trait]
impl Payments for Shop {
    #[slo(journey = SHOP)]
    async fn charge(&self, amount: &str) -> Result<u32, std::num::ParseIntError> {
        pause().await;
        if amount.is_empty() {
            return Ok(0);
        }
        Ok(amount.parse::<u32>()? + u32::from(self.stock))
    }

    #[slo(journey = SHOP)]
    async fn refund<T: Send + Into<u32>>(&mut self, amount: T) {
        pause().await;
        self.stock = u8::try_from(amount.into()).unwrap_or(0);
    }
}

macro_rules! handler {
    ($name:ident, $value:expr) => {
        #[slo(journey = SHOP)]
        fn $name() -> u8 {
            $value
        }
    };
}
handler!(from_a_macro, 7);

/// `debug_handler` writes a second copy of the function, which is never called.
mod handlers {
    #![allow(clippy::diverging_sub_expression, reason = "of `debug_handler`")]
    use super::{SHOP, pause, slo};
    use axum::{debug_handler, extract::Path};

    #[debug_handler]
    #[slo(journey = SHOP)]
    pub(crate) async fn checked_above() -> String {
        pause().await;
        String::new()
    }

    #[slo(journey = SHOP)]
    #[debug_handler]
    pub(crate) async fn checked_below(Path(id): Path<u32>) -> Result<String, String> {
        if id == 0 {
            Err("none".to_owned())
        } else {
            Ok(id.to_string())
        }
    }
}

#[test]
fn inherent_methods() {
    let mut shop = Shop { stock: 2 };
    assert_eq!(run(shop.by_reference(1)), Ok(1));
    assert!(run(shop.by_reference(9)).is_err());
    assert_eq!(counts("by-reference"), [1, 1, 0]);
    *run(shop.by_mutable_reference()) += 1;
    assert_eq!(shop.partly_borrowed().copied().collect::<Vec<_>>(), [5]);
    let shop = shop.by_value();
    assert_eq!(counts("by-value"), [1, 0, 0]);
    assert_eq!(run(Arc::new(shop).by_arc()), 6);
    assert_eq!(from_a_macro(), 7);
    assert_eq!(counts("from-a-macro"), [1, 0, 0]);
}

#[test]
fn methods_of_traits() {
    let shop = Shop { stock: 2 };
    assert_eq!(run(shop.default_body()), 3);
    assert_eq!(counts("default-body"), [1, 0, 0]);
    assert_eq!(counts("load"), [1, 0, 0]);
}

#[test]
fn methods_of_async_trait() {
    let mut shop = Shop { stock: 2 };
    assert_eq!(run(shop.charge("1")), Ok(3));
    assert_eq!(run(shop.charge("")), Ok(0));
    assert!(run(shop.charge("x")).is_err());
    assert_eq!(counts("charge"), [2, 1, 0]);
    let unstarted = shop.refund(7u8);
    assert_eq!(counts("refund"), [0, 0, 0]);
    run(unstarted);
    assert_eq!(shop.stock, 7);
    assert_eq!(counts("refund"), [1, 0, 0]);
}

#[test]
fn debug_handler_above_and_below() {
    assert_eq!(run(handlers::checked_above()), "");
    assert_eq!(counts("checked-above"), [1, 0, 0]);
    assert!(run(handlers::checked_below(axum::extract::Path(0))).is_err());
    assert_eq!(
        run(handlers::checked_below(axum::extract::Path(1))),
        Ok("1".to_owned())
    );
    assert_eq!(counts("checked-below"), [1, 1, 0]);
}
