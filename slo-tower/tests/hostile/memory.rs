//! How much memory this process has.

/// Bytes that are resident; `None` if the system does not say, and then nothing grows.
pub(crate) fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<usize>().ok());
    kilobytes.map_or(0, |kilobytes| kilobytes * 1024)
}
