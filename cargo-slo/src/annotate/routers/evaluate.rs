//! Walks through functions as they would run, both branches of every choice included.

use super::value::{Mount, Target, Value};
use crate::{
    annotate::{
        index::{self, Index, segments},
        modules::{has, plain},
    },
    diagnostics::Diagnostic,
};
use proc_macro2::Span;
use std::collections::{BTreeMap, HashMap, HashSet};
use syn::{
    Block, Expr, Lit, Local, Macro, Pat, Stmt,
    visit::{self, Visit},
};

/// Functions that call each other are followed so deep.
const MAX_CALLS: usize = 24;

/// Expressions that are looked at for one function: more are a puzzle, not a router.
const MAX_STEPS: usize = 200_000;

/// The same for all functions together.
const MAX_ALL_STEPS: usize = 10_000_000;

/// Expressions within each other, through all functions that are being followed.
const MAX_DEPTH: usize = 20_000;

/// Why the path of a router is not known that a function returns and nobody calls.
pub(super) const NOT_SERVED: &str =
    "nothing in this workspace serves its router, so what stands before the path is not known";
/// The same of one that is kept.
pub(super) const KEPT: &str =
    "its router is kept in a value, and what stands before the path is not known";

/// What was found.
#[derive(Default)]
pub(in crate::annotate) struct Found {
    pub(in crate::annotate) mounts: Vec<Mount>,
    /// What could not be followed, by its place.
    pub(in crate::annotate) remarks: BTreeMap<(usize, usize, String), Diagnostic>,
}

/// Evaluates every function of the workspace.
pub(in crate::annotate) fn find(index: &Index<'_>) -> Found {
    let mut called = HashSet::new();
    let mut known = HashMap::new();
    let mut roots = Vec::new();
    let mut steps = 0;
    for (number, function) in index.functions.iter().enumerate() {
        if !function.is_about_routers {
            continue;
        }
        let mut evaluator = Evaluator {
            index,
            found: Found::default(),
            frames: Vec::new(),
            called: &mut called,
            known: &mut known,
            steps: 0,
            // What is left, for whoever comes last.
            most: MAX_STEPS.min(MAX_ALL_STEPS.saturating_sub(steps)),
            depth: 0,
            is_stopped: false,
        };
        let returned = evaluator.function(number, None, Vec::new());
        // A runtime may serve what `main` returns, whatever it is called.
        match function.signature.ident == "main" || has(function.attributes, "main") {
            true => evaluator.discard(returned),
            false => evaluator.discard_unknown(returned, NOT_SERVED),
        }
        steps += evaluator.steps;
        roots.push((number, evaluator.found));
    }
    let mut all = Found::default();
    for (number, found) in roots {
        if !called.contains(&number) {
            all.mounts.extend(found.mounts);
            all.remarks.extend(found.remarks);
        }
    }
    all
}

/// A function that is being evaluated.
struct Frame {
    function: usize,
    /// The module whose names it sees: of a block, if that has items.
    module: usize,
    scopes: Vec<HashMap<String, Variable>>,
    returned: Value,
}

/// A variable.
struct Variable {
    value: Value,
    is_used: bool,
}

