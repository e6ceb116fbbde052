//! `init --annotate` with sources and routers that chance has made.

use crate::{
    annotate::{Annotations, annotated, manifest, sources},
    fixtures::{Sandbox, repository},
};
use std::collections::BTreeSet;

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

fn seed() -> u64 {
    let seed = std::env::var("SLO_ANNOTATE_SEED").map_or(7, |seed| seed.parse().unwrap());
    eprintln!("SLO_ANNOTATE_SEED={seed}");
    seed
}

/// Sources that chance has touched: whatever they become, the command ends, inserts and changes
/// nothing else, and what could be parsed still can.
#[test]
fn sources_that_chance_has_touched() {
    let seeds: Vec<_> = sources(&repository("examples/shop"))
        .into_values()
        .chain(sources(&repository("tests/reconcile/src/endpoints")).into_values())
        .filter(|text| text.contains("slo"))
        .collect();
    assert!(seeds.len() > 8);
    let mut dice = Dice(seed());
    let sandbox = Sandbox::new();
    let mut whole = 0;
    for n in 0..200 {
        let mut pick = |n: usize| usize::try_from(dice.roll(u64::try_from(n).unwrap())).unwrap();
        let text = seeds[pick(seeds.len())].replace("#[slo(", "#[other(");
        let mut parts: Vec<_> = text.split_inclusive([' ', '\n', '(', '.', ':']).collect();
        for _ in 0..pick(6) {
            let (at, other) = (pick(parts.len()), pick(parts.len()));
            match pick(4) {
                0 => drop(parts.remove(at)),
                1 => parts.insert(at, parts[other]),
                2 => parts.swap(at, other),
                _ => {
                    let others = ["\r\n", "{", ".route(\"/x\", get(f))", "\u{e9}", "\t#[slo]"];
                    parts[at] = others[pick(others.len())];
                }
            }
        }
        let text = parts.concat();
        whole += usize::from(syn::parse_file(&text).is_ok());
        sandbox.write(&format!("p{n}/Cargo.toml"), manifest(&format!("p{n}"), ""));
        sandbox.write(&format!("p{n}/src/main.rs"), text);
    }
    assert!(whole > 20, "{whole}");
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"p*\"]\n",
    );
    let before = sources(&sandbox.path(""));
    let run = sandbox.slo("init --annotate --workspace --offline --write --force");
    assert!(run.code < 2, "{run:?}");
    let after = sources(&sandbox.path(""));
    let mut changed = 0;
    for (name, text) in &before {
        if after[name] != *text {
            changed += 1;
            let mut rest = after[name].chars();
            let is_there = text.chars().all(|c| rest.any(|other| other == c));
            assert!(is_there, "{name}: {}", after[name]);
            Annotations::of(&after[name]);
        }
    }
    assert!(changed > 5, "{changed}");
    assert_eq!(sandbox.slo("init --annotate --workspace --offline").out, "");
}

/// Routers at random, with what they serve known from how they were made.
mod random {
    use super::*;
    use std::fmt::Write;

    /// A program that grows.
    struct Program {
        dice: Dice,
        functions: String,
        /// By module.
        handlers: [String; 3],
        count: usize,
        expected: BTreeSet<(String, String)>,
    }

    impl Program {
        /// An expression for a router below a prefix, and statements before it.
        fn router(&mut self, prefix: &str, depth: u32) -> (String, String) {
            let (mut before, mut text) = (String::new(), "Router::new()".to_owned());
            for _ in 0..2 + self.dice.roll(3) {
                match self.dice.roll(if depth == 0 { 2 } else { 6 }) {
                    0 | 1 => {
                        let (route, handler) = self.route(prefix);
                        let _ = write!(text, "\n        .route({route}, {handler})");
                    }
                    2 => text += ".layer(layer())",
                    3 => {
                        let inner = self.nested(prefix, depth, &mut before);
                        let _ = write!(text, ".merge({inner})");
                    }
                    4 => {
                        let name = self.segment();
                        let below = format!("{prefix}/{name}");
                        let inner = self.nested(&below, depth, &mut before);
                        let _ = write!(text, ".nest(\"/{name}\", {inner})");
                    }
                    _ => {
                        let n = self.next();
                        let _ = writeln!(before, "let router{n} = {text};");
                        text = format!("router{n}");
                    }
                }
            }
            (before, text)
        }

