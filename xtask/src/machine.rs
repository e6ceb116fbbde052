//! What figures depend on besides the code: the machine, the compiler, and versions.

use crate::command::{output, root};
use std::{fs, path::Path, process::Command, thread};

/// The machine and the compiler, in one line.
pub(crate) fn about() -> Result<String, String> {
    let rustc = output(Command::new("rustc").arg("--version"))?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Ok(format!(
        "{}, {cores} cores, {}; {}",
        processor(),
        std::env::consts::ARCH,
        rustc.trim()
    ))
}

/// As the kernel calls it.
fn processor() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name| {
        let line = cpuinfo.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let Some(model) = field("model name") else {
        return "unknown processor".to_owned();
    };
    match (field("cpu family"), field("model\t")) {
        (Some(family), Some(number)) => format!("{model} (family {family}, model {number})"),
        _ => model,
    }
}

/// The versions that a lock file holds of some packages, in one line.
pub(crate) fn versions(lock: &Path, packages: &[&str]) -> Result<String, String> {
    let path = root().join(lock);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(packages
        .iter()
        .map(|package| format!("{package} {}", in_lock(&text, package).join(" and ")))
        .collect::<Vec<_>>()
        .join(", "))
}

fn in_lock<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    let mut versions = Vec::new();
    while lines.any(|line| line == name) {
        let version = lines.next().and_then(|line| line.split('"').nth(1));
        versions.extend(version);
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_may_be_there_twice() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"ab\"\nversion = \"3.0.0\"\n\n\
                    [[package]]\nname = \"a\"\nversion = \"2.0.0\"\n";
        assert_eq!(in_lock(lock, "a"), ["1.0.0", "2.0.0"]);
        assert_eq!(in_lock(lock, "b"), [""; 0]);
    }
}