pub(super) struct Evaluator<'i, 'a> {
    pub(super) index: &'i Index<'a>,
    pub(super) found: Found,
    frames: Vec<Frame>,
    /// Functions that others call for their routers.
    called: &'i mut HashSet<usize>,
    /// What functions without arguments return.
    known: &'i mut HashMap<usize, Value>,
    steps: usize,
    most: usize,
    depth: usize,
    is_stopped: bool,
}

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn module(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.module)
    }

    pub(super) fn file(&self) -> usize {
        self.index.modules[self.module()].file
    }

    pub(super) fn owner(&self) -> Option<&str> {
        let frame = self.frames.last()?;
        self.index.functions[frame.function].owner.as_deref()
    }

    /// Says what could not be followed.
    pub(super) fn remark(&mut self, span: Span, remark: Diagnostic) {
        let file = &self.index.files[self.file()];
        let key = (self.file(), file.range(span).start, remark.message.clone());
        let remark = remark.at_location(file.location(span));
        self.found.remarks.insert(key, remark);
    }

    /// A value that nothing more is done with here: a router is served as it is.
    pub(super) fn discard(&mut self, value: Value) {
        match value {
            Value::Router(mounts) => self.found.mounts.extend(mounts),
            Value::Tuple(values) => values.into_iter().for_each(|value| self.discard(value)),
            _ => {}
        }
    }

    /// A value that something else may be done with elsewhere.
    pub(super) fn discard_unknown(&mut self, value: Value, why: &'static str) {
        match value {
            Value::Router(mut mounts) => {
                for mount in &mut mounts {
                    mount.path = Err(mount.path.as_ref().err().copied().unwrap_or(why));
                }
                self.found.mounts.extend(mounts);
            }
            Value::Tuple(values) => {
                for value in values {
                    self.discard_unknown(value, why);
                }
            }
            _ => {}
        }
    }

    /// What a function of the workspace returns.
    pub(super) fn call(
        &mut self,
        number: usize,
        receiver: Option<Value>,
        arguments: Vec<Value>,
    ) -> Value {
        let is_plain = receiver.is_none() && arguments.is_empty();
        self.called.insert(number);
        if let (true, Some(known)) = (is_plain, self.known.get(&number)) {
            return known.clone();
        }
        let is_open = self.frames.iter().any(|frame| frame.function == number);
        if is_open || self.frames.len() > MAX_CALLS {
            return Value::None;
        }
        let value = self.function(number, receiver, arguments);
        if is_plain {
            self.known.insert(number, value.clone());
        }
        value
    }

    fn function(&mut self, number: usize, receiver: Option<Value>, arguments: Vec<Value>) -> Value {
        let function = &self.index.functions[number];
        let Some(body) = function.body else {
            return Value::None;
        };
        self.frames.push(Frame {
            function: number,
            module: function.module,
            scopes: vec![HashMap::new()],
            returned: Value::None,
        });
        let mut receiver = receiver;
        let mut arguments = arguments.into_iter();
        for input in &function.signature.inputs {
            match input {
                syn::FnArg::Receiver(_) => {
                    self.bind_name("self", receiver.take().unwrap_or(Value::None));
                }
                syn::FnArg::Typed(typed) => {
                    let is_router = |ty: &syn::Type| match ty {
                        syn::Type::Path(path) => {
                            let last = path.path.segments.last();
                            last.is_some_and(|last| last.ident == "Router")
                        }
                        _ => false,
                    };
                    let value = match arguments.next() {
                        Some(value) => value,
                        // Whoever calls it with a router is not known.
                        None if is_router(&typed.ty) => Value::Router(Vec::new()),
                        None => Value::None,
                    };
                    self.bind(&typed.pat, value);
                }
            }
        }
        let value = self.block(body);
        self.leave_scope();
        let returned = self
            .frames
            .pop()
            .map_or(Value::None, |frame| frame.returned);
        returned.or(value)
    }

    fn leave_scope(&mut self) {
        let scope = self.frames.last_mut().and_then(|frame| frame.scopes.pop());
        for local in scope.into_iter().flat_map(HashMap::into_values) {
            if !local.is_used {
                self.discard(local.value);
            }
        }
    }

    fn bind(&mut self, pattern: &Pat, value: Value) {
        match (pattern, value) {
            (Pat::Ident(name), value) => self.bind_name(&plain(&name.ident), value),
            (Pat::Type(typed), value) => self.bind(&typed.pat, value),
            (Pat::Paren(inner), value) => self.bind(&inner.pat, value),
            (Pat::Reference(inner), value) => self.bind(&inner.pat, value),
            (Pat::TupleStruct(inner), value) if inner.elems.len() == 1 => {
                self.bind(&inner.elems[0], value);
            }
            (Pat::Tuple(names), Value::Tuple(values)) => {
                for (name, value) in names.elems.iter().zip(values) {
                    self.bind(name, value);
                }
            }
            (Pat::Tuple(names), value) => {
                // Such as a router and its description: the router comes first.
                for (name, value) in names.elems.iter().zip([value]) {
                    self.bind(name, value);
                }
            }
            (_, value) => self.discard(value),
        }
    }

    fn bind_name(&mut self, name: &str, value: Value) {
        let Some(scope) = self
            .frames
            .last_mut()
            .and_then(|frame| frame.scopes.last_mut())
        else {
            return;
        };
        let local = Variable {
            value,
            is_used: false,
        };
        if let Some(before) = scope.insert(name.to_owned(), local)
            && !before.is_used
        {
            self.discard(before.value);
        }
    }

    fn local(&mut self, name: &str) -> Option<&mut Variable> {
        let frame = self.frames.last_mut()?;
        frame
            .scopes
            .iter_mut()
            .rev()
            .find_map(|scope| scope.get_mut(name))
    }

    fn block(&mut self, block: &Block) -> Value {
        let inner = self.index.block(block);
        let before = self.module();
        if let Some(frame) = self.frames.last_mut() {
            frame.module = inner.unwrap_or(before);
            frame.scopes.push(HashMap::new());
        }
        let mut last = Value::None;
        for statement in &block.stmts {
            let value = match statement {
                Stmt::Local(local) => {
                    self.statement(local);
                    Value::None
                }
                Stmt::Expr(expression, None) => self.value(expression),
                Stmt::Expr(expression, Some(_)) => {
                    let value = self.value(expression);
                    self.discard(value);
                    Value::None
                }
                Stmt::Macro(call) => self.macro_call(&call.mac),
                Stmt::Item(_) => Value::None,
            };
            let before = std::mem::replace(&mut last, value);
            self.discard(before);
        }
        self.leave_scope();
        if let Some(frame) = self.frames.last_mut() {
            frame.module = before;
        }
        last
    }

    fn statement(&mut self, local: &Local) {
        let Some(init) = &local.init else { return };
        let value = self.value(&init.expr);
        if let Some((_, otherwise)) = &init.diverge {
            let otherwise = self.value(otherwise);
            self.discard(otherwise);
        }
        self.bind(&local.pat, value);
    }

    /// What an expression may be.
    pub(super) fn value(&mut self, expression: &Expr) -> Value {
        self.steps += 1;
        if self.steps > self.most || self.depth > MAX_DEPTH {
            if !std::mem::replace(&mut self.is_stopped, true) {
                let what = "this function calls too much to be followed";
                let function = self.frames.first().map_or(0, |frame| frame.function);
                let function = &self.index.functions[function];
                let file = &self.index.files[function.file];
                let name = function.signature.ident.span();
                let key = (function.file, file.range(name).start, what.to_owned());
                let remark = Diagnostic::warning(what).at_location(file.location(name));
                self.found.remarks.insert(key, remark);
            }
            return Value::None;
        }
        self.depth += 1;
        let value = self.value_of(expression);
        self.depth -= 1;
        value
    }

    fn value_of(&mut self, expression: &Expr) -> Value {
        match expression {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Value::Text(text.value()),
                _ => Value::None,
            },
            Expr::Path(path) => self.path(path),
            Expr::Call(call) => self.function_call(call),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Paren(inner) => self.value(&inner.expr),
            Expr::Group(inner) => self.value(&inner.expr),
            Expr::Reference(inner) => self.value(&inner.expr),
            Expr::Await(inner) => self.value(&inner.base),
            Expr::Try(inner) => self.value(&inner.expr),
            Expr::Cast(inner) => self.value(&inner.expr),
            Expr::Block(inner) => self.block(&inner.block),
            Expr::Unsafe(inner) => self.block(&inner.block),
            Expr::Async(inner) => self.block(&inner.block),
            Expr::If(choice) => {
                let condition = self.value(&choice.cond);
                self.discard(condition);
                let then = self.block(&choice.then_branch);
                match &choice.else_branch {
                    Some((_, otherwise)) => then.or(self.value(otherwise)),
                    None => then,
                }
            }
            Expr::Match(choice) => {
                let of = self.value(&choice.expr);
                self.discard(of);
                let mut value = Value::None;
                for arm in &choice.arms {
                    value = value.or(self.value(&arm.body));
                }
                value
            }
            Expr::Let(condition) => {
                let value = self.value(&condition.expr);
                self.bind(&condition.pat, value);
                Value::None
            }
            Expr::Assign(assignment) => self.assignment(&assignment.left, &assignment.right),
            Expr::Return(returned) => {
                if let Some(value) = &returned.expr {
                    let value = self.value(value);
                    if let Some(frame) = self.frames.last_mut() {
                        let before = std::mem::replace(&mut frame.returned, Value::None);
                        frame.returned = before.or(value);
                    }
                }
                Value::None
            }
            Expr::Tuple(values) => {
                Value::Tuple(values.elems.iter().map(|value| self.value(value)).collect())
            }
            Expr::Closure(closure) => {
                let value = self.value(&closure.body);
                self.discard_unknown(value, KEPT);
                Value::Handler(Target::Closure)
            }
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Struct(made) => {
                for field in &made.fields {
                    let value = self.value(&field.expr);
                    self.discard_unknown(value, KEPT);
                }
                Value::None
            }
            Expr::Array(values) => {
                for value in &values.elems {
                    let value = self.value(value);
                    self.discard_unknown(value, KEPT);
                }
                Value::None
            }
            other => {
                Within(self).children(other);
                Value::None
            }
        }
    }

    fn assignment(&mut self, left: &Expr, right: &Expr) -> Value {
        let value = self.value(right);
        let Expr::Path(path) = left else {
            self.discard_unknown(value, KEPT);
            return Value::None;
        };
        let name = path.path.get_ident().map(plain).unwrap_or_default();
        let Some(local) = self.local(&name) else {
            self.discard_unknown(value, KEPT);
            return Value::None;
        };
        let before = Variable {
            value,
            is_used: false,
        };
        let before = std::mem::replace(local, before);
        if !before.is_used {
            self.discard(before.value);
        }
        Value::None
    }

    fn path(&mut self, path: &syn::ExprPath) -> Value {
        if let Some(name) = path.path.get_ident()
            && let Some(local) = self.local(&plain(name))
        {
            local.is_used = true;
            return local.value.clone();
        }
        let mut functions = Vec::new();
        for found in self.resolve(&path.path) {
            match found {
                index::Found::Function(function) => functions.push(function),
                index::Found::Constant(module, name) => {
                    let constant = self.index.constant(module, &name);
                    return constant.map_or(Value::None, |(value, _)| text_of(value));
                }
                _ => {}
            }
        }
        match functions.is_empty() {
            true => Value::None,
            false => Value::Handler(Target::Functions(functions)),
        }
    }

    /// What a path leads to from here, `Self` included.
    pub(super) fn resolve(&self, path: &syn::Path) -> Vec<index::Found> {
        let mut names = segments(path);
        if let (Some("Self"), [_, _]) = (names.first().map(String::as_str), &*names) {
            let methods = self
                .index
                .methods_called(self.module(), self.owner(), &names[1]);
            return methods.into_iter().map(index::Found::Function).collect();
        }
        if let (true, Some(owner)) = (
            names.first().is_some_and(|name| name == "Self"),
            self.owner(),
        ) {
            names[0] = owner.to_owned();
        }
        self.index.resolve(self.module(), &names)
    }

    fn macro_call(&mut self, call: &Macro) -> Value {
        if call.path.is_ident("concat") {
            return concat(call);
        }
        if is_about_routes(call) {
            let span = call.path.segments.last().map(|last| last.ident.span());
            self.remark(span.unwrap_or_else(Span::call_site), unseen_macro());
        }
        Value::None
    }
}

