//! Return types as they may be written in a body.

use proc_macro2::Span;
use syn::{GenericArgument, PathArguments, Token, Type, TypeInfer};

/// The type with `_` for every `impl Trait`: an opaque type has no name inside the
/// function that chooses it.
pub(super) fn opaque(ty: &Type) -> Type {
    let mut erased = ty.clone();
    erase(&mut erased);
    erased
}

fn erase(ty: &mut Type) {
    match ty {
        Type::ImplTrait(_) => {
            *ty = Type::Infer(TypeInfer {
                underscore_token: Token![_](Span::call_site()),
            });
        }
        Type::Group(inner) => erase(&mut inner.elem),
        Type::Paren(inner) => erase(&mut inner.elem),
        Type::Reference(inner) => erase(&mut inner.elem),
        Type::Array(inner) => erase(&mut inner.elem),
        Type::Slice(inner) => erase(&mut inner.elem),
        Type::Tuple(inner) => inner.elems.iter_mut().for_each(erase),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        if let GenericArgument::Type(inner) = argument {
                            erase(inner);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    #[test]
    fn opaque_types_are_left_open() {
        for (ty, expected) in [
            ("impl IntoResponse", "_"),
            ("Result<impl IntoResponse, Error>", "Result<_, Error>"),
            ("(Status, [Vec<impl Send>; 2])", "(Status, [Vec<_>; 2])"),
            ("&'a str", "&'a str"),
        ] {
            let ty: Type = syn::parse_str(ty).unwrap();
            let expected: Type = syn::parse_str(expected).unwrap();
            let [found, expected] =
                [opaque(&ty), expected].map(|ty| ty.to_token_stream().to_string());
            assert_eq!(found, expected);
        }
    }
}
