//! Modules, functions and what names stand for: as much of name resolution as routers need.

use super::{
    modules::{Sources, has, is_test, plain},
    source::SourceFile,
};
use crate::input::workspace::{Dependency, Member};
use std::collections::HashMap;
use syn::{
    Attribute, Block, ImplItem, Item, ItemImpl, Path, Signature, Type, UseTree, Visibility,
    visit::{self, Visit},
};

/// How often a name may stand for another, and how deep modules may lie in each other.
const MAX_HOPS: usize = 64;

/// A module, a crate's root, or a block with items of its own.
pub(super) struct Module<'a> {
    /// The crate, by its place in [`Index::crates`].
    pub(super) of: usize,
    pub(super) file: usize,
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    pub(super) is_block: bool,
    pub(super) items: &'a [Item],
    /// Where an inline module begins with its first item; `None` for a file and a block.
    pub(super) inline: Option<&'a syn::ItemMod>,
    names: HashMap<String, Vec<Def>>,
    globs: Vec<Vec<String>>,
    /// What names are constants for.
    constants: HashMap<String, &'a syn::Expr>,
}

/// A crate of the workspace.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) member: usize,
    pub(super) is_library: bool,
    pub(super) root: usize,
}

/// What a name in a module stands for.
#[derive(Clone, Debug)]
enum Def {
    Module(usize),
    Function(usize),
    Type,
    Constant,
    Import(Vec<String>),
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Module(usize),
    Function(usize),
    /// A type by its module and name.
    Type(usize, String),
    /// A constant by its module and name.
    Constant(usize, String),
    /// Beyond the workspace, or nothing at all: the path as far as it is known.
    Elsewhere(Vec<String>),
    /// In this module, which does not say so itself: a macro made it.
    Within(usize, Vec<String>),
}

/// A function, free or of a type.
pub(super) struct Function<'a> {
    pub(super) module: usize,
    pub(super) file: usize,
    pub(super) attributes: &'a [Attribute],
    pub(super) visibility: Option<&'a Visibility>,
    pub(super) signature: &'a Signature,
    pub(super) body: Option<&'a Block>,
    /// The type that it is a method of, as the `impl` names it.
    pub(super) owner: Option<String>,
    /// True where it is only there under a condition.
    pub(super) is_conditional: bool,
    /// True where it names a router: its value is looked at.
    pub(super) is_about_routers: bool,
}

/// An implementation of a trait.
pub(super) struct Implementation<'a> {
    pub(super) module: usize,
    pub(super) of_trait: &'a Path,
    pub(super) methods: Vec<usize>,
}

/// All of it.
pub(super) struct Index<'a> {
    pub(super) files: &'a [SourceFile],
    pub(super) members: &'a [Member],
    pub(super) crates: Vec<Crate>,
    pub(super) modules: Vec<Module<'a>>,
    pub(super) functions: Vec<Function<'a>>,
    pub(super) implementations: Vec<Implementation<'a>>,
    /// Blocks with items, by where they are in memory.
    blocks: HashMap<*const Block, usize>,
    /// Methods by the type's name and their own, and by their own alone.
    methods: HashMap<(String, String), Vec<usize>>,
    outlined: &'a HashMap<(usize, usize), usize>,
}

