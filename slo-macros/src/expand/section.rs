//! The section of the binary that records are put into.

use proc_macro2::TokenStream;
use quote::quote;

/// The attributes of a static that must be found in the binary.
///
/// Mach-O wants the segment before the section, and LLVM aborts on a name without one, so
/// the choice is left to the target. `#[used]` keeps the static through optimisation, and
/// the linker's garbage collection too.
pub(super) fn attributes() -> TokenStream {
    quote! {
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__slo_meta"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = "slo_meta"))]
    }
}
