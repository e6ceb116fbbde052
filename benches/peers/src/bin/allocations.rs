//! Counts the allocations of each case, one line each. A program of its own, because the
//! allocator that counts would be a part of what `peers` measures.

use allocation_counter::measure;
use slo_peers::contest::Contest;

fn main() {
    const TIMES: usize = 1000;
    for case in &mut Contest::all().cases {
        case.run(TIMES);
        let counted = measure(|| case.run(TIMES));
        let each = |total: u64| total as f64 / TIMES as f64;
        let (count, bytes) = (each(counted.count_total), each(counted.bytes_total));
        #[expect(clippy::print_stdout, reason = "its output")]
        {
            println!("{} {count} {bytes}", case.key);
        }
    }
}
