//! Calls that make routers, and those that put them together.

use super::{
    evaluate::{Evaluator, KEPT},
    value::{Mount, Served, Target, Value, below, with_braces},
};
use crate::{
    annotate::{index::Found, modules::plain},
    diagnostics::Diagnostic,
};
use proc_macro2::Span;
use syn::{Expr, ExprCall, ExprMethodCall, spanned::Spanned};

/// Functions of `axum::routing`, and the methods of what they return.
const METHODS: [&str; 9] = [
    "get", "post", "put", "delete", "patch", "options", "head", "trace", "connect",
];

/// Where a route is not text.
const NO_TEXT: &str = "the path is not a text that stands in the source";

/// Where a method is called that axum does not have.
const UNKNOWN_METHOD: &str = "a method that axum does not have is called on its router";

/// Where others may put something before it.
const HANDED_OVER: &str =
    "its router is handed to code beyond this workspace, which may put something before the path";

/// Methods of routers that leave paths as they are, and of what a router may be wrapped into.
const KEEP_PATHS: [&str; 14] = [
    "with_state",
    "without_v07_checks",
    "reset_fallback",
    "clone",
    "into",
    "unwrap",
    "expect",
    "context",
    "with_context",
    "map_err",
    "ok",
    "boxed",
    "boxed_clone",
    "call",
];

/// Words in the names of what serves a router as it is, or wraps it.
const SERVE: [&str; 9] = [
    "serve", "service", "layer", "run", "start", "listen", "spawn", "oneshot", "ready",
];

fn serves(name: &str) -> bool {
    SERVE.iter().any(|word| name.contains(word))
}

/// Functions that give back what they are given, or with something around it.
const SAME: [&str; 7] = ["Ok", "Some", "new", "from", "into", "identity", "pin"];

impl Evaluator<'_, '_> {
    pub(super) fn function_call(&mut self, call: &ExprCall) -> Value {
        let Expr::Path(function) = &*call.func else {
            let function = self.value(&call.func);
            self.discard(function);
            self.discard_all(call.args.iter());
            return Value::None;
        };
        let found = self.resolve(&function.path);
        let functions = found.iter().filter_map(|found| match found {
            Found::Function(function) => Some(*function),
            _ => None,
        });
        let functions: Vec<_> = functions.collect();
        if !functions.is_empty() {
            return self.own_call(&functions, call);
        }
        let Some(Found::Elsewhere(path)) = found.first() else {
            self.discard_all(call.args.iter());
            return Value::None;
        };
        let words: Vec<_> = path.iter().map(String::as_str).collect();
        match *words {
            [.., "Router", "new" | "default"] if self.is_of_axum(&words) => {
                Value::Router(Vec::new())
            }
            [.., "MethodRouter", "new" | "default"] => Value::Methods(Vec::new()),
            [.., name] if self.is_routing(&words) && is_method(name) => {
                Value::Methods(self.served(name, &call.args.iter().collect::<Vec<_>>()))
            }
            [.., name] if SAME.contains(&name) && call.args.len() == 1 => self.value(&call.args[0]),
            _ => {
                let name = words.last().copied().unwrap_or_default();
                for argument in &call.args {
                    let value = self.value(argument);
                    self.hand_over(value, name);
                }
                Value::None
            }
        }
    }

    /// A call of a function of the workspace: followed where a router is to be expected of it.
    fn own_call(&mut self, functions: &[usize], call: &ExprCall) -> Value {
        let arguments: Vec<_> = call.args.iter().map(|one| self.value(one)).collect();
        let is_router = |value: &Value| matches!(value, Value::Router(_) | Value::Methods(_));
        let is_given = arguments.iter().any(is_router);
        let mut value = Value::None;
        for function in functions {
            if is_given || self.index.functions[*function].is_about_routers {
                value = value.or(self.call(*function, None, arguments.clone()));
            }
        }
        value
    }

    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> Value {
        let name = plain(&call.method);
        let receiver = self.value(&call.receiver);
        match receiver {
            Value::Router(mounts) => self.router_method(mounts, &name, call),
            Value::Methods(served) => self.methods_method(served, &name, call),
            Value::Handler(target) => {
                self.discard_all(call.args.iter());
                Value::Handler(target)
            }
            Value::Text(text) => {
                self.discard_all(call.args.iter());
                match name.as_str() {
                    "to_string" | "to_owned" | "into" | "clone" | "as_str" | "as_ref" => {
                        Value::Text(text)
                    }
                    _ => Value::None,
                }
            }
            Value::Tuple(values) => {
                self.discard_unknown(Value::Tuple(values), KEPT);
                self.discard_all(call.args.iter());
                Value::None
            }
            Value::None => self.own_method(&name, call),
        }
    }

