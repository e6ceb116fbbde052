//! `init --annotate`: which handlers of a workspace get which annotation.

use crate::fixtures::{Run, Sandbox, repository};
use std::{collections::BTreeMap, fs, path::Path};
use syn::visit::{self, Visit};

/// A function with an annotation: its name, and what stands in the brackets.
type Annotation = (String, String);

#[derive(Default)]
pub(crate) struct Annotations {
    found: Vec<Annotation>,
    /// The bytes of each attribute.
    ranges: Vec<std::ops::Range<usize>>,
}

impl Annotations {
    pub(crate) fn of(text: &str) -> Annotations {
        let mut all = Annotations::default();
        let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
        all.visit_file(
            &syn::parse_file(&text[mark..]).unwrap_or_else(|error| panic!("{error}: {text}")),
        );
        all
    }

    fn function(&mut self, attributes: &[syn::Attribute], name: &syn::Ident) {
        for attribute in attributes {
            let last = attribute.path().segments.last().unwrap();
            if last.ident == "slo"
                && let Ok(list) = attribute.meta.require_list()
            {
                let arguments = list.tokens.to_string().replace(" :: ", "::");
                self.found.push((name.to_string(), arguments));
                let span = attribute.pound_token.spans[0]
                    .join(attribute.bracket_token.span.close())
                    .unwrap();
                self.ranges.push(span.byte_range());
            }
        }
    }
}

impl<'a> Visit<'a> for Annotations {
    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        self.function(&function.attrs, &function.sig.ident);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.function(&function.attrs, &function.sig.ident);
        visit::visit_impl_item_fn(self, function);
    }
}

/// The route that an annotation says.
pub(crate) fn route(arguments: &str) -> Option<&str> {
    let (_, rest) = arguments.split_once("route = \"")?;
    Some(rest.split_once('"')?.0)
}

/// The files of Rust below a folder, with what they hold.
pub(crate) fn sources(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(&inner).unwrap() {
            let path = entry.unwrap().path();
            let metadata = path.symlink_metadata().unwrap();
            if metadata.is_dir() {
                open.push(path);
            } else if metadata.is_file() && path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                all.extend(fs::read_to_string(&path).ok().map(|text| (name, text)));
            }
        }
    }
    all
}

/// All that is annotated: function and route.
pub(crate) fn annotated(sandbox: &Sandbox) -> BTreeMap<String, Vec<Option<String>>> {
    let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for text in sources(&sandbox.path("")).values() {
        // What is longer is hostile, and would take the stack of the test.
        if text.len() < 40_000 && syn::parse_file(text).is_ok() {
            for (name, arguments) in Annotations::of(text).found {
                let route = route(&arguments).map(str::to_owned);
                all.entry(name).or_default().push(route);
            }
        }
    }
    all
}

pub(crate) fn manifest(name: &str, more: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\naxum = \"0.8\"\nslo-sdk = \"0.1\"\n{more}"
    )
}

/// A package of one program.
pub(crate) fn service(main: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("Cargo.toml", manifest("orders", ""));
    sandbox.write("src/main.rs", main);
    sandbox
}

pub(crate) fn write(sandbox: &Sandbox) -> Run {
    sandbox.slo("init --annotate --write --force --offline")
}

/// Everything that was there is still there, in its order: returns the inserted lines.
pub(crate) fn inserted(before: &str, after: &str) -> Vec<String> {
    let mut rest = before.split_inclusive('\n').peekable();
    let mut inserted = Vec::new();
    for line in after.split_inclusive('\n') {
        match rest.next_if_eq(&line) {
            Some(_) => {}
            None => inserted.push(line.to_owned()),
        }
    }
    assert_eq!(rest.next(), None, "a line is gone:\n{after}");
    inserted
}

/// The copy of a folder, without what builds leave.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, target).unwrap()),
        }
    }
}

