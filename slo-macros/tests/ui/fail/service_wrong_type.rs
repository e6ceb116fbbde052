slo_sdk::service!(7);

fn main() {}
