//! Which methods of gRPC a workspace serves: the `impl`s of what tonic generates.

use super::{
    index::{Found, Index, segments},
    modules::plain,
    proto::{Service, camel, snake},
};
use syn::{Item, Lit, Macro};

/// A method of a service that a function serves.
pub(super) struct Method {
    pub(super) function: usize,
    /// The name of the service, as Rust knows it.
    pub(super) service: String,
    /// `/package.Service/Method`; else why it is not known.
    pub(super) route: Result<String, &'static str>,
}

const NO_PROTO: &str = "no `.proto` file and no generated code that declares the service was found";
const SEVERAL: &str = "several `.proto` files declare a service of this name";

/// All methods. `offered` are routes that other files list.
pub(super) fn methods(index: &Index<'_>, services: &[Service], offered: &[String]) -> Vec<Method> {
    let mut methods = Vec::new();
    for implementation in &index.implementations {
        let path = segments(implementation.of_trait);
        let Some(of) = index
            .resolve(implementation.module, &path)
            .iter()
            .find_map(|found| generated(index, found))
        else {
            continue;
        };
        for function in &implementation.methods {
            let name = plain(&index.functions[*function].signature.ident);
            methods.push(Method {
                function: *function,
                service: of.service.clone(),
                route: of.route(&name, services, offered),
            });
        }
    }
    methods
}

/// A trait that tonic generates for a service.
struct Generated {
    /// Its name, which is that of the service in camel case.
    service: String,
    /// The package of the protobuf definition, where the code says it.
    package: Option<String>,
    /// Routes that the generated code holds, where that is kept with the sources.
    routes: Vec<String>,
}

/// The trait `orders_server::Orders`, wherever it is.
fn generated(index: &Index<'_>, found: &Found) -> Option<Generated> {
    let is_server = |module: &str, name: &str| {
        module
            .strip_suffix("_server")
            .is_some_and(|service| service == snake(name))
    };
    match found {
        Found::Type(module, name) if is_server(&index.modules[*module].name, name) => {
            let file = &index.files[index.modules[*module].file];
            Some(Generated {
                service: name.clone(),
                package: None,
                routes: quoted_routes(&file.text),
            })
        }
        Found::Within(module, path) => match &path[..] {
            [.., server, name] if is_server(server, name) => {
                let included = index.modules[*module]
                    .items
                    .iter()
                    .filter_map(|item| match item {
                        Item::Macro(item) => included(&item.mac),
                        _ => None,
                    });
                let mut included: Vec<_> = included.collect();
                // The package is only known where the module holds no other.
                let package = match (included.len(), path.len()) {
                    (1, 2) => included.pop(),
                    _ => None,
                };
                Some(Generated {
                    service: name.clone(),
                    package,
                    routes: Vec::new(),
                })
            }
            _ => None,
        },
        Found::Elsewhere(path) => match &path[..] {
            [.., server, name] if is_server(server, name) => Some(Generated {
                service: name.clone(),
                package: None,
                routes: Vec::new(),
            }),
            _ => None,
        },
        _ => None,
    }
}

impl Generated {
    fn route(
        &self,
        function: &str,
        services: &[Service],
        offered: &[String],
    ) -> Result<String, &'static str> {
        let is_it = |route: &&String| {
            route.rsplit_once('/').is_some_and(|(service, method)| {
                let service = service.trim_start_matches('/');
                let name = service.rsplit('.').next().unwrap_or(service);
                snake(method) == function && camel(name) == self.service
            })
        };
        if let Some(route) = self.routes.iter().find(is_it) {
            return Ok(route.clone());
        }
        let services = services.iter().filter(|service| {
            camel(&service.name) == self.service
                && self
                    .package
                    .as_ref()
                    .is_none_or(|package| *package == service.package)
        });
        let declared = services.flat_map(|service| {
            let methods = service
                .methods
                .iter()
                .filter(|method| snake(method) == function);
            methods.map(|method| service.route(method))
        });
        let mut routes: Vec<_> = declared
            .chain(offered.iter().filter(is_it).cloned())
            .collect();
        routes.sort();
        routes.dedup();
        match (routes.pop(), routes.is_empty()) {
            (Some(route), true) => Ok(route),
            (Some(_), false) => Err(SEVERAL),
            (None, _) => Err(NO_PROTO),
        }
    }
}

/// The package of `tonic::include_proto!("shop")`, and of an `include!` of what a build script
/// wrote.
fn included(call: &Macro) -> Option<String> {
    let name = call.path.segments.last()?.ident.to_string();
    match name.as_str() {
        "include_proto" => {
            let package: Lit = syn::parse2(call.tokens.clone()).ok()?;
            match package {
                Lit::Str(package) => Some(package.value()),
                _ => None,
            }
        }
        "include" => {
            let text = call.tokens.to_string();
            let (before, _) = text.rsplit_once(".rs\"")?;
            let file = before.rsplit(['/', '"']).next()?;
            (!file.is_empty()).then(|| file.to_owned())
        }
        _ => None,
    }
}

/// Texts such as `"/shop.Payments/Charge"`.
fn quoted_routes(text: &str) -> Vec<String> {
    let quoted = text.split('"').filter(|part| {
        part.strip_prefix('/')
            .and_then(|rest| rest.split_once('/'))
            .is_some_and(|(service, method)| is_path(service) && is_path(method))
    });
    quoted.map(str::to_owned).collect()
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}
