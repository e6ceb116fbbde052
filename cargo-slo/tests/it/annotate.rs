//! `init --annotate`: which handlers of a workspace get which annotation.

use crate::fixtures::{Run, Sandbox, repository};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};
use syn::visit::{self, Visit};

/// A function with an annotation: its name, and what stands in the brackets.
type Annotation = (String, String);

#[derive(Default)]
struct Annotations {
    found: Vec<Annotation>,
    /// The bytes of each attribute.
    ranges: Vec<std::ops::Range<usize>>,
}

impl Annotations {
    fn of(text: &str) -> Annotations {
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
fn route(arguments: &str) -> Option<&str> {
    let (_, rest) = arguments.split_once("route = \"")?;
    Some(rest.split_once('"')?.0)
}

/// The files of Rust below a folder, with what they hold.
fn sources(folder: &Path) -> BTreeMap<String, String> {
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
fn annotated(sandbox: &Sandbox) -> BTreeMap<String, Vec<Option<String>>> {
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

fn manifest(name: &str, more: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\naxum = \"0.8\"\nslo-sdk = \"0.1\"\n{more}"
    )
}

/// A package of one program.
fn service(main: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("Cargo.toml", manifest("orders", ""));
    sandbox.write("src/main.rs", main);
    sandbox
}

fn write(sandbox: &Sandbox) -> Run {
    sandbox.slo("init --annotate --write --force --offline")
}

/// Everything that was there is still there, in its order: returns the inserted lines.
fn inserted(before: &str, after: &str) -> Vec<String> {
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
fn copy(from: &Path, to: &Path) {
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
fn shop() -> Sandbox {
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
fn old() -> PlainFuture { todo!() }
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

/// A handler more, later: its journey is added to those that are there.
#[test]
fn a_later_run_adds_what_is_new() {
    let main = "use axum::{Router, routing::get};\nasync fn a() {}\nasync fn b() {}\n\
                fn main() { axum::serve(l, Router::new().route(\"/a\", get(a))); }\n";
    let sandbox = service(main);
    write(&sandbox).ok();
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
    let (first, journeys) = (read("src/main.rs"), read("src/journeys.rs"));
    assert_eq!(
        write(&sandbox).ok().err,
        "no handler without an annotation was found, 1 had one already\n"
    );
    assert_eq!(
        (read("src/main.rs"), read("src/journeys.rs")),
        (first.clone(), journeys.clone())
    );
    sandbox.write(
        "src/main.rs",
        first.replace(
            ".route(\"/a\", get(a))",
            ".route(\"/a\", get(a)).route(\"/a/more\", get(b)).route(\"/c\", get(c))",
        ) + "async fn c() {}\n",
    );
    write(&sandbox).ok();
    let after = read("src/journeys.rs");
    assert!(after.starts_with(&journeys));
    assert_eq!(after.matches("pub(crate) const A:").count(), 1);
    assert_eq!(after.matches("pub(crate) const C:").count(), 1);
    assert!(read("src/main.rs").contains("journey = crate::journeys::A, route = \"GET /a/more\""));
    assert_eq!(read("src/main.rs").matches("mod journeys;").count(), 1);
    // A file that is something else is left alone.
    let other = service(main);
    other.write("src/journeys.rs", "mine");
    write(&other).ok();
    assert_eq!(
        fs::read_to_string(other.path("src/journeys.rs")).unwrap(),
        "mine"
    );
    assert!(
        fs::read_to_string(other.path("src/main.rs"))
            .unwrap()
            .contains("crate::slo_journeys::A")
    );
}

#[test]
fn programs_beside_each_other_and_packages_of_a_workspace() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"api\", \"run\"]\n",
    );
    sandbox.write("api/Cargo.toml", manifest("api", ""));
    sandbox.write("api/src/lib.rs", "pub mod http;\n");
    sandbox.write(
        "api/src/http.rs",
        "use axum::{Router, routing::get};\nmod not_here;\npub async fn shared() {}\npub fn routes() -> Router { Router::new().route(\"/shared\", get(shared)) }\n",
    );
    sandbox.write(
        "run/Cargo.toml",
        manifest(
            "run",
            "platform-api = { package = \"api\", path = \"../api\" }\n",
        )
        .replace(
            "slo-sdk =",
            "sdk = { package = \"slo-sdk\", version = \"0.1\" }\n#",
        ),
    );
    sandbox.write(
        "run/src/bin/one.rs",
        "use axum::{Router, routing::get};\n\nasync fn one() {}\n\nfn main() { axum::serve(l, Router::new().nest(\"/v2\", platform_api::http::routes()).route(\"/one\", get(one))); }\n",
    );
    sandbox.write("run/target/src/main.rs", "never read");
    let inner = Sandbox::at(sandbox.path("run"));
    let run = write(&inner);
    assert!(
        run.err
            .contains("a handler that is not annotated is in the package `api`"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("no file for `mod not_here`"),
        "{}",
        run.err
    );
    let one = fs::read_to_string(inner.path("src/bin/one.rs")).unwrap();
    assert!(
        one.starts_with("#[path = \"../journeys.rs\"]\nmod journeys;\n\nuse axum::"),
        "{one}"
    );
    assert!(
        one.contains("use sdk::slo;\n") && one.contains("route = \"GET /one\", crate = sdk)]"),
        "{one}"
    );
    let journeys = fs::read_to_string(inner.path("src/journeys.rs")).unwrap();
    assert!(
        journeys.contains("use sdk::{Journey, Objectives};"),
        "{journeys}"
    );
    let run = sandbox.slo("init --annotate --offline -p api");
    assert!(run.out.contains("+++ b/api/src/http.rs"), "{}", run.out);
    assert!(
        run.out.contains("route = \"GET /v2/shared\""),
        "{}",
        run.out
    );
    assert!(!run.out.contains("run/"), "{}", run.out);
    sandbox
        .slo("init --annotate --offline -p none")
        .failed(&["no package `none`", "api, run"]);
    sandbox
        .slo("init --openapi x")
        .failed(&["with `--annotate` only"]);
    for wrong in [
        "init --annotate -o x",
        "init --write",
        "init --annotate --force",
        "init --annotate --bin x",
    ] {
        assert_eq!(sandbox.slo(wrong).code, 2, "{wrong}");
    }
}

#[test]
fn methods_of_grpc() {
    let sandbox = service(
        "mod pb { tonic::include_proto!(\"shop.v1\"); }\nmod kept;\n\
         use pb::payments_server::Payments;\nstruct S;\n\
         #[tonic::async_trait]\nimpl Payments for S {\n    type ListStream = X;\n    async fn charge(&self) {}\n    async fn get_url(&self) {}\n    async fn odd(&self) {}\n}\n\
         #[tonic::async_trait]\nimpl kept::stock_server::Stock for S {\n    async fn count(&self) {}\n}\n\
         #[tonic::async_trait]\nimpl elsewhere::greeter_server::Greeter for S { async fn say_hello(&self) {} }\n\
         impl other_server::Other2 for S { fn no(&self) {} }\nfn main() {}\n",
    );
    sandbox.write(
        "src/kept.rs",
        "pub mod stock_server { pub trait Stock {} const A: &str = \"/w.Stock/Count\"; }\n",
    );
    sandbox.write(
        "proto/a.proto",
        "package shop.v1;\nservice Payments { rpc Charge(A) returns (B); rpc GetURL(A) returns (B); }\n",
    );
    sandbox.write(
        "proto/old/b.proto",
        "package shop.v0;\nservice Payments { rpc Odd(A) returns (B); }\n",
    );
    sandbox.write(
        "target/c.proto",
        "package no;\nservice Greeter { rpc SayHello(A) returns (B); }\n",
    );
    sandbox.write("slo.toml", "[coverage]\nroutes = [\"routes.txt\"]\n");
    sandbox.write(
        "routes.txt",
        "/hello.Greeter/SayHello\n/hello.Greeter/SayBye\nGET /lost\n",
    );
    let run = write(&sandbox);
    assert_eq!(run.code, 1, "{run:?}");
    let expected = [
        ("charge", Some("/shop.v1.Payments/Charge")),
        ("count", Some("/w.Stock/Count")),
        ("get_url", Some("/shop.v1.Payments/GetURL")),
        ("odd", None),
        ("say_hello", Some("/hello.Greeter/SayHello")),
    ];
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(name, route)| (name.to_owned(), vec![route.map(str::to_owned)]))
        .collect();
    assert_eq!(annotated(&sandbox), expected);
    for told in [
        "`odd` is annotated without a `route`: no `.proto` file",
        "`/hello.Greeter/SayBye` is offered",
        "`GET /lost` is offered",
        "--> routes.txt:3",
    ] {
        assert!(run.err.contains(told), "`{told}` is not in:\n{}", run.err);
    }
    assert!(!run.err.contains("SayHello` is offered"), "{}", run.err);
}

/// What is wrong with one file is told, and the others go on.
#[test]
fn hostile_sources() {
    let sandbox = service(
        "mod broken;\nmod binary;\nmod deep;\nmod long;\nmod link;\nmod again;\nmod control;\n\
         #[path = \"/etc/hostname\"] mod outside;\n#[cfg(windows)] mod gone;\n\
         #[cfg(test)] mod tests { use super::*; fn app() -> axum::Router { axum::Router::new().route(\"/test\", axum::routing::get(good)) } }\n\
         async fn good() {}\n\
         fn recursive() -> axum::Router { recursive().merge(other()) }\nfn other() -> axum::Router { recursive() }\n\
         fn main() { axum::serve(l, axum::Router::new().merge(recursive()).route(\"/good\", axum::routing::get(good))); }\n",
    );
    sandbox.write("src/broken.rs", "fn a() {}\nfn {\n");
    sandbox.write("src/binary.rs", b"fn a() {} // \xff\xfe");
    sandbox.write(
        "src/deep.rs",
        format!("const A: bool = {}true;", "!".repeat(50_000)),
    );
    fs::File::create(sandbox.write("src/long.rs", ""))
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    sandbox.write("src/control.rs", "// \u{1b}]0;title\u{7}\n");
    sandbox.write("src/again.rs", "#[path = \"again.rs\"] mod again;\n#[path = \"main.rs\"] mod main;\nuse again::x;\nuse x::again;\npub use self::*;\n");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("main.rs", sandbox.path("src/link.rs")).unwrap();
        std::os::unix::fs::symlink(".", sandbox.path("src/loop")).unwrap();
    }
    let run = write(&sandbox);
    assert_eq!(run.code, 1, "{run:?}");
    for told in [
        "--> src/broken.rs:2",
        "src/binary.rs",
        "src/deep.rs:1",
        "src/long.rs",
        "src/control.rs",
        "lies outside of",
    ] {
        assert!(run.err.contains(told), "`{told}` is not in:\n{}", run.err);
    }
    assert!(
        !run.err.contains("gone") && !run.err.contains('\u{1b}'),
        "{}",
        run.err
    );
    let found = annotated(&sandbox);
    let good = found.get("good").unwrap();
    assert!(
        good.contains(&Some("GET /good".to_owned())),
        "{good:?}\n{}",
        run.err
    );
    assert_eq!(found.len(), 1);
}

fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example",
            "-c",
            "core.autocrlf=false",
        ])
        .args(arguments)
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn only_what_is_committed_is_changed() {
    let main = "async fn a() {}\nfn main() { axum::serve(l, axum::Router::new().route(\"/a\", axum::routing::get(a))); }\n";
    let sandbox = service(main);
    let unchanged = || {
        let now = fs::read_to_string(sandbox.path("src/main.rs"));
        assert_eq!(now.unwrap(), main);
    };
    let run = || sandbox.slo("init --annotate --write --offline");
    run().failed(&["in no git repository", "nothing was written", "--force"]);
    git(&sandbox, &["init", "--quiet"]);
    run().failed(&["not as they were committed", "src/main.rs"]);
    unchanged();
    git(&sandbox, &["add", "."]);
    run().failed(&["not as they were committed"]);
    git(&sandbox, &["commit", "--quiet", "--message", "a"]);
    sandbox.write("src/main.rs", format!("{main}// mine\n"));
    run().failed(&["not as they were committed"]);
    assert!(
        fs::read_to_string(sandbox.path("src/main.rs"))
            .unwrap()
            .ends_with("// mine\n")
    );
    // Others may be changed, and git may have turned the ends of lines.
    sandbox.write("src/main.rs", main.replace('\n', "\r\n"));
    sandbox.write("README.md", "new");
    let run = run().ok();
    assert_eq!(run.out, "");
    assert!(
        run.err
            .contains("wrote src/journeys.rs\nwrote src/main.rs\n1 handler is annotated now\n"),
        "{}",
        run.err
    );
    // And a diff is what `git apply` takes.
    git(&sandbox, &["checkout", "--quiet", "."]);
    fs::remove_file(sandbox.path("src/journeys.rs")).unwrap();
    let diff = sandbox.slo("init --annotate --offline").ok().out;
    sandbox.write("a.patch", diff);
    git(&sandbox, &["apply", "a.patch"]);
    assert!(sandbox.slo("init --annotate --offline").ok().out.is_empty());
}

/// All or none, and a file that changes meanwhile is not lost: a read-only one stops all of them.
#[cfg(unix)]
#[test]
fn all_files_or_none() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = service(
        "mod b;\nasync fn a() {}\nfn main() { axum::serve(l, axum::Router::new().route(\"/a\", axum::routing::get(a)).route(\"/b\", axum::routing::get(b::b))); }\n",
    );
    let path = sandbox.write("src/b.rs", "pub async fn b() {}\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let before = sources(&sandbox.path(""));
    write(&sandbox).failed(&["src/b.rs", "read-only", "nothing was written"]);
    assert_eq!(sources(&sandbox.path("")), before);
    assert_eq!(fs::read_dir(sandbox.path("src")).unwrap().count(), 2);
}

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