/// The shop, with a manifest of its own.
pub(crate) fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    copy(&repository("examples/shop"), &sandbox.path("shop"));
    let root = fs::read_to_string(repository("Cargo.toml")).unwrap();
    let start = root.find("[workspace.package]").unwrap();
    let here = format!("path = \"{}", repository("").display());
    let shared = root[start..].replace("path = \"", &here);
    sandbox.write(
        "Cargo.toml",
        format!("[workspace]\nresolver = \"3\"\nmembers = [\"shop/*\"]\n{shared}"),
    );
    sandbox
}

#[test]
fn the_shop_gets_its_annotations_back() {
    let sandbox = shop();
    let mut original = annotated(&sandbox);
    for (name, mut text) in sources(&sandbox.path("")) {
        for range in Annotations::of(&text).ranges.into_iter().rev() {
            text.replace_range(range, "");
        }
        sandbox.write(&name, text);
    }
    assert!(annotated(&sandbox).is_empty());
    let before = sources(&sandbox.path(""));
    let run = sandbox.slo("init --annotate --workspace --offline").ok();
    assert!(
        run.out
            .contains("+#[slo(journey = shop_journeys::CHECKOUT, route = \"POST /checkout\")]"),
        "{}",
        run.out
    );
    assert_eq!(sources(&sandbox.path("")), before, "a diff changes nothing");
    sandbox
        .slo("init --annotate --workspace --offline --write --force")
        .ok();
    let mut found = annotated(&sandbox);
    // The run of a job is not a handler, and says no route; the other `settle` is one of gRPC.
    original.get_mut("settle").unwrap().retain(Option::is_some);
    // The gateway's own say none, because its layer sees which route matched.
    for (name, route) in [
        ("checkout", "POST /checkout"),
        ("order_status", "GET /orders/{id}"),
        ("products", "GET /products"),
    ] {
        assert_eq!(
            original.insert(name.into(), vec![Some(route.into())]),
            Some(vec![None])
        );
    }
    assert_eq!(found, original);
    found.retain(|_, routes| routes.iter().any(Option::is_some));
    assert_eq!(found.len(), 7);
    // Those that are drafted are what `check` asks to be filled in.
    let drafted = fs::read_to_string(sandbox.path("shop/orders/src/journeys.rs")).unwrap();
    assert!(drafted.contains("    //.title(") && !drafted.contains("    .title("));
    let again = sandbox.slo("init --annotate --workspace --offline").ok();
    assert_eq!(again.out, "");
    assert!(again.err.contains("7 had one already"), "{}", again.err);
}

