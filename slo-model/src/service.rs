//! What a service is called where nothing else says it.

use std::path::Path;

/// The name of the service that an executable is: its file name, without
/// `.exe` or `.wasm`.
///
/// The run time exports under this name and `cargo slo` writes rules for it, so both ask
/// here. Nothing where the path has no file name or it is no UTF-8.
///
/// ```
/// use std::path::Path;
/// assert_eq!(slo_model::service_name(Path::new("target/release/orders.v2")), Some("orders.v2"));
/// assert_eq!(slo_model::service_name(Path::new("orders.exe")), Some("orders"));
/// ```
pub fn service_name(executable: &Path) -> Option<&str> {
    let name = executable.file_name()?.to_str()?;
    let bare = [".exe", ".wasm"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending));
    Some(bare.unwrap_or(name))
}
