//! A job as CronJob and systemd timer run it: a process for each run.

fn main() {
    let slo = slo_sdk::init();
    let outcome = lifecycle::settle();
    drop(slo);
    assert_eq!(outcome.is_ok(), std::env::var_os("FAIL").is_none());
}