/// Every way to put routers together that is followed, and what comes of it.
#[test]
fn routers_are_followed_wherever_they_are_put_together() {
    let sandbox = service(
        r###"
use axum::{Router, routing::{self, MethodFilter, get, on, post}};
mod users;
mod admin { pub mod deep; }
const PREFIX: &str = concat!("/api", "/v1");
const ITEM: &str = r#"/items/{id}"#;
type AppRouter = Router<()>;
struct App;
trait Defaults { fn defaults(self) -> Self; }
impl Defaults for Router { fn defaults(self) -> Router { self.route("/default", get(default)) } }
async fn default() {}
impl App {
    fn router() -> AppRouter { Router::new().route("/app", get(Self::shown)) }
    async fn shown() {}
    fn inner(&self) -> Router { Router::new().route("/method", axum::routing::put(put_it)) }
    fn outer(&self) -> Router { self.inner().route("/outer", get(outer)) }
}
async fn item() {}
async fn create() {}
async fn remove() {}
async fn put_it() {}
async fn outer() {}
async fn generic<T: Send>() {}
async fn old(_: u8) {}
async fn tail() {}
async fn early() {}
async fn filtered() {}
async fn prefixed() {}
async fn aliased() {}
async fn conditional() {}
async fn layered() {}
async fn given() {}
fn add(router: Router, path: &str) -> Router { router.route(path, get(given)) }
fn methods() -> axum::routing::MethodRouter { post(create).delete(remove) }
fn fallible() -> Result<Router, ()> {
    if true { return Ok(Router::new().route("/early", get(early))); }
    Ok(Router::new().route("/tail", get(tail)))
}
async fn serve(app: Router) { axum::serve(listener(), app).await; }
#[tokio::main]
async fn main() {
    async fn local() {}
    let handler = aliased;
    let prefix = "/var";
    let mut app = Router::new()
        .layer(first())
        .route(ITEM, get(item).merge(methods()))
        .route("/generic", get(generic::<u8>))
        .route("/old/:id/*rest", get(old))
        .route("/filter", on(MethodFilter::PATCH, filtered))
        .route("/local", routing::get(local))
        .route("/aliased", get(handler))
        .route("/layered", get(layered.layer(second())).layer(third()))
        .nest(PREFIX, users::routes().with_state(state()))
        .merge(fallible().unwrap())
        .merge(App::router())
        .defaults();
    app = app.nest_service("/svc", App.outer());
    if cfg!(debug_assertions) {
        app = app.nest(prefix, Router::new().route("/", get(prefixed)));
    }
    let app = match mode() {
        0 => app.route("/conditional", get(conditional)),
        _ => app,
    };
    let app = add(app, "/given");
    serve(app.merge(crate::admin::deep::all())).await;
}
"###,
    );
    sandbox.write(
        "src/users.rs",
        "use axum::{routing::get, Router};\nmod list;\nuse list::list as all;\n\
         pub fn routes() -> Router {\n    Router::new().nest(\"/users\", Router::new().route(\"/\", get(all)))\n}\n",
    );
    sandbox.write("src/users/list.rs", "pub async fn list() {}\n");
    sandbox.write(
        "src/admin/deep.rs",
        "use axum::routing::*;\npub(crate) fn all() -> axum::Router { axum::Router::new().route(\"/deep\", head(probe)) }\n\
         async fn probe() {}\n",
    );
    let run = write(&sandbox).ok();
    let expected = [
        ("item", "GET /items/{id}"),
        ("create", "POST /items/{id}"),
        ("remove", "DELETE /items/{id}"),
        ("put_it", "PUT /svc/method"),
        ("outer", "GET /svc/outer"),
        ("shown", "GET /app"),
        ("generic", "GET /generic"),
        ("old", "GET /old/{id}/{*rest}"),
        ("filtered", "PATCH /filter"),
        ("local", "GET /local"),
        ("aliased", "GET /aliased"),
        ("layered", "GET /layered"),
        ("list", "GET /api/v1/users"),
        ("tail", "GET /tail"),
        ("early", "GET /early"),
        ("prefixed", "GET /var"),
        ("conditional", "GET /conditional"),
        ("given", "GET /given"),
        ("probe", "HEAD /deep"),
        ("default", "GET /default"),
    ];
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(name, route)| (name.to_owned(), vec![Some(route.to_owned())]))
        .collect();
    assert_eq!(annotated(&sandbox), expected, "{}", run.err);
}

