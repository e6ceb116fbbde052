//! The journeys of the shop's users.

use crate::{BATCH, GOLD, SILVER};
use slo_sdk::Journey;

/// From the cart to the paid order, through all three services.
pub const CHECKOUT: Journey = Journey::new("checkout")
    .title("Buy what is in the cart")
    .user("a customer with a full cart")
    .owner("team-orders")
    .description("One request from the customer's browser to the card network and back.")
    .runbook("https://runbooks.example/checkout")
    .objectives(GOLD);

/// Looking around, before and after buying.
pub const BROWSE: Journey = Journey::new("browse")
    .title("Look at products and at one's orders")
    .user("a visitor of the shop")
    .owner("team-storefront")
    .runbook("https://runbooks.example/browse")
    .objectives(SILVER);

/// The money reaches the merchants.
pub const SETTLEMENT: Journey = Journey::new("settlement")
    .title("Pay out what customers have paid")
    .user("a merchant who sells through the shop")
    .owner("team-money")
    .runbook("https://runbooks.example/settlement")
    .objectives(BATCH);
