//! gRPC for Go judges our counts: its interoperability client plays every case against a
//! counted server of `tests/interop`.

use super::tools;
use crate::{Outcome, command, programs::Programs};

/// The oldest Go that Debian still ships builds it, from the module proxy that Go asks anyway;
/// Go's own checksum database says that it is what it was.
const CLIENT: &str = "google.golang.org/grpc/interop/client@v1.62.2";

pub(super) fn run() -> Outcome {
    let client = tools::installed("client", CLIENT, &[])?;
    command::run(Programs::built()?.command("interop").arg(client))
}
