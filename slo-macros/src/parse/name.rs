//! The name of an endpoint that none was given for.

use proc_macro2::Ident;
use syn::{Error, Expr, ExprLit, Lit, LitStr, ext::IdentExt};

/// The function's name in kebab-case, as it appears in metrics and documents.
pub(super) fn of_function(function: &Ident) -> syn::Result<Expr> {
    let name = kebab(&function.unraw().to_string());
    if name.is_empty() || !name.is_ascii() {
        return Err(Error::new(
            function.span(),
            "no name for metrics can be made of this function's; give one: `name = \"place-order\"`",
        ));
    }
    Ok(Expr::Lit(ExprLit {
        attrs: Vec::new(),
        lit: Lit::Str(LitStr::new(&name, function.span())),
    }))
}

/// Words in lower case joined by single `-`; `_` and a change to capitals part words.
fn kebab(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len());
    let mut part = false;
    let mut before_capital = false;
    for c in name.chars() {
        part |= c == '_' || (c.is_uppercase() && before_capital);
        before_capital = c.is_lowercase() || c.is_numeric();
        if c == '_' {
            continue;
        }
        if part && !kebab.is_empty() {
            kebab.push('-');
        }
        part = false;
        kebab.extend(c.to_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case() {
        for (function, name) in [
            ("cart", "cart"),
            ("place_order", "place-order"),
            ("_place__order_", "place-order"),
            ("placeOrder2Go", "place-order2-go"),
            ("getURL", "get-url"),
            ("v1_orders", "v1-orders"),
            ("__", ""),
        ] {
            assert_eq!(kebab(function), name);
        }
    }
}