/// No route is better than a wrong one, and whatever is left out is said.
#[test]
fn what_is_ambiguous_has_no_route_and_what_is_left_out_is_told() {
    let sandbox = service(
        r#"
use axum::{Router, routing::{any, get, get_service, post}};
async fn twice() {}
async fn both() {}
async fn every() {}
async fn computed() {}
async fn unmounted() {}
async fn kept() {}
async fn not_found() {}
async fn spaced() {}
async fn typed() {}
async fn handed() {}
fn old() -> PlainFuture { PlainFuture::ready() }
const fn constant() {}
#[slo_sdk::slo(journey = X)]
async fn done() {}
pub fn library() -> Router { Router::new().route("/unmounted", get(unmounted)) }
struct App { router: Router }
fn app() -> App { App { router: Router::new().route("/kept", get(kept)) } }
macro_rules! routes { ($app:expr) => { $app.route("/by-macro", get(twice)) } }
fn main() {
    let made = routes!(Router::new());
    let app = Router::new()
        .route("/a", get(twice))
        .route("/b", get(twice))
        .route("/both", get(both).post(both))
        .route("/every", any(every))
        .route(&format!("/{}", 1), get(computed))
        .route("/a b?c", get(spaced))
        .route("/closure", get(|| async move { "well" }))
        .route("/made", get(make_handler(1)))
        .route("/old", get(old))
        .route("/constant", get(constant))
        .route("/done", get(done))
        .route("/dir", get_service(files()))
        .route("/unseen", unseen())
        .route_service("/service", service())
        .nest("/other", other_crate::router())
        .merge(app().router)
        .fallback(not_found);
    axum::serve(listener(), app);
    axum::serve(listener(), Router::new().typed_get(typed));
    let app = platform::mount(Router::new().route("/handed", get(handed)));
    axum::serve(listener(), app);
}
"#,
    );
    let run = write(&sandbox);
    assert_eq!(run.code, 1, "{run:?}");
    let found = annotated(&sandbox);
    let names: Vec<_> = found.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "both",
            "computed",
            "done",
            "every",
            "handed",
            "kept",
            "spaced",
            "twice",
            "typed",
            "unmounted"
        ]
    );
    assert!(found.values().flatten().all(Option::is_none), "{found:?}");
    for told in [
        "`twice` is annotated without a `route`: it serves several routes: `GET /a`, `GET /b`",
        "`both` is annotated without a `route`: it serves several routes: `GET /both`, `POST /both`",
        "`every` is annotated without a `route`: it serves several methods of `/every`",
        "`computed` is annotated without a `route`: the path is not a text",
        "`unmounted` is annotated without a `route`: nothing in this workspace serves its router",
        "`kept` is annotated without a `route`: its router is kept",
        "`typed` is annotated without a `route`: a method that axum does not have",
        "`handed` is annotated without a `route`: its router is handed to code beyond",
        "`spaced` is annotated without a `route`: its path is none that a request can have",
        "`GET /closure` is served by a closure",
        "`GET /made` is served by `make_handler(1)`",
        "not annotated: `old`: it returns a future of an unknown kind",
        "not annotated: `constant`: a `const fn` can't be measured",
        "`get_service` serves it with a service",
        "what serves this route can't be followed",
        "`route_service` serves it",
        "what `nest` adds here can't be followed",
        "what `merge` adds here can't be followed",
        "`fallback` answers what has no route",
        "what this macro makes of routes",
        "--> src/main.rs:2",
    ] {
        assert!(run.err.contains(told), "`{told}` is not in:\n{}", run.err);
    }
}

