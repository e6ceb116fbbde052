//! Requests inside requests, the whole kind: who asks, when, through what, and what answers.
//!
//! `kinds` says what there is, `api` is what is asked and how, `page` who asks, and `ledger` the
//! test: it knows what every request was answered, also those that the service asked itself.

mod api;
mod kinds;
mod ledger;
mod page;
