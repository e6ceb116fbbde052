//! The attribute [`macro@slo`]: a service level objective beside the function it is about.
//!
//! Users depend on `slo-sdk`, which re-exports it. The way of an annotation is
//! `parse` → `model` → `expand`.

#![forbid(unsafe_code)]

mod expand;
mod model;
mod parse;

use proc_macro::TokenStream;
use quote::quote;

/// Declares what an endpoint promises, and counts whether it keeps it.
///
/// ```
/// use slo_sdk::{Journey, Objectives, millis, slo};
///
/// const CHECKOUT: Journey = Journey::new("checkout")
///     .title("Buy what is in the cart")
///     .objectives(Objectives::new().availability(99.9).latency(99.0, millis(500)));
///
/// // Counts for the objectives of the journey:
/// #[slo(journey = CHECKOUT)]
/// async fn cart() -> Result<String, std::io::Error> {
///     Ok("empty".to_owned())
/// }
///
/// // Has objectives of its own, too:
/// #[slo(
///     journey = CHECKOUT,
///     route = "POST /orders",
///     availability = 99.95%,
///     latency = 99% < 300ms,
/// )]
/// async fn place_order() -> Result<String, std::io::Error> {
///     Ok("order 1".to_owned())
/// }
/// ```
///
/// The function keeps its signature and does what it did. Each call becomes one event, and
/// under the layer of `slo-tower` the layer judges the answer. The compiled program carries
/// what the annotation says, for `cargo slo`.
///
/// # Without a layer
/// No answer is seen then, and the function is judged by what it returns, as far as that says
/// something:
///
/// | it returns | and is |
/// | --- | --- |
/// | `()` | good |
/// | `StatusCode`, `Response`, `(StatusCode, R)` | judged by the status, as under a layer |
/// | `(StatusCode, parts…, R)` | bad with a 5xx; else not judged: axum answers 500 where it can't write a part |
/// | `ExitCode`, `ExitStatus` | good if it is success, else bad |
/// | `Err` of one of the types with a status | judged by the status |
/// | any other `Err`, or a panic | bad |
/// | `Ok(x)` | as `x` |
/// | anything else | not judged: a type's own `IntoResponse` may render a 500 |
///
/// What is not judged has the result `outside_layer`: it is good or bad in no SLI, an alert
/// (`SloNotMeasured`) is open while that goes on, and one warning per endpoint says what to
/// do. Three keys change this:
/// - with `route`, which says that a layer is to count it, nothing is judged without one;
/// - with `every` or `per = call` there is no answer beyond the value, so everything that is
///   not bad by the table is good. `bool` and `Option` are refused there: return a `Result`.
///
/// # Keys
///
/// Values in the notation of the attribute (`99.9%`, `500ms`) are checked by the macro,
/// constant expressions by the compiler; either way a wrong value is a compile error that
/// points at it.
///
/// ## `journey` (required)
/// The critical user journey the function serves: a constant of type `Journey`, often from
/// a crate that an organisation shares.
/// ```
/// mod journeys {
///     use slo_sdk::{Journey, Objectives};
///     pub const SEARCH: Journey =
///         Journey::new("search").objectives(Objectives::new().availability(99.5));
/// }
///
/// #[slo_sdk::slo(journey = journeys::SEARCH)]
/// async fn suggestions() {}
/// ```
///
/// ## `availability`
/// The share of valid events that must be good: percent with at most seven decimals, from 1 %
/// to below 100 %, or a constant of type `Target`.
///
/// ## `latency`
/// The share of valid events that must end within a threshold: a percentage or `Target`,
/// `<`, and a number with `us`, `ms`, `s` or `m`, or a constant `Duration`; or a constant of
/// type `Latency`. At most an hour, but for jobs and calls (`every`, `per = call`), which may
/// take a day. Several of them are told apart by a name. An event that takes just as
/// long as the threshold is in time.
/// ```
/// use slo_sdk::{Journey, Latency, Target, millis, slo};
/// const SEARCH: Journey = Journey::new("search");
/// const STRICT: Target = Target::from_percent(99.95);
/// const INSTANT: Latency = Latency::named("instant", 10.0, millis(5));
///
/// #[slo(
///     journey = SEARCH,
///     availability = STRICT,
///     latency = 99% < 500ms,
///     latency("typical", 50% < millis(100)),
///     latency = INSTANT,
/// )]
/// async fn results() {}
/// ```
///
/// ## `objectives`
/// A whole set of objectives, such as a tier; `availability`, `latency` and `window` beside
/// it replace what it says.
/// ```
/// use slo_sdk::{Journey, Objectives, millis, slo};
/// const GOLD: Objectives = Objectives::new().availability(99.9).latency(99.0, millis(500));
/// const SEARCH: Journey = Journey::new("search");
///
/// #[slo(journey = SEARCH, objectives = GOLD.latency(99.0, millis(120)))]
/// async fn stock() {}
///
/// #[slo(journey = SEARCH, objectives = GOLD, availability = 99.5%)]
/// async fn pictures() {}
/// ```
/// An endpoint without objectives of its own needs a journey that has some.
/// ```compile_fail
/// use slo_sdk::{Journey, slo};
/// const BARE: Journey = Journey::new("bare");
///
/// #[slo(journey = BARE)]
/// async fn nothing_is_promised() {}
/// ```
///
/// ## `window`
/// The period the endpoint's own objectives are promised over: days (`30d`, the default),
/// weeks (`4w`), or a constant of type `Window`.
///
/// ## `route`
/// Where the endpoint is served, `"METHOD /path/{param}"` or `"/package.Service/Method"`.
/// With it, requests that end before the function runs (a refused body, a client that
/// leaves) count from the first one on; without it, from the first success on.
///
/// A route that no request can match is refused, with what may have been meant: `:id`, `*path`
/// or `<id>` for `{id}`, `ANY` for a method, a query, a path of HTTP without a method.
///
/// ## `until`
/// What latency is measured until: `body` (the default), the last byte of the answer, or
/// `headers`, for answers that stream for as long as the client likes.
/// ```
/// # use slo_sdk::{Journey, Objectives, Window, slo};
/// # const SEARCH: Journey = Journey::new("search");
/// #[slo(
///     journey = SEARCH,
///     route = "GET /events/{topic}",
///     latency = 99% < 1s,
///     window = Window::MONTH,
///     until = headers,
/// )]
/// async fn events() {}
/// ```
///
/// ## `good_status`, `bad_status`
/// Status codes that mean something else here than elsewhere: HTTP statuses, or gRPC codes,
/// which are the numbers 0 to 16. A good one is an answer as good as any, a bad one the
/// service's fault.
/// ```
/// # use slo_sdk::{Journey, Objectives, slo};
/// # const SEARCH: Journey = Journey::new("search").objectives(Objectives::new().availability(99.5));
/// // Nothing found is an answer, and whoever is turned away was promised one.
/// #[slo(journey = SEARCH, good_status = [404], bad_status = [429])]
/// async fn product() {}
///
/// const ALREADY_EXISTS: u16 = 6;
///
/// #[slo(journey = SEARCH, route = "/shop.Index/Add", good_status = [ALREADY_EXISTS])]
/// async fn add() {}
/// ```
///
/// ## `per`
/// What one event is: a `request` to the layer around the function (the default), or a
/// `call` of the function, wherever it runs. A handler is the former; something that runs
/// before the handler, or is called by it, and has an SLO of its own is the latter.
/// ```
/// # use slo_sdk::{Journey, Objectives, slo};
/// # const SEARCH: Journey = Journey::new("search").objectives(Objectives::new().availability(99.5));
/// #[slo(journey = SEARCH, per = call)]
/// async fn check_token(token: &str) -> Result<(), std::io::Error> {
///     Ok(())
/// }
/// ```
///
/// ## `every`
/// How often a job is expected to run: a number with `s`, `m`, `h` or `d`, or a constant
/// `Duration`. It makes the function a job, which is a separate event wherever it runs.
/// ```
/// # use slo_sdk::{Journey, Objectives, slo};
/// # const SEARCH: Journey = Journey::new("search");
/// #[slo(journey = SEARCH, every = 5m, availability = 99%)]
/// async fn rebuild_index() -> Result<(), std::io::Error> {
///     Ok(())
/// }
/// ```
///
/// ## `name`
/// The name of the endpoint in metrics and documents; the function's in kebab-case by
/// default. Unique in a service.
///
/// ## `description`, `runbook`
/// What a reader of the document should know, and the address of the page that tells what
/// to do when its alerts fire.
/// ```
/// # use slo_sdk::{Journey, Objectives, slo};
/// # const SEARCH: Journey = Journey::new("search");
/// #[slo(
///     journey = SEARCH,
///     name = "search-v2",
///     availability = 99.9%,
///     description = "Full text search over all products",
///     runbook = "https://runbooks.example/search",
/// )]
/// async fn search_with_new_ranking() {}
/// ```
///
/// ## `formerly`
/// What the endpoint was called before, so that a rename keeps its error budgets: the rules that
/// `cargo slo generate prometheus` writes add to them what was counted under the old name. It is
/// a name, or `"journey/name"` where the endpoint comes from a journey that is still there, or
/// a list of at most four of these. A journey that is renamed says so itself, with
/// `Journey::formerly`, for all its endpoints. It can go one window after the last program with the
/// old name was stopped.
/// ```
/// # use slo_sdk::{Journey, Objectives, slo};
/// const BUY: Journey = Journey::new("buy")
///     .formerly(&["checkout"])
///     .objectives(Objectives::new().availability(99.9));
///
/// #[slo(journey = BUY, availability = 99.95%, formerly = "place-order")]
/// async fn submit_order() {}
/// ```
///
/// ## `crate`
/// Where the SDK is found, for organisations that re-export it; `::slo_sdk` by default.
/// ```
/// # use slo_sdk::{Journey, Objectives};
/// # const SEARCH: Journey = Journey::new("search").objectives(Objectives::new().availability(99.5));
/// mod platform {
///     pub use slo_sdk as slo;
/// }
///
/// #[platform::slo::slo(journey = SEARCH, crate = platform::slo)]
/// async fn facets() {}
/// ```
///
/// # Where it stands
/// On any function with a body that can be measured, as long as it is Rust's own and safe:
///
/// - `async fn`s with any arguments and generics, free or as methods;
/// - functions that return `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture` or
///   `LocalBoxFuture`, measured while the future is polled;
/// - methods in an `impl` under `#[async_trait]` or `#[tonic::async_trait]`;
/// - other functions, measured while they run.
///
/// Above or below `#[axum::debug_handler]` makes no difference. A function whose return
/// type looks like a future of an unknown kind is refused, because it would be measured as
/// if it were done when it returns:
/// ```compile_fail
/// # use slo_sdk::{Journey, Objectives, slo};
/// # const SEARCH: Journey = Journey::new("search").objectives(Objectives::new().availability(99.5));
/// type MyFuture = std::future::Ready<()>;
///
/// #[slo(journey = SEARCH)] // write `-> impl Future<Output = ()>`
/// fn suggestions() -> MyFuture {
///     std::future::ready(())
/// }
/// ```
///
/// Arguments are constant expressions outside of the function: they can't name `Self` or
/// its generic parameters.
#[proc_macro_attribute]
pub fn slo(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let original = proc_macro2::TokenStream::from(item.clone());
    match parse::annotation(arguments.into(), item.into()) {
        Ok(annotation) => expand::function(&annotation).into(),
        // The item stays, so that one mistake here is not a hundred in its callers.
        Err(error) => {
            let error = error.into_compile_error();
            quote!(#error #original).into()
        }
    }
}

/// Declares an endpoint that is not a function, such as what a loop does with each message of a
/// queue, and gives it as `&'static Endpoint`.
///
/// The keys are those of [`macro@slo`]; `name` is required. Each event is started and ended
/// by hand:
/// ```
/// use slo_sdk::{Endpoint, Journey, Objectives, endpoint};
/// const ORDERS: Journey = Journey::new("orders").objectives(Objectives::new().availability(99.9));
///
/// static CONSUME: &Endpoint = endpoint!(name = "consume-order", journey = ORDERS);
///
/// fn consume(message: &str) {
///     let event = CONSUME.event();
///     match message.parse::<u32>() {
///         Ok(_) => event.good(),
///         Err(_) => event.bad("no number"),
///     }
/// }
/// # consume("7");
/// ```
#[proc_macro]
pub fn endpoint(arguments: TokenStream) -> TokenStream {
    match parse::standalone(arguments.into()) {
        Ok(endpoint) => expand::standalone(&endpoint).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// Gives the service that a program is a name.
///
/// It stands once, in the program:
/// ```
/// slo_sdk::service!("orders");
///
/// fn main() {
///     let _slo = slo_sdk::builder().init();
/// }
/// ```
///
/// [`init`](https://docs.rs/slo-sdk/latest/slo_sdk/fn.init.html) exports under this name, and
/// `cargo slo` writes rules and documents for it, whatever the file is called that the program is
/// copied to. `OTEL_SERVICE_NAME` wins at run time. An application that makes its meter provider
/// itself gives its `Resource` the same constant:
/// ```
/// const NAME: &str = "orders";
/// slo_sdk::service!(NAME);
/// ```
///
/// Without it, a service is called like the file of its program. A name has 1 to 200 bytes, does not
/// start with `.`, and contains no `/`, no `\` and no control character; another one is a compile
/// error:
/// ```compile_fail
/// slo_sdk::service!("shop/orders");
/// ```
///
/// Where the SDK is re-exported, `crate` says where it is found, as for
/// [`macro@slo`]: `platform::slo::service!("orders", crate = platform::slo);`
#[proc_macro]
pub fn service(arguments: TokenStream) -> TokenStream {
    match parse::service(arguments.into()) {
        Ok(service) => expand::service(&service).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// Returns the record in the binary that says "built with the SDK"; only `slo-sdk` calls this.
#[doc(hidden)]
#[proc_macro]
pub fn sentinel(_: TokenStream) -> TokenStream {
    expand::sentinel().into()
}
