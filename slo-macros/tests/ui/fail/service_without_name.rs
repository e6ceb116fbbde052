slo_sdk::service!();

fn main() {}