impl<'a> Index<'a> {
    pub(super) fn of(sources: &'a Sources, members: &'a [Member]) -> Index<'a> {
        let mut index = Index {
            files: &sources.files,
            members,
            crates: Vec::new(),
            modules: Vec::new(),
            functions: Vec::new(),
            implementations: Vec::new(),
            blocks: HashMap::new(),
            methods: HashMap::new(),
            outlined: &sources.outlined,
        };
        for (member, package) in members.iter().enumerate() {
            for (of, root) in package.crates.iter().enumerate() {
                let Some(file) = sources.roots.get(&(member, of)) else {
                    continue;
                };
                let number = index.crates.len();
                index.crates.push(Crate {
                    member,
                    is_library: root.is_library,
                    root: index.modules.len(),
                });
                let module = Module {
                    of: number,
                    file: *file,
                    name: root.name.clone(),
                    parent: None,
                    is_block: false,
                    items: &index.files[*file].ast.items,
                    inline: None,
                    names: HashMap::new(),
                    globs: Vec::new(),
                    constants: HashMap::new(),
                };
                index.add(module, 0);
            }
        }
        index
    }

    pub(super) fn member_of(&self, module: usize) -> usize {
        self.crates[self.modules[module].of].member
    }

    /// The module that a block with items is, if it is one.
    pub(super) fn block(&self, block: &Block) -> Option<usize> {
        self.blocks.get(&std::ptr::from_ref(block)).copied()
    }

    fn add(&mut self, module: Module<'a>, depth: usize) -> usize {
        let (items, number) = (module.items, self.modules.len());
        self.modules.push(module);
        if depth < MAX_HOPS {
            for item in items {
                self.item(number, item, depth);
            }
        }
        number
    }

    fn define(&mut self, module: usize, name: String, def: Def) {
        let names = &mut self.modules[module].names;
        names.entry(name).or_default().push(def);
    }

    fn item(&mut self, module: usize, item: &'a Item, depth: usize) {
        match item {
            Item::Mod(inner) if !is_test(&inner.attrs) => self.inner(module, inner, depth),
            Item::Fn(function) if !is_test(&function.attrs) => {
                let number = self.function(
                    Function {
                        module,
                        file: self.modules[module].file,
                        attributes: &function.attrs,
                        visibility: Some(&function.vis),
                        signature: &function.sig,
                        body: Some(&function.block),
                        owner: None,
                        is_conditional: has(&function.attrs, "cfg"),
                        is_about_routers: false,
                    },
                    depth,
                );
                self.define(module, plain(&function.sig.ident), Def::Function(number));
            }
            Item::Impl(block) if !is_test(&block.attrs) => {
                self.implementation(module, block, depth)
            }
            Item::Struct(item) => self.define(module, plain(&item.ident), Def::Type),
            Item::Enum(item) => self.define(module, plain(&item.ident), Def::Type),
            Item::Union(item) => self.define(module, plain(&item.ident), Def::Type),
            Item::Type(item) => match &*item.ty {
                Type::Path(path) if path.qself.is_none() => {
                    let path = segments(&path.path);
                    self.define(module, plain(&item.ident), Def::Import(path));
                }
                _ => self.define(module, plain(&item.ident), Def::Type),
            },
            Item::Trait(item) => self.define(module, plain(&item.ident), Def::Type),
            Item::Const(item) => {
                let name = plain(&item.ident);
                self.modules[module]
                    .constants
                    .insert(name.clone(), &item.expr);
                self.define(module, name, Def::Constant);
            }
            Item::Static(item) => {
                let name = plain(&item.ident);
                self.modules[module]
                    .constants
                    .insert(name.clone(), &item.expr);
                self.define(module, name, Def::Constant);
            }
            Item::Use(item) => {
                let mut start = Vec::new();
                if item.leading_colon.is_some() {
                    start.push(String::new());
                }
                self.import(module, start, &item.tree, 0);
            }
            _ => {}
        }
    }

    fn inner(&mut self, module: usize, inner: &'a syn::ItemMod, depth: usize) {
        let file = self.modules[module].file;
        let (file, items, inline) = match &inner.content {
            Some((_, items)) => (file, &**items, Some(inner)),
            None => {
                let at = self.files[file].range(inner.ident.span()).start;
                match self.outlined.get(&(file, at)) {
                    Some(file) => (*file, &*self.files[*file].ast.items, None),
                    None => return,
                }
            }
        };
        let name = plain(&inner.ident);
        let added = Module {
            of: self.modules[module].of,
            file,
            name: name.clone(),
            parent: Some(module),
            is_block: false,
            items,
            inline,
            names: HashMap::new(),
            globs: Vec::new(),
            constants: HashMap::new(),
        };
        let number = self.add(added, depth + 1);
        self.define(module, name, Def::Module(number));
    }

    fn function(&mut self, mut function: Function<'a>, depth: usize) -> usize {
        let mut looked = Looked::default();
        looked.visit_signature(function.signature);
        if let Some(body) = function.body {
            looked.visit_block(body);
        }
        function.is_about_routers = looked.is_about_routers;
        let (module, file) = (function.module, function.file);
        let number = self.functions.len();
        if let Some(owner) = &function.owner {
            let name = plain(&function.signature.ident);
            let key = (owner.clone(), name);
            self.methods.entry(key).or_default().push(number);
        }
        self.functions.push(function);
        // A block's items see those of the blocks around it.
        let mut around: Vec<(std::ops::Range<usize>, usize)> = Vec::new();
        for (block, items) in looked.blocks {
            let range = self.files[file].range(block.brace_token.span.join());
            around.retain(|(outer, _)| outer.contains(&range.start));
            let parent = around.last().map_or(module, |(_, module)| *module);
            let added = Module {
                of: self.modules[module].of,
                file,
                name: String::new(),
                parent: Some(parent),
                is_block: true,
                items: &[],
                inline: None,
                names: HashMap::new(),
                globs: Vec::new(),
                constants: HashMap::new(),
            };
            let inner = self.add(added, depth + 1);
            if depth < MAX_HOPS {
                for item in items {
                    self.item(inner, item, depth + 1);
                }
            }
            self.blocks.insert(std::ptr::from_ref(block), inner);
            around.push((range, inner));
        }
        number
    }

    fn implementation(&mut self, module: usize, block: &'a ItemImpl, depth: usize) {
        let owner = match &*block.self_ty {
            Type::Path(path) => path.path.segments.last().map(|last| plain(&last.ident)),
            _ => None,
        };
        let mut methods = Vec::new();
        for item in &block.items {
            if let ImplItem::Fn(method) = item
                && !is_test(&method.attrs)
            {
                methods.push(self.function(
                    Function {
                        module,
                        file: self.modules[module].file,
                        attributes: &method.attrs,
                        visibility: Some(&method.vis),
                        signature: &method.sig,
                        body: Some(&method.block),
                        owner: owner.clone(),
                        is_conditional: has(&method.attrs, "cfg") || has(&block.attrs, "cfg"),
                        is_about_routers: false,
                    },
                    depth,
                ));
            }
        }
        if let Some((_, of_trait, _)) = &block.trait_ {
            self.implementations.push(Implementation {
                module,
                of_trait,
                methods,
            });
        }
    }

    fn import(&mut self, module: usize, mut path: Vec<String>, tree: &UseTree, depth: usize) {
        if depth > MAX_HOPS {
            return;
        }
        match tree {
            UseTree::Path(step) => {
                path.push(plain(&step.ident));
                self.import(module, path, &step.tree, depth + 1);
            }
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = path.last().cloned() {
                    self.define(module, last, Def::Import(path));
                }
            }
            UseTree::Name(name) => {
                let name = plain(&name.ident);
                path.push(name.clone());
                self.define(module, name, Def::Import(path));
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    path.push(plain(&rename.ident));
                }
                self.define(module, plain(&rename.rename), Def::Import(path));
            }
            UseTree::Glob(_) => self.modules[module].globs.push(path),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(module, path.clone(), tree, depth + 1);
                }
            }
        }
    }

    /// What a path in a module leads to: several where conditions choose among them.
    pub(super) fn resolve(&self, module: usize, path: &[String]) -> Vec<Found> {
        self.find(module, path, 0)
    }

    fn find(&self, module: usize, path: &[String], hops: usize) -> Vec<Found> {
        let elsewhere = || vec![Found::Elsewhere(path.to_vec())];
        let Some((first, rest)) = path.split_first() else {
            return elsewhere();
        };
        if hops > MAX_HOPS {
            return elsewhere();
        }
        let of = &self.crates[self.modules[module].of];
        let start = match first.as_str() {
            "crate" => Some(of.root),
            "self" => Some(self.outer(module)),
            "super" => self.modules[self.outer(module)]
                .parent
                .map(|at| self.outer(at)),
            _ => None,
        };
        if let Some(start) = start {
            return self.walk(vec![Found::Module(start)], rest, hops);
        }
        if matches!(first.as_str(), "crate" | "self" | "super") {
            return elsewhere();
        }
        let mut scope = (!first.is_empty()).then_some(module);
        while let Some(at) = scope {
            let found = self.member(at, first, hops + 1);
            if !found.is_empty() {
                return self.walk(found, rest, hops);
            }
            let inner = &self.modules[at];
            scope = if inner.is_block { inner.parent } else { None };
        }
        let (name, rest) = match (first.as_str(), rest.split_first()) {
            ("", Some((name, rest))) => (name, rest),
            ("", None) => return elsewhere(),
            _ => (first, rest),
        };
        match self.library(module, name) {
            Some(root) => self.walk(vec![Found::Module(root)], rest, hops),
            None => elsewhere(),
        }
    }

    /// The module that items of a block are in.
    pub(super) fn outer(&self, mut module: usize) -> usize {
        while let (true, Some(parent)) =
            (self.modules[module].is_block, self.modules[module].parent)
        {
            module = parent;
        }
        module
    }

    /// The root of a library of the workspace that code knows by this name.
    pub(super) fn library(&self, module: usize, name: &str) -> Option<usize> {
        let of = &self.crates[self.modules[module].of];
        let own = &self.members[of.member];
        let library = self.crates.iter().find(|other| {
            let package = &self.members[other.member].name;
            let is_called = self.modules[other.root].name == name;
            let is_used =
                |used: &Dependency| used.package == *package && (used.name == name || is_called);
            let is_beside = other.member == of.member && !of.is_library && is_called;
            other.is_library && (is_beside || own.dependencies.iter().any(is_used))
        })?;
        Some(library.root)
    }

    fn walk(&self, found: Vec<Found>, rest: &[String], hops: usize) -> Vec<Found> {
        let Some((name, rest)) = rest.split_first() else {
            return found;
        };
        let mut next = Vec::new();
        for one in found {
            match one {
                Found::Module(module) => {
                    let members = self.member(module, name, hops + 1);
                    if members.is_empty() {
                        let path = std::iter::once(name).chain(rest).cloned().collect();
                        next.push(Found::Within(module, path));
                    } else {
                        next.extend(self.walk(members, rest, hops + 1));
                    }
                }
                Found::Type(module, owner) if rest.is_empty() => {
                    next.extend(self.methods_of(&owner, name, module).map(Found::Function));
                }
                Found::Elsewhere(mut path) => {
                    path.push(name.clone());
                    path.extend(rest.iter().cloned());
                    next.push(Found::Elsewhere(path));
                }
                Found::Within(module, mut path) => {
                    path.push(name.clone());
                    path.extend(rest.iter().cloned());
                    next.push(Found::Within(module, path));
                }
                Found::Type(..) | Found::Function(_) | Found::Constant(..) => {}
            }
        }
        next.dedup();
        next
    }

    /// What a module holds under a name, by itself or from elsewhere.
    fn member(&self, module: usize, name: &str, hops: usize) -> Vec<Found> {
        if hops > MAX_HOPS {
            return Vec::new();
        }
        let inner = &self.modules[module];
        let mut found = Vec::new();
        for def in inner.names.get(name).into_iter().flatten() {
            match def {
                Def::Module(module) => found.push(Found::Module(*module)),
                Def::Function(function) => found.push(Found::Function(*function)),
                Def::Type => found.push(Found::Type(module, name.to_owned())),
                Def::Constant => found.push(Found::Constant(module, name.to_owned())),
                Def::Import(path) if path.len() == 1 && path[0] == name => {}
                Def::Import(path) => found.extend(self.find(module, path, hops + 1)),
            }
        }
        if found.is_empty() {
            let globs = inner.globs.iter();
            for source in globs.flat_map(|path| self.find(module, path, hops + 1)) {
                if let Found::Module(source) = source
                    && source != module
                {
                    found.extend(self.member(source, name, hops + 2));
                }
            }
        }
        found.dedup();
        found
    }

    /// Methods of a type; where types of one name are in several modules, those of its module
    /// only, if there are any.
    fn methods_of(&self, owner: &str, name: &str, module: usize) -> std::vec::IntoIter<usize> {
        let key = (owner.to_owned(), name.to_owned());
        let all = self.methods.get(&key).cloned().unwrap_or_default();
        let of = self.modules[module].of;
        let is_near = |method: &&usize| self.modules[self.functions[**method].module].of == of;
        let near: Vec<_> = all.iter().filter(is_near).copied().collect();
        let beside: Vec<_> = near
            .iter()
            .filter(|method| self.functions[**method].module == module)
            .copied()
            .collect();
        if beside.is_empty() { near } else { beside }.into_iter()
    }

    /// Methods of this name in the crate of a module, whatever their type.
    pub(super) fn methods_called(
        &self,
        module: usize,
        owner: Option<&str>,
        name: &str,
    ) -> Vec<usize> {
        let of = self.modules[module].of;
        let mut found: Vec<_> = self
            .methods
            .iter()
            .filter(|((type_of, method), _)| {
                method == name && owner.is_none_or(|owner| owner == type_of)
            })
            .flat_map(|(_, methods)| methods)
            .filter(|method| self.modules[self.functions[**method].module].of == of)
            .copied()
            .collect();
        found.sort_unstable();
        found
    }

    /// What a constant is, and the module it stands in.
    pub(super) fn constant(&self, module: usize, name: &str) -> Option<&'a syn::Expr> {
        self.modules[module].constants.get(name).copied()
    }

    /// All names that a module defines or imports itself.
    pub(super) fn has_name(&self, module: usize, name: &str) -> bool {
        self.modules[module].names.contains_key(name)
    }
}