/// Everything within an expression, each for itself.
struct Within<'e, 'i, 'a>(&'e mut Evaluator<'i, 'a>);

impl Within<'_, '_, '_> {
    fn children(&mut self, expression: &Expr) {
        visit::visit_expr(self, expression);
    }
}

impl<'ast> Visit<'ast> for Within<'_, '_, '_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        let value = self.0.value(expression);
        self.0.discard(value);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let value = self.0.block(block);
        self.0.discard(value);
    }
}

/// The text that a constant is, if it is one.
fn text_of(expression: &Expr) -> Value {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Value::Text(text.value()),
            _ => Value::None,
        },
        Expr::Reference(inner) => text_of(&inner.expr),
        Expr::Paren(inner) => text_of(&inner.expr),
        Expr::Macro(call) if call.mac.path.is_ident("concat") => concat(&call.mac),
        _ => Value::None,
    }
}

/// The text of `concat!` with texts in it.
fn concat(call: &Macro) -> Value {
    let parts = call.parse_body_with(
        syn::punctuated::Punctuated::<syn::LitStr, syn::Token![,]>::parse_terminated,
    );
    match parts {
        Ok(parts) => Value::Text(parts.iter().map(syn::LitStr::value).collect()),
        Err(_) => Value::None,
    }
}

/// What is told of a macro that seems to put routers together.
pub(in crate::annotate) fn unseen_macro() -> Diagnostic {
    Diagnostic::warning("not looked at: what this macro makes of routes")
        .with_help("annotate by hand what it serves")
}

/// True for a macro that seems to put routers together.
pub(in crate::annotate) fn is_about_routes(call: &Macro) -> bool {
    fn mentions(tokens: proc_macro2::TokenStream) -> bool {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let found = match token {
                proc_macro2::TokenTree::Ident(word) => word == "Router",
                proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '.' => {
                    let next = tokens.peek().map(ToString::to_string);
                    matches!(next.as_deref(), Some("route" | "routes" | "nest"))
                }
                proc_macro2::TokenTree::Group(group) => mentions(group.stream()),
                _ => false,
            };
            if found {
                return true;
            }
        }
        false
    }
    let name = call.path.segments.last().map(|last| last.ident.to_string());
    let name = name.unwrap_or_default().to_lowercase();
    name.contains("route") || mentions(call.tokens.clone())
}