    /// A method of something else, which may be of the workspace.
    fn own_method(&mut self, name: &str, call: &ExprMethodCall) -> Value {
        let is_self = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
        let owner = self.owner().filter(|_| is_self);
        let methods = self.index.methods_called(self.module(), owner, name);
        let returns_router = |method: &&usize| {
            let function = &self.index.functions[**method];
            function.is_about_routers && function.signature.receiver().is_some()
        };
        let methods: Vec<_> = methods.iter().filter(returns_router).copied().collect();
        let arguments: Vec<_> = call.args.iter().map(|one| self.value(one)).collect();
        if let [method] = methods[..] {
            return self.call(method, Some(Value::None), arguments);
        }
        for value in arguments {
            self.hand_over(value, name);
        }
        Value::None
    }

    /// A value that becomes an argument of something beyond the workspace.
    fn hand_over(&mut self, value: Value, name: &str) {
        match serves(name) {
            true => self.discard(value),
            false => self.discard_unknown(value, HANDED_OVER),
        }
    }

    fn router_method(
        &mut self,
        mut mounts: Vec<Mount>,
        name: &str,
        call: &ExprMethodCall,
    ) -> Value {
        let span = call.method.span();
        let arguments: Vec<_> = call.args.iter().collect();
        match (name, &*arguments) {
            ("route", [path, methods]) => {
                let path = self.text(path);
                let place = methods.span();
                let served = self.methods(methods);
                mounts.extend(
                    served
                        .into_iter()
                        .map(|served| self.mount(&path, served, place)),
                );
            }
            ("nest" | "nest_service", [prefix, inner]) => {
                let prefix = self.text(prefix);
                match self.value(inner) {
                    Value::Router(inner) => {
                        mounts.extend(inner.into_iter().map(|mount| nested(&prefix, mount)));
                    }
                    value => {
                        self.discard(value);
                        self.not_followed(name, inner.span());
                    }
                }
            }
            ("merge", [inner]) => match self.value(inner) {
                Value::Router(inner) => mounts.extend(inner),
                value => {
                    self.discard(value);
                    self.not_followed(name, inner.span());
                }
            },
            ("route_service", [_, service]) => {
                let value = self.value(service);
                self.discard(value);
                self.remark(
                    span,
                    Diagnostic::note("not annotated: `route_service` serves it with a service, which is not a function")
                        .with_help("count it by the layer: `SloLayer::new().journey(…)`"),
                );
            }
            ("fallback" | "fallback_service" | "method_not_allowed_fallback", [handler]) => {
                let value = self.value(handler);
                self.discard(value);
                self.remark(
                    span,
                    Diagnostic::note(format!("not annotated: `{name}` answers what has no route")),
                );
            }
            (name, _) if KEEP_PATHS.contains(&name) || serves(name) => {
                self.discard_all(arguments.into_iter());
            }
            _ => return self.other_method(mounts, name, call),
        }
        Value::Router(mounts)
    }

    /// A method that axum does not have: one of the workspace is followed.
    fn other_method(&mut self, mut mounts: Vec<Mount>, name: &str, call: &ExprMethodCall) -> Value {
        let own = self.index.methods_called(self.module(), None, name);
        if let [method] = own[..] {
            let arguments = call.args.iter().map(|one| self.value(one)).collect();
            return self.call(method, Some(Value::Router(mounts)), arguments);
        }
        for argument in &call.args {
            let place = argument.span();
            match self.value(argument) {
                Value::Methods(served) => {
                    mounts.extend(
                        served
                            .into_iter()
                            .map(|one| self.mount(&Err(""), one, place)),
                    );
                }
                Value::Handler(target @ Target::Functions(_)) => {
                    let method = None;
                    let served = Served { method, target };
                    mounts.push(self.mount(&Err(""), served, place));
                }
                value => self.discard(value),
            }
        }
        // Whatever it does may concern the path.
        for mount in &mut mounts {
            mount.path = Err(UNKNOWN_METHOD);
        }
        Value::Router(mounts)
    }

