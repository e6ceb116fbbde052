//! The table of the layer: time, instructions and allocations that it adds to a request.

fn main() {}
