slo_sdk::service!("orders", "stock");

fn main() {}
