//! The numbers on the page, as somebody reads them: out of its HTML.

use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;

/// Numbers by where they stand: `step.orders.checkout.place-order availability Good`.
pub(super) type Numbers = BTreeMap<String, u64>;

const COLUMNS: [&str; 3] = ["Good", "Bad", "Excluded"];

/// Reads what a page says of counts: those of SLIs by journey and step, of results, of events in
/// flight, of routes without an annotation, and the facts about each service.
pub(super) fn numbers(html: &str) -> Result<Numbers, String> {
    let page = Html::parse_document(html);
    let mut numbers = Numbers::new();
    for section in page.select(&selector("section.service")?) {
        let service = label(section);
        for fact in section.select(&selector("dl.facts > div")?) {
            let [name, value] = ["dt", "dd"].map(|part| inner(fact, part));
            numbers.insert(format!("{service} {}", name?), number(&value?)?);
        }
        for row in section.select(&selector("section.unannotated tbody tr")?) {
            let route = inner(row, "th")?;
            columns(row, &format!("unannotated.{service} {route}"), &mut numbers)?;
        }
        for journey in section.select(&selector("section.journey")?) {
            let whole = label(journey);
            for group in journey.select(&selector("table.slis > tbody")?) {
                let head = group.select(&selector("tr.group th")?).next();
                let head = head.ok_or("a group of SLIs has no head")?;
                let place = head.value().attr("id").unwrap_or(&whole).to_owned();
                steps(group, head, &place, &mut numbers)?;
            }
        }
    }
    Ok(numbers)
}

fn steps(
    group: ElementRef<'_>,
    head: ElementRef<'_>,
    place: &str,
    numbers: &mut Numbers,
) -> Result<(), String> {
    for quiet in head.select(&selector("span.quiet")?) {
        if let Some(in_flight) = text(quiet).strip_suffix(" in flight") {
            numbers.insert(format!("{place} in flight"), number(in_flight)?);
        }
    }
    for row in group.select(&selector("tr")?) {
        // Tables within a row have other columns.
        if row
            .select(&selector("td[data-title=Good]")?)
            .next()
            .is_some()
        {
            let sli = inner(row, "th bdi")?;
            columns(row, &format!("{place} {sli}"), numbers)?;
        }
        for result in row.select(&selector("ul.results li")?) {
            let [name, count] = ["code", "b"].map(|part| inner(result, part));
            numbers.insert(format!("{place} {}", name?), number(&count?)?);
        }
    }
    Ok(())
}

/// Good, bad and excluded events in a row.
fn columns(row: ElementRef<'_>, place: &str, numbers: &mut Numbers) -> Result<(), String> {
    for column in COLUMNS {
        let cell = inner(row, &format!("td[data-title={column}]"))?;
        let place = format!("{place} {column}");
        let value = number(&cell)?;
        if numbers
            .insert(place.clone(), value)
            .is_some_and(|other| other != value)
        {
            return Err(format!("`{place}` stands on the page with two numbers"));
        }
    }
    Ok(())
}

/// What an element is called by: `journey.orders.checkout`.
fn label(of: ElementRef<'_>) -> String {
    of.value()
        .attr("aria-labelledby")
        .unwrap_or_default()
        .to_owned()
}

fn inner(of: ElementRef<'_>, part: &str) -> Result<String, String> {
    let found = of.select(&selector(part)?).next();
    found
        .map(text)
        .ok_or_else(|| format!("no `{part}` beside `{}`", text(of)))
}

fn text(of: ElementRef<'_>) -> String {
    of.text().collect::<String>().trim().to_owned()
}

/// `1,234`.
fn number(text: &str) -> Result<u64, String> {
    let digits = text.replace(',', "");
    digits
        .parse()
        .map_err(|_| format!("`{text}` is not a number"))
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text).map_err(|error| format!("`{text}`: {error}"))
}
