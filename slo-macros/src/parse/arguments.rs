//! The list in the parentheses of `#[slo(…)]`.

use super::{key::Key, latency, route, span_of_time, target};
use crate::model::{Arguments, Days, Latency, Per, Ppb, Until, Written};
use proc_macro2::{Ident, Span, TokenTree};
use std::{collections::HashSet, time::Duration};
use syn::{
    Error, Expr, Lit, Path, Token, ext::IdentExt, parenthesized, parse::ParseStream, parse_quote,
    spanned::Spanned, token::Paren,
};

/// Reads all arguments, however many of them are wrong.
pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Arguments> {
    let mut found = Found::default();
    let mut errors: Option<Error> = None;
    while !input.is_empty() {
        if let Err(error) = found.argument(input) {
            match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            }
            skip_argument(input);
        }
    }
    match errors {
        Some(errors) => Err(errors),
        None => found.complete(),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Found {
    keys: HashSet<Key>,
    sdk: Option<Path>,
    journey: Option<Expr>,
    name: Option<Expr>,
    route: Option<Expr>,
    objectives: Option<Expr>,
    availability: Option<Written<Ppb>>,
    latencies: Vec<Latency>,
    /// Names of the latency objectives as far as they are plain to see.
    latency_names: HashSet<String>,
    window: Option<(Span, Written<Days>)>,
    until: Option<Until>,
    good_status: Option<Expr>,
    bad_status: Option<Expr>,
    per: Option<Per>,
    every: Option<Written<Duration>>,
    description: Option<Expr>,
    runbook: Option<Expr>,
    formerly: Option<Expr>,
}

impl Found {
    /// Reads one argument and the comma behind it.
    fn argument(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let ident = key_ident(input)?;
        let key = Key::from_ident(&ident)?;
        if !self.keys.insert(key) && key != Key::Latency {
            return Err(Error::new(
                ident.span(),
                format!("`{ident}` is given twice; keep one of them"),
            ));
        }
        if key == Key::Latency && input.peek(Paren) {
            let content;
            parenthesized!(content in input);
            let latency = latency::named(&content)?;
            self.latency(&ident, latency)?;
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            self.value(key, &ident, input)?;
        } else {
            let message = format!("`{ident}` needs a value: `{}`", key.example());
            return Err(Error::new(ident.span(), message));
        }
        if input.is_empty() {
            return Ok(());
        }
        match input.parse::<Option<Token![,]>>()? {
            Some(_) => Ok(()),
            None => Err(input.error(format!(
                "expected `,` after the value of `{ident}`, which is written like `{}`",
                key.example()
            ))),
        }
    }

    fn value(&mut self, key: Key, ident: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        if input.is_empty() || input.peek(Token![,]) {
            let message = format!("`{ident}` needs a value: `{}`", key.example());
            return Err(Error::new(ident.span(), message));
        }
        match key {
            Key::Journey => self.journey = Some(journey(input)?),
            Key::Name => self.name = Some(input.parse()?),
            Key::Route => self.route = Some(route::checked(input.parse()?)?),
            Key::Availability => self.availability = Some(target::availability(input)?),
            Key::Latency => {
                let latency = latency::unnamed(input)?;
                self.latency(ident, latency)?;
            }
            Key::Objectives => self.objectives = Some(input.parse()?),
            Key::Window => self.window = Some((ident.span(), span_of_time::window(input)?)),
            Key::Until => self.until = Some(until(input)?),
            Key::GoodStatus => self.good_status = Some(statuses(ident, input)?),
            Key::BadStatus => self.bad_status = Some(statuses(ident, input)?),
            Key::Per => self.per = Some(per(input)?),
            Key::Every => self.every = Some(span_of_time::interval(input)?),
            Key::Description => self.description = Some(input.parse()?),
            Key::Runbook => self.runbook = Some(input.parse()?),
            Key::Formerly => self.formerly = Some(input.parse()?),
            Key::Crate => self.sdk = Some(input.call(Path::parse_mod_style)?),
        }
        Ok(())
    }

    fn latency(&mut self, key: &Ident, latency: Latency) -> syn::Result<()> {
        let name = match &latency {
            Latency::Stated { name: None, .. } => Some("latency".to_owned()),
            Latency::Stated {
                name: Some(name), ..
            } => literal_text(name),
            Latency::Constant(_) => None,
        };
        if let Some(name) = name
            && !self.latency_names.insert(name.clone())
        {
            let message = format!(
                "there is a latency objective `{name}` already; tell them apart by a name: `latency(\"typical\", 50% < 100ms)`"
            );
            return Err(Error::new(key.span(), message));
        }
        self.latencies.push(latency);
        Ok(())
    }

    /// What only the whole list can tell.
    fn complete(self) -> syn::Result<Arguments> {
        let Some(journey) = self.journey else {
            return Err(Error::new(
                Span::call_site(),
                "`journey` is missing: name the critical user journey this function serves, such as `#[slo(journey = CHECKOUT)]` with `const CHECKOUT: Journey = Journey::new(\"checkout\")`",
            ));
        };
        let own =
            self.objectives.is_some() || self.availability.is_some() || !self.latencies.is_empty();
        let statuses = [&self.good_status, &self.bad_status];
        if let Some(codes) = statuses.into_iter().flatten().next()
            && (self.every.is_some() || self.per == Some(Per::Call))
        {
            return Err(Error::new(
                codes.span(),
                "a status belongs to an answer, and what is counted per call or as a job gives none; it is `Err` that is bad there",
            ));
        }
        let window = match self.window {
            Some((key, _)) if !own => {
                return Err(Error::new(
                    key,
                    "`window` is the window of the objectives given here, and there are none; add `availability = 99.9%`, or set the window of the journey on its objectives: `Objectives::new().window(Window::days(28))`",
                ));
            }
            window => window.map(|(_, window)| window),
        };
        Ok(Arguments {
            sdk: self.sdk.unwrap_or_else(|| parse_quote!(::slo_sdk)),
            journey,
            name: self.name,
            route: self.route,
            objectives: self.objectives,
            availability: self.availability,
            latencies: self.latencies,
            window,
            until: self.until.unwrap_or(Until::Body),
            good_status: self.good_status,
            bad_status: self.bad_status,
            per: self.per.unwrap_or(Per::Request),
            every: self.every,
            description: self.description,
            runbook: self.runbook,
            formerly: self.formerly,
        })
    }
}

fn key_ident(input: ParseStream<'_>) -> syn::Result<Ident> {
    const RULE: &str = "an argument is `key = value`, such as `journey = CHECKOUT`";
    let start = input.span();
    let ident = input
        .call(Ident::parse_any)
        .map_err(|_| Error::new(start, RULE))?;
    // `#[slo(CHECKOUT)]`, `#[slo(journeys::CHECKOUT)]`
    if Key::from_ident(&ident).is_err() && !input.peek(Token![=]) && !input.peek(Paren) {
        return Err(Error::new(start, RULE));
    }
    Ok(ident)
}

fn journey(input: ParseStream<'_>) -> syn::Result<Expr> {
    let expression: Expr = input.parse()?;
    match literal_text(&expression) {
        None => Ok(expression),
        Some(name) => Err(Error::new(
            expression.span(),
            format!(
                "a journey is a constant that many endpoints share, not a text: `const CHECKOUT: Journey = Journey::new({name:?})`"
            ),
        )),
    }
}

fn until(input: ParseStream<'_>) -> syn::Result<Until> {
    let start = input.span();
    match input.call(Ident::parse_any) {
        Ok(ident) if ident == "body" => Ok(Until::Body),
        Ok(ident) if ident == "headers" => Ok(Until::Headers),
        _ => Err(Error::new(
            start,
            "latency is measured `until = body` (the last byte of the answer) or `until = headers` (for answers that stream)",
        )),
    }
}

/// A list, or a constant that is one.
fn statuses(key: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    let expression: Expr = input.parse()?;
    match expression {
        Expr::Lit(_) | Expr::Tuple(_) => Err(Error::new(
            expression.span(),
            format!(
                "status codes are a list, such as `{key} = [404, 409]`, or a constant of type `&'static [u16]`"
            ),
        )),
        expression => Ok(expression),
    }
}

fn per(input: ParseStream<'_>) -> syn::Result<Per> {
    let start = input.span();
    match input.call(Ident::parse_any) {
        Ok(ident) if ident == "request" => Ok(Per::Request),
        Ok(ident) if ident == "call" => Ok(Per::Call),
        _ => Err(Error::new(
            start,
            "one event is what happens `per = request` (to the layer around the function) or `per = call` (of the function, wherever it runs)",
        )),
    }
}

fn literal_text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Goes on behind the next comma that an argument follows, so that one mistake is reported
/// once and the next one too.
fn skip_argument(input: ParseStream<'_>) {
    while let Ok(token) = input.parse::<TokenTree>() {
        let comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        if comma && input.peek(Ident::peek_any) && (input.peek2(Token![=]) || input.peek2(Paren)) {
            return;
        }
    }
}
