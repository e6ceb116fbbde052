const NAME: &str = "shop/orders";

slo_sdk::service!(NAME);

fn main() {}