/// Files keep their ends of lines, their tabs and everything else.
#[test]
fn nothing_but_insertions() {
    let main = "\u{feff}#!/usr/bin/env run\r\n//! Orders.\r\n\r\nmod web;\r\n\r\n\
                /* é */ fn main() { web::run(axum::Router::new().route(\"/日/\\u{e9}\\\"\", axum::routing::get(web::shown))) }\r\n";
    let web = "use axum::Json;\r\nuse std::fmt;\r\n\r\n/// Shown.\r\n\t#[axum::debug_handler]\r\n\t#[tracing::instrument(skip_all)] pub(crate) async fn shown() {}\r\n\
               pub fn run(app: axum::Router) {\r\n\t\tlet app = app.route(\"/x\", axum::routing::get(inline::last));\r\n}\r\n\
               mod inline {\r\n\tuse crate::a;\r\n\r\n\t/// Last.\r\n\tpub async fn last() {}\r\n}\r\n#[cfg(unix)] mod never { }";
    let sandbox = service(main);
    sandbox.write("src/web.rs", web);
    let run = write(&sandbox).ok();
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
    assert_eq!(
        inserted(main, &read("src/main.rs")),
        ["mod journeys;\r\n"],
        "{}",
        run.err
    );
    let after = read("src/web.rs");
    let lines: Vec<_> = after.lines().collect();
    let at = |line: &str| {
        lines
            .iter()
            .position(|one| one.trim_end() == line)
            .unwrap_or_else(|| panic!("{line}: {after}"))
    };
    // Two attributes on one line: ours is the last of them.
    assert!(at("use slo_sdk::slo;") == 1, "{after}");
    assert!(
        after.contains("\t#[tracing::instrument(skip_all)] #[slo(journey = crate::journeys::"),
        "{after}"
    );
    assert!(
        after.contains("route = \"GET /日/é\\\"\")]\r\n\tpub(crate) async fn shown() {}\r\n"),
        "{after}"
    );
    let last = at("\t#[slo(journey = crate::journeys::X, route = \"GET /x\")]");
    assert_eq!(lines[last + 1].trim_end(), "\tpub async fn last() {}");
    assert_eq!(lines[last - 1].trim_end(), "\t/// Last.");
    assert!(
        after.contains("\tuse crate::a;\r\n\tuse slo_sdk::slo;\r\n"),
        "{after}"
    );
    assert!(!after.replace("\r\n", "").contains('\n'));
    // Without what was inserted, it is what it was.
    let bare = Annotations::of(&after).ranges;
    assert_eq!(bare.len(), 2);
}

#[test]
fn names_attributes_and_imports_fit_what_is_there() {
    let sandbox = service(
        "mod a;\nmod b;\nuse slo_sdk::{Journey, slo};\n\
         pub const ORDERS: Journey = Journey::new(\"orders\");\n\
         #[cfg(unix)]\nasync fn home() {}\n#[cfg(not(unix))]\nasync fn home() {}\n\
         #[slo(journey = ORDERS)]\nasync fn show() {}\n\
         fn main() { axum::serve(l, axum::Router::new()\n    .route(\"/\", axum::routing::get(home))\n    .route(\"/show\", axum::routing::get(show))\n    .merge(a::routes()).merge(b::routes())); }\n",
    );
    sandbox.write(
        "src/a.rs",
        "pub fn routes() -> axum::Router { axum::Router::new().route(\"/orders/a/very/long/path/that/is/beyond/the/width/of/a/line\", axum::routing::get(list)) }\n\
         #[cfg(feature = \"x\")]\npub async fn list() {}\n",
    );
    sandbox.write(
        "src/b.rs",
        "mod slo {}\npub fn routes() -> axum::Router { axum::Router::new().route(\"/b\", axum::routing::get(list)).route(\"/show\", axum::routing::get(show)) }\n\
         pub async fn list() {}\nasync fn show() {}\n",
    );
    write(&sandbox).ok();
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
    let (main, a, b) = (read("src/main.rs"), read("src/a.rs"), read("src/b.rs"));
    // One endpoint under two conditions; `slo` is there already, and so is the journey.
    let home = "#[slo(journey = crate::ORDERS, route = \"GET /\")]\nasync fn home";
    assert_eq!(main.matches(home).count(), 2, "{main}");
    assert_eq!(main.matches("use slo_sdk").count(), 1);
    // Only there under a condition, so that an import could be one too many; the path is long.
    assert!(
        a.contains(
            "#[slo_sdk::slo(\n    journey = crate::ORDERS,\n    name = \"a-list\",\n    route = \"GET /orders/a/very"
        ),
        "{a}"
    );
    // The name is something else here.
    assert!(b.contains("#[slo_sdk::slo(journey = crate::journeys::B, name = \"b-list\", route = \"GET /b\")]\npub async fn list"), "{b}");
    assert!(
        b.contains("name = \"b-show\", route = \"GET /show\")]\nasync fn show"),
        "{b}"
    );
}
