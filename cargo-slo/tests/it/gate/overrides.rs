//! What is wrong with an override is said, and opens nothing.

use super::{
    fleet,
    store::{NOW, at, sample, store},
};

const GOOD: &str = "[[override]]\nslo = \"gateway/checkout.availability\"\nuntil = \"2026-12-05\"\n\
                    because = \"the sale\"\nby = \"Sato\"\n";

#[test]
fn none_opens_silently() {
    let sandbox = fleet();
    let spent = store(
        |query, time| match query.starts_with("slo:events:sum_window") {
            false => Vec::new(),
            true => ["gateway", "orders", "mail"]
                .iter()
                .flat_map(|service| {
                    ["availability", "latency"].map(|sli| format!("{service}/checkout.{sli}"))
                })
                .flat_map(|slo| {
                    let bad = if slo.ends_with(".latency") {
                        "0"
                    } else {
                        "900"
                    };
                    let bad = if slo.starts_with("orders") { "0" } else { bad };
                    [
                        sample(&slo, "good", time, "99900"),
                        sample(&slo, "bad", time, bad),
                    ]
                })
                .collect(),
        },
    );
    let gate = |text: &str, more: &str| {
        sandbox.write("overrides.toml", text);
        sandbox.slo(&format!(
            "gate --prometheus {spent} --at {} --deliver orders --overrides overrides.toml {more} exports",
            at(NOW)
        ))
    };
    let run = gate(GOOD, "").ok();
    assert!(
        run.out
            .contains("overridden by Sato until 2026-12-05: the sale"),
        "{}",
        run.out
    );
    let with = |from: &str, to: &str| GOOD.replace(from, to);
    let wrong = [
        (with("gateway/checkout", "gateway/chekout"), "did you mean"),
        (
            with("gateway/checkout.availability", "settlement"),
            "no SLO `settlement` was read",
        ),
        (
            with("the sale", " "),
            "an override says who wants it and why",
        ),
        (with("Sato", ""), "an override says who wants it and why"),
        (
            with("2026-12-05", "2027-06-30"),
            "an override ends within 31 days",
        ),
        (with("2026-12-05", "next week"), "overrides.toml:3"),
        (with("until", "til"), "overrides.toml:3"),
        (with("because = \"the sale\"\n", ""), "because"),
        (
            GOOD.to_owned() + "service = \"order\"\n",
            "no service `order` was read",
        ),
        (GOOD.to_owned() + "by = \"Abe\"\n", "overrides.toml:6"),
        ("override = 1".to_owned(), "overrides.toml:1"),
    ];
    for (text, told) in &wrong {
        let run = gate(text, "");
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}\n{run:?}");
        assert!(run.err.contains(told), "{told}\n{}", run.err);
        // What passes without one still passes, and what is wrong is still said.
        let run = gate(text, "--change rollback").ok();
        assert!(run.err.contains(told), "{told}\n{}", run.err);
    }
    // One that ended, and one for the deliveries of others, are not errors, and open nothing.
    let run = gate(&with("2026-12-05", "2026-11-28"), "");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.err.contains("this override ended on 2026-11-28"),
        "{}",
        run.err
    );
    let run = gate(&(GOOD.to_owned() + "service = \"mail\"\n"), "");
    assert_eq!(run.code, 1, "{run:?}");
    let run = gate(&(GOOD.to_owned() + "service = \"orders\"\n"), "").ok();
    assert!(run.out.contains("overridden by Sato"), "{}", run.out);
    // A file that is not there is an error, too.
    std::fs::remove_file(sandbox.path("overrides.toml")).unwrap();
    let run = sandbox.slo(&format!(
        "gate --prometheus {spent} --at {} --overrides overrides.toml exports",
        at(NOW)
    ));
    run.failed(&["overrides.toml"]);
}