    fn mount(&self, path: &Result<String, &'static str>, served: Served, span: Span) -> Mount {
        Mount {
            path: path.clone().map(|path| with_braces(&path)),
            served,
            file: self.file(),
            span,
        }
    }

    fn not_followed(&mut self, name: &str, span: Span) {
        let what = format!("not looked at: what `{name}` adds here can't be followed");
        self.remark(
            span,
            Diagnostic::warning(what).with_help("annotate by hand what it serves"),
        );
    }

    fn methods_method(&mut self, mut all: Vec<Served>, name: &str, call: &ExprMethodCall) -> Value {
        let arguments: Vec<_> = call.args.iter().collect();
        if is_method(name) {
            all.extend(self.served(name, &arguments));
        } else if name == "fallback" {
            let served = self.served("any", &arguments);
            all.extend(served);
        } else {
            for argument in arguments {
                match self.value(argument) {
                    Value::Methods(more) if name == "merge" => all.extend(more),
                    value => self.discard(value),
                }
            }
        }
        Value::Methods(all)
    }

    /// What serves the methods of a path.
    fn methods(&mut self, expression: &Expr) -> Vec<Served> {
        match self.value(expression) {
            Value::Methods(served) => served,
            value => {
                self.discard(value);
                let what = "not looked at: what serves this route can't be followed";
                let help = "annotate the handler by hand";
                self.remark(expression.span(), Diagnostic::warning(what).with_help(help));
                Vec::new()
            }
        }
    }

    /// What `get(handler)` or one of its relatives serves.
    fn served(&mut self, name: &str, arguments: &[&Expr]) -> Vec<Served> {
        let Some((handler, before)) = arguments.split_last() else {
            return Vec::new();
        };
        if name.ends_with("_service") {
            let value = self.value(handler);
            self.discard(value);
            let what = format!(
                "not annotated: `{name}` serves it with a service, which is not a function"
            );
            self.remark(handler.span(), Diagnostic::note(what));
            return Vec::new();
        }
        let method = match name {
            "any" => None,
            "on" => before.first().and_then(|filter| one_method(filter)),
            name => Some(name.to_uppercase()),
        };
        let target = match self.value(handler) {
            Value::Handler(target) => target,
            value => {
                self.discard(value);
                let file = &self.index.files[self.file()];
                Target::Other(file.text[file.range(handler.span())].to_owned())
            }
        };
        let target = match target {
            Target::Other(_) if matches!(handler, Expr::Closure(_)) => Target::Closure,
            target => target,
        };
        vec![Served { method, target }]
    }

    fn text(&mut self, expression: &Expr) -> Result<String, &'static str> {
        match self.value(expression) {
            Value::Text(text) => Ok(text),
            value => {
                self.discard(value);
                Err(NO_TEXT)
            }
        }
    }

    fn discard_all<'e>(&mut self, expressions: impl Iterator<Item = &'e Expr>) {
        for expression in expressions {
            let value = self.value(expression);
            self.discard(value);
        }
    }

    /// True for `axum::…`, for what a glob brings along, and for what another crate hands on to one
    /// that depends on axum.
    fn is_of_axum(&self, path: &[&str]) -> bool {
        let member = &self.index.members[self.index.member_of(self.module())];
        path.first() == Some(&"Router")
            || path.contains(&"axum")
            || member.dependencies.iter().any(|one| one.package == "axum")
    }

    fn is_routing(&self, path: &[&str]) -> bool {
        path.len() == 1 || path.contains(&"routing") || path.contains(&"axum")
    }
}

fn is_method(name: &str) -> bool {
    let name = name.strip_suffix("_service").unwrap_or(name);
    METHODS.contains(&name) || name == "any" || name == "on"
}

/// The method of `MethodFilter::GET`; none for several.
fn one_method(filter: &Expr) -> Option<String> {
    match filter {
        Expr::Path(path) => path.path.segments.last().map(|last| plain(&last.ident)),
        _ => None,
    }
}

fn nested(prefix: &Result<String, &'static str>, mount: Mount) -> Mount {
    let path = match (prefix, &mount.path) {
        (Ok(prefix), Ok(path)) => Ok(below(&with_braces(prefix), path)),
        (Err(why), _) | (_, Err(why)) => Err(*why),
    };
    Mount { path, ..mount }
}
