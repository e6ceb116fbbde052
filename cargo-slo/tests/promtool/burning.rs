//! Burn-rate alerts: when they fire, when they end, and what they let pass.

use crate::shop::{ALL_ALERTS, BAD, GOOD, PAGES, definition, endpoint, play, play_both};

#[test]
fn a_fast_burn_pages_and_the_page_ends_with_it() {
    play(
        // Half of all events fail from minute 600 to minute 660.
        &[
            (GOOD, "0+500x120 60250+250x11 63000+500x120"),
            (BAD, "0x120 250+250x11 3000x121"),
        ],
        &[
            (PAGES, 600, None),
            // 15 minutes at a half are 12.5 % of the hour: below 14.4 times the budget.
            (PAGES, 615, None),
            (PAGES, 620, Some(1.0)),
            (PAGES, 660, Some(1.0)),
            (PAGES, 665, None),
            (
                r#"sum(slo:error:ratio5m{slo="orders/checkout.availability"})"#,
                640,
                Some(0.5),
            ),
            (
                r#"sum(slo:burn_rate:ratio1h{slo="orders/checkout.availability"})"#,
                660,
                Some(50.0),
            ),
        ],
    );
}

#[test]
fn a_slow_burn_opens_a_ticket_in_four_weeks_too() {
    let definition = definition("orders", &[endpoint("cart", "28d")]);
    let tier = |tier| format!(r#"count(ALERTS{{severity="ticket",slo_window_tier="{tier}"}})"#);
    let (day, three_days) = (tier("1d"), tier("3d"));
    // 2 % of all events fail where 1 % may: too few for the day's 2.8 times.
    play_both(
        &definition,
        &["orders"],
        &[(GOOD, "0+490x200"), (BAD, "0+10x200")],
        &[
            (&three_days, 950, Some(1.0)),
            (&day, 950, None),
            (PAGES, 950, None),
        ],
    );
    // Just within the objective nobody is told: 0.95 times would have been above the 0.933.
    play_both(
        &definition,
        &["orders"],
        &[(GOOD, "0+49525x200"), (BAD, "0+475x200")],
        &[(ALL_ALERTS, 950, None)],
    );
}

#[test]
fn one_event_at_low_traffic_is_nothing() {
    // An event an hour; the twentieth fails: for an hour, 100 times the sustainable rate.
    let hourly = |n: u32, last: u32| {
        let steps: Vec<_> = (0..=n)
            .map(|step| (step / 12).min(last).to_string())
            .collect();
        steps.join(" ")
    };
    let good = hourly(300, 19);
    let bad = [&*vec!["0"; 240].join(" "), "1x60"].join(" ");
    play(
        &[(GOOD, &good), (BAD, &bad)],
        &[
            (
                r#"sum(slo:error:ratio1h{slo="orders/checkout.availability"})"#,
                1200,
                Some(1.0),
            ),
            (ALL_ALERTS, 1200, None),
            (ALL_ALERTS, 1230, None),
        ],
    );
    // A second one in the same hour is more than chance explains.
    let bad = [&*vec!["0"; 240].join(" "), "1 2x60"].join(" ");
    play(
        &[(GOOD, &good), (BAD, &bad)],
        &[(ALL_ALERTS, 1200, None), (PAGES, 1205, Some(1.0))],
    );
}

#[test]
fn chance_explains_what_the_model_says() {
    use slo_model::{Target, binomial::explained_by_chance};
    let by_chance =
        r#"round(1e6 * sum(slo:events_by_chance:sum1h{slo="orders/checkout.availability"}))"#;
    let expected = explained_by_chance(6000.0, Target::from_percent(99.0));
    play(
        &[(GOOD, "0+495x100"), (BAD, "0+5x100")],
        &[(by_chance, 400, Some((expected * 1e6).round()))],
    );
}
