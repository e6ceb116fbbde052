//! The constant that holds everything an annotation says.
//!
//! It is built in [steps](super::steps), so that each check of the model fails in a
//! statement of its own.

use super::{
    caret::Caret,
    steps::{Steps, variable},
};
use crate::model::{Answer, Arguments, Days, Per, Until, Written};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;

/// `const __SLO_DECLARATION: Declaration = …;`
pub(super) fn declaration(
    private: &TokenStream,
    arguments: &Arguments,
    name: &Expr,
    place: &Place,
) -> TokenStream {
    constant(&quote!(__SLO_DECLARATION), private, arguments, name, place)
}

/// The same without a name: it is checked, and leaves nothing behind.
pub(super) fn check(
    private: &TokenStream,
    arguments: &Arguments,
    name: &Expr,
    place: &Place,
) -> TokenStream {
    constant(&quote!(_), private, arguments, name, place)
}

fn constant(
    constant: &TokenStream,
    private: &TokenStream,
    arguments: &Arguments,
    name: &Expr,
    place: &Place,
) -> TokenStream {
    let mut steps = Steps::new(private);
    let journey = Caret::at(&arguments.journey);
    steps.bind("journey", "Journey", &arguments.journey);
    steps.bind_text("name", name);
    steps.call(
        "declaration",
        Caret::at(name),
        "Declaration::new",
        &["name", "journey"],
    );
    let mut latency = journey;
    if let Some(caret) = objectives(&mut steps, arguments) {
        latency = caret;
        steps.call(
            "declaration",
            caret,
            "Declaration::objectives",
            &["declaration", "objectives"],
        );
    }
    if let Some(route) = &arguments.route {
        steps.bind_text("route", route);
        steps.call("route", Caret::at(route), "Route::new", &["route"]);
        steps.call(
            "declaration",
            Caret::at(route),
            "Declaration::route",
            &["declaration", "route"],
        );
    }
    if arguments.until == Until::Headers {
        steps.set("until", &quote!(#private::Until::Headers));
        steps.call(
            "declaration",
            journey,
            "Declaration::until",
            &["declaration", "until"],
        );
    }
    statuses(&mut steps, arguments);
    if arguments.per == Per::Call {
        steps.set("per", &quote!(#private::Per::Call));
        steps.call(
            "declaration",
            journey,
            "Declaration::per",
            &["declaration", "per"],
        );
    }
    // Whole answers are the rule: they are told where that makes `until` a question.
    let answer = match (place.answer, arguments.until) {
        (Answer::Stream, _) => Some(quote!(#private::Answer::Stream)),
        (Answer::Whole, Until::Headers) => Some(quote!(#private::Answer::Whole)),
        (Answer::Whole, Until::Body) | (Answer::Unknown, _) => None,
    };
    if let Some(answer) = answer {
        steps.set("answer", &answer);
        steps.call(
            "declaration",
            journey,
            "Declaration::answer",
            &["declaration", "answer"],
        );
    }
    if let Some(every) = &arguments.every {
        let caret = steps.duration("every", every);
        steps.call(
            "declaration",
            caret,
            "Declaration::every",
            &["declaration", "every"],
        );
    }
    for (key, text) in [
        ("description", &arguments.description),
        ("runbook", &arguments.runbook),
    ] {
        if let Some(text) = text {
            steps.bind_text(key, text);
            let setter = format!("Declaration::{key}");
            steps.call(
                "declaration",
                Caret::at(text),
                &setter,
                &["declaration", key],
            );
        }
    }
    if let Some(formerly) = &arguments.formerly {
        steps.bind_names("formerly", formerly);
        steps.call(
            "declaration",
            Caret::at(formerly),
            "Declaration::formerly",
            &["declaration", "formerly"],
        );
    }
    // What stands on no function may be anything that is started and ended by hand.
    if !place.function.is_empty() {
        steps.call(
            "declaration",
            latency,
            "Declaration::answers_requests",
            &["declaration"],
        );
    }
    steps.set("source", &source(private, place));
    steps.call(
        "declaration",
        journey,
        "Declaration::source",
        &["declaration", "source"],
    );
    steps.call(
        "declaration",
        journey,
        "Declaration::checked",
        &["declaration"],
    );
    let tokens = steps.finish();
    let declaration = variable("declaration");
    quote! {
        const #constant: #private::Declaration = {
            #tokens
            #declaration
        };
    }
}

/// Adds the status codes that mean something else here.
fn statuses(steps: &mut Steps<'_>, arguments: &Arguments) {
    let lists = [
        ("Statuses::good", &arguments.good_status),
        ("Statuses::bad", &arguments.bad_status),
    ];
    let given = || {
        lists
            .iter()
            .filter_map(|(set, codes)| Some((set, (*codes).as_ref()?)))
    };
    let Some((_, last)) = given().next_back() else {
        return;
    };
    steps.call("statuses", Caret::at(last), "Statuses::new", &[]);
    for (setter, codes) in given() {
        steps.bind_codes("codes", codes);
        steps.call("statuses", Caret::at(codes), setter, &["statuses", "codes"]);
    }
    steps.call(
        "declaration",
        Caret::at(last),
        "Declaration::statuses",
        &["declaration", "statuses"],
    );
}

/// Leaves the objectives of the endpoint in `objectives`, if it has any of its own.
fn objectives(steps: &mut Steps<'_>, arguments: &Arguments) -> Option<Caret> {
    let Arguments {
        objectives,
        availability,
        latencies,
        window,
        ..
    } = arguments;
    if objectives.is_none() && availability.is_none() && latencies.is_empty() {
        return None;
    }
    let mut caret = Caret::at_span(Span::call_site());
    match objectives {
        Some(objectives) => {
            steps.bind("objectives", "Objectives", objectives);
            caret = Caret::at(objectives);
        }
        None => steps.call("objectives", caret, "Objectives::new", &[]),
    }
    if let Some(target) = availability {
        caret = steps.target(target);
        steps.call(
            "objectives",
            caret,
            "Objectives::availability_exact",
            &["objectives", "target"],
        );
    }
    // The latency objectives that stand here, on their own, to see that none of them
    // replaces another; one from `objectives` may be replaced.
    if latencies.len() > 1 {
        steps.call("here", caret, "Objectives::new", &[]);
    }
    for latency in latencies {
        caret = steps.latency(latency);
        steps.call(
            "objectives",
            caret,
            "Objectives::latency_objective",
            &["objectives", "latency"],
        );
        if latencies.len() > 1 {
            steps.call(
                "here",
                caret,
                "Objectives::latency_objective",
                &["here", "latency"],
            );
        }
    }
    if let Some(last) = latencies.len().checked_sub(1).filter(|last| *last > 0) {
        let here = variable("here");
        let check = quote! {
            ::core::assert!(
                #here.latency_at(#last).is_some(),
                "two latency objectives of this endpoint have the same name; give one another: `latency(\"typical\", 50% < 100ms)`"
            )
        };
        let check = caret.place(&check);
        steps.run(&check);
    }
    if let Some(window) = window {
        let caret = match window {
            Written::Literally(Days(days), span) => {
                let caret = Caret::at_span(*span);
                steps.call_with("window", caret, "Window::days", &quote!(#days));
                caret
            }
            Written::Constant(expression) => {
                steps.bind("window", "Window", expression);
                Caret::at(expression)
            }
        };
        steps.call(
            "objectives",
            caret,
            "Objectives::window",
            &["objectives", "window"],
        );
    }
    Some(caret)
}

/// Where the annotation stands.
pub(super) struct Place {
    /// The name of the function, empty where it stands on none.
    pub(super) function: String,
    pub(super) span: Span,
    /// What its return type says about the answer.
    pub(super) answer: Answer,
}

pub(super) fn source(private: &TokenStream, place: &Place) -> TokenStream {
    let Place { function, span, .. } = place;
    // Fully the user's span: `line!` reports the outermost macro call of its own span, and
    // that would be the attribute.
    let line = quote_spanned!(*span=> ::core::line!());
    quote! {
        #private::Source {
            package: ::core::env!("CARGO_PKG_NAME"),
            version: ::core::env!("CARGO_PKG_VERSION"),
            module: ::core::module_path!(),
            function: #function,
            file: ::core::file!(),
            line: #line,
        }
    }
}
