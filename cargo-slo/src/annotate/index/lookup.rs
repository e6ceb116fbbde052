//! What a path means in a module: through imports, globs, libraries and blocks.

use super::{Def, Found, Index, MAX_HOPS, MAX_LOOKUPS};
use crate::input::workspace::Dependency;
use std::{collections::HashSet, rc::Rc};

impl<'a> Index<'a> {
    /// What a path in a module leads to: several where conditions choose among them.
    pub(in crate::annotate) fn resolve(&self, module: usize, path: &[String]) -> Vec<Found> {
        self.fuel.set(MAX_LOOKUPS);
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
    pub(in crate::annotate) fn outer(&self, mut module: usize) -> usize {
        while let (true, Some(parent)) =
            (self.modules[module].is_block, self.modules[module].parent)
        {
            module = parent;
        }
        module
    }

    /// The root of a library of the workspace that code knows by this name.
    pub(in crate::annotate) fn library(&self, module: usize, name: &str) -> Option<usize> {
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
                Found::Module(module) if name == "super" => {
                    let parent = self.modules[module].parent.map(|at| self.outer(at));
                    let parent = parent.map(Found::Module).into_iter().collect();
                    next.extend(self.walk(parent, rest, hops + 1));
                }
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

    /// What a module holds under a name: its own, else what its globs bring along.
    fn member(&self, module: usize, name: &str, hops: usize) -> Vec<Found> {
        let mut found = Vec::new();
        let (mut open, mut seen) = (vec![module], HashSet::from([module]));
        while let Some(module) = open.pop() {
            let own = self.own(module, name, hops);
            if own.is_empty() {
                let sources = self.glob_sources(module, hops);
                open.extend(sources.iter().filter(|source| seen.insert(**source)));
            }
            found.extend(own);
        }
        found.dedup();
        found
    }

    /// What a module defines or imports by name.
    fn own(&self, module: usize, name: &str, hops: usize) -> Vec<Found> {
        let mut found = Vec::new();
        let Some(fuel) = self.fuel.get().checked_sub(1) else {
            return found;
        };
        self.fuel.set(fuel);
        for def in self.modules[module].names.get(name).into_iter().flatten() {
            match def {
                Def::Module(module) => found.push(Found::Module(*module)),
                Def::Function(function) => found.push(Found::Function(*function)),
                Def::Type => found.push(Found::Type(module, name.to_owned())),
                Def::Constant => found.push(Found::Constant(module, name.to_owned())),
                // Of a crate: the name itself is not defined here.
                Def::Import(path) if path.len() == 1 && path[0] == name => {}
                Def::Import(path) => found.extend(self.find(module, path, hops + 1)),
            }
        }
        found
    }

    fn glob_sources(&self, module: usize, hops: usize) -> Rc<Vec<usize>> {
        if let Some(known) = self.glob_sources.borrow().get(&module) {
            return known.clone();
        }
        let none = Rc::default();
        self.glob_sources.borrow_mut().insert(module, none);
        let globs = self.modules[module].globs.iter();
        let found = globs.flat_map(|path| self.find(module, path, hops + 1));
        let modules = found.filter_map(|found| match found {
            Found::Module(module) => Some(module),
            _ => None,
        });
        let sources = Rc::new(modules.collect::<Vec<_>>());
        self.glob_sources
            .borrow_mut()
            .insert(module, sources.clone());
        sources
    }

    /// Methods of a type; where types of one name are in several modules, those of its module
    /// only, if there are any.
    fn methods_of(&self, owner: &str, name: &str, module: usize) -> std::vec::IntoIter<usize> {
        let near = self.methods_called(module, Some(owner), name);
        let is_beside = |method: &usize| self.functions[*method].module == module;
        let beside: Vec<_> = near.iter().copied().filter(is_beside).collect();
        if beside.is_empty() { near } else { beside }.into_iter()
    }

    /// Methods of this name in the crate of a module, of a type of this name if one is given.
    pub(in crate::annotate) fn methods_called(
        &self,
        module: usize,
        owner: Option<&str>,
        name: &str,
    ) -> Vec<usize> {
        let of = self.modules[module].of;
        let all = self.methods.get(name).into_iter().flatten();
        all.copied()
            .filter(|method| {
                let method = &self.functions[*method];
                let is_its = owner.is_none_or(|owner| method.owner.as_deref() == Some(owner));
                is_its && self.modules[method.module].of == of
            })
            .collect()
    }

    /// What a constant is, and whether other crates may use it.
    pub(in crate::annotate) fn constant(
        &self,
        module: usize,
        name: &str,
    ) -> Option<(&'a syn::Expr, bool)> {
        self.modules[module].constants.get(name).copied()
    }

    /// All names that a module defines or imports itself.
    pub(in crate::annotate) fn has_name(&self, module: usize, name: &str) -> bool {
        self.modules[module].names.contains_key(name)
    }
}
