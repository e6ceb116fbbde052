//! The book of orders.

use serde::Serialize;
use std::sync::{Mutex, PoisonError};

/// Orders, in memory: their number is their place.
#[derive(Debug)]
pub(crate) struct Book(Mutex<Vec<Order>>);

/// One order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Order {
    number: usize,
    product: String,
    cents: u64,
}

impl Default for Book {
    /// A book with an order in it that can be asked for at once.
    fn default() -> Book {
        let book = Book(Mutex::default());
        book.write("kettle".to_owned(), 3_900);
        book
    }
}

impl Book {
    pub(crate) fn write(&self, product: String, cents: u64) -> Order {
        let mut orders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let order = Order {
            number: orders.len(),
            product,
            cents,
        };
        orders.push(order.clone());
        order
    }

    pub(crate) fn find(&self, number: usize) -> Option<Order> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(number)
            .cloned()
    }
}
