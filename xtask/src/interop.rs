//! gRPC for Go judges our counts: its interoperability client plays every case against a
//! counted server of `tests/interop`.

use crate::{
    Outcome,
    command::{self, cargo, output, root},
};
use std::process::Command;

/// The oldest Go that Debian still ships builds it, from the module proxy that Go asks anyway;
/// Go's own checksum database says that it is what it was.
const CLIENT: &str = "google.golang.org/grpc/interop/client@v1.62.2";

pub(crate) fn run() -> Outcome {
    output(Command::new("go").arg("version"))
        .map_err(|why| format!("{why}; Go is in Debian's package `golang-go`, or at go.dev"))?;
    let tools = root().join("target/interop");
    command::run(
        Command::new("go")
            .args(["install", CLIENT])
            .env("GOBIN", &tools)
            .current_dir(root()),
    )?;
    command::run(
        cargo()
            .args(["run", "--quiet", "--package", "interop", "--"])
            .arg(tools.join("client")),
    )
}