/// The names that a path consists of; a leading `::` is an empty one.
pub(super) fn segments(path: &Path) -> Vec<String> {
    let start = path.leading_colon.map(|_| String::new());
    let names = path.segments.iter().map(|one| plain(&one.ident));
    start.into_iter().chain(names).collect()
}

/// What a function is looked at for before it is evaluated.
#[derive(Default)]
struct Looked<'a> {
    is_about_routers: bool,
    blocks: Vec<(&'a Block, Vec<&'a Item>)>,
}

impl<'a> Visit<'a> for Looked<'a> {
    fn visit_block(&mut self, block: &'a Block) {
        let items: Vec<_> = block
            .stmts
            .iter()
            .filter_map(|statement| match statement {
                syn::Stmt::Item(item) => Some(item),
                _ => None,
            })
            .collect();
        if !items.is_empty() {
            self.blocks.push((block, items));
        }
        visit::visit_block(self, block);
    }

    /// Functions within are looked at on their own.
    fn visit_item(&mut self, _: &'a Item) {}

    fn visit_ident(&mut self, name: &'a syn::Ident) {
        self.is_about_routers |= name.to_string().ends_with("Router");
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.is_about_routers |=
            call.method == "route" || call.method == "nest" || call.method == "merge";
        visit::visit_expr_method_call(self, call);
    }
}
