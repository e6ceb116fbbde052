//! Modules, functions and what names stand for: as much of name resolution as routers need.

mod lookup;

use super::{
    modules::{Sources, has, is_test, plain},
    source::SourceFile,
};
use crate::input::workspace::Member;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};
use syn::{
    Attribute, Block, ImplItem, Item, ItemImpl, Path, Signature, Type, UseTree, Visibility,
    visit::{self, Visit},
};

/// How often a name may stand for another, and how deep modules may lie in each other.
const MAX_HOPS: usize = 64;

/// More modules are not of one workspace.
const MAX_MODULES: usize = 100_000;

/// Names that are looked up for one path: more are a puzzle.
const MAX_LOOKUPS: usize = 20_000;

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
    /// What names are constants for, and whether others may use them.
    constants: HashMap<String, (&'a syn::Expr, bool)>,
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
    /// Methods by their names.
    methods: HashMap<String, Vec<usize>>,
    /// The modules that the globs of each module lead to; empty while that is being found out.
    glob_sources: RefCell<HashMap<usize, Rc<Vec<usize>>>>,
    /// How much may still be looked up for one path.
    fuel: Cell<usize>,
    outlined: &'a HashMap<(usize, usize), usize>,
}

impl<'a> Index<'a> {
    pub(super) fn new(sources: &'a Sources, members: &'a [Member]) -> Index<'a> {
        let mut index = Index {
            files: &sources.files,
            members,
            crates: Vec::new(),
            modules: Vec::new(),
            functions: Vec::new(),
            implementations: Vec::new(),
            blocks: HashMap::new(),
            methods: HashMap::new(),
            glob_sources: RefCell::default(),
            fuel: Cell::new(0),
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
        if depth < MAX_HOPS && number < MAX_MODULES {
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

    fn add_constant(
        &mut self,
        module: usize,
        name: &syn::Ident,
        visibility: &Visibility,
        value: &'a syn::Expr,
    ) {
        let name = plain(name);
        let is_public = matches!(visibility, Visibility::Public(_));
        let constants = &mut self.modules[module].constants;
        constants.insert(name.clone(), (value, is_public));
        self.define(module, name, Def::Constant);
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
                self.implementation(module, block, depth);
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
            Item::Const(item) => self.add_constant(module, &item.ident, &item.vis, &item.expr),
            Item::Static(item) => self.add_constant(module, &item.ident, &item.vis, &item.expr),
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
                    Some(file) if !self.is_within(module, *file) => {
                        (*file, &*self.files[*file].ast.items, None)
                    }
                    _ => return,
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

    /// True for a module of this file, and for one within: a file that leads to itself is none.
    fn is_within(&self, module: usize, file: usize) -> bool {
        let modules = std::iter::successors(Some(module), |at| self.modules[*at].parent);
        modules.into_iter().any(|at| self.modules[at].file == file)
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
        if function.owner.is_some() {
            let name = plain(&function.signature.ident);
            self.methods.entry(name).or_default().push(number);
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