        fn next(&mut self) -> usize {
            self.count += 1;
            self.count
        }

        fn segment(&mut self) -> String {
            let n = self.next();
            ["a", "{id}", "b-c", "v1"][usize::try_from(self.dice.roll(4)).unwrap()]
                .replace("id", &format!("id{n}"))
                + &n.to_string()
        }

        /// A router in place, in a variable, or by a function.
        fn nested(&mut self, prefix: &str, depth: u32, before: &mut String) -> String {
            let (inner, text) = self.router(prefix, depth - 1);
            let n = self.next();
            match self.dice.roll(3) {
                0 => {
                    let _ = writeln!(
                        self.functions,
                        "fn make{n}() -> Router<u8> {{ {inner} {text} }}"
                    );
                    format!("make{n}()")
                }
                1 => {
                    let _ = writeln!(before, "{inner} let var{n} = {text};");
                    format!("var{n}")
                }
                _ => format!("{{ {inner} {text} }}"),
            }
        }

        fn route(&mut self, prefix: &str) -> (String, String) {
            let segment = self.segment();
            let methods = ["get", "post", "put", "delete", "patch"];
            let mut text = String::new();
            for n in 0..=self.dice.roll(2) {
                let method = methods[usize::try_from(self.dice.roll(2) * 2 + n).unwrap()];
                let handler = format!("handler{}", self.next());
                let module = usize::try_from(self.dice.roll(3)).unwrap();
                let _ = writeln!(self.handlers[module], "pub async fn {handler}() {{}}");
                let path = ["", "one::", "crate::one::two::"][module];
                let dot = if n == 0 { "" } else { "." };
                if text.contains(method) {
                    continue;
                }
                let _ = write!(text, "{dot}{method}({path}{handler})");
                let route = format!("{} {prefix}/{segment}", method.to_uppercase());
                self.expected.insert((handler, route));
            }
            (format!("\"/{segment}\""), text)
        }
    }

    #[test]
    fn routers_at_random() {
        let seed = seed();
        let sandbox = Sandbox::new();
        let mut expected = BTreeSet::new();
        let packages = 60;
        for n in 0..packages {
            let mut program = Program {
                dice: Dice(seed * 1_000 + n),
                functions: String::new(),
                handlers: Default::default(),
                count: usize::try_from(n).unwrap() * 1_000,
                expected: BTreeSet::new(),
            };
            let (before, text) = program.router("", 4);
            let [main, one, two] = &program.handlers;
            sandbox.write(&format!("p{n}/Cargo.toml"), manifest(&format!("p{n}"), ""));
            sandbox.write(
                &format!("p{n}/src/main.rs"),
                format!(
                    "use axum::{{Router, routing::{{get, post, put, delete, patch}}}};\nmod one;\n{main}{}\nfn main() {{ {before} let app = {text}; axum::serve(l, app.with_state(1)); }}\n",
                    program.functions
                ),
            );
            sandbox.write(&format!("p{n}/src/one.rs"), format!("pub mod two;\n{one}"));
            sandbox.write(&format!("p{n}/src/one/two.rs"), two);
            expected.extend(program.expected);
        }
        sandbox.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"p*\"]\n",
        );
        let run = sandbox
            .slo("init --annotate --workspace --offline --write --force")
            .ok();
        let found: BTreeSet<_> = annotated(&sandbox)
            .into_iter()
            .flat_map(|(name, routes)| {
                routes
                    .into_iter()
                    .map(move |route| (name.clone(), route.unwrap_or_default()))
            })
            .collect();
        assert!(expected.len() > 200, "{}", expected.len());
        assert_eq!(found, expected, "seed {seed}: {}", run.err);
        assert_eq!(
            sandbox
                .slo("init --annotate --workspace --offline")
                .ok()
                .out,
            ""
        );
    }
}
