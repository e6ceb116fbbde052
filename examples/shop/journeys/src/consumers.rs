//! Who calls the shop.

/// The business units whose events are told apart; everybody else is `other`.
pub const CONSUMERS: [&str; 3] = ["web", "app", "reports"];
