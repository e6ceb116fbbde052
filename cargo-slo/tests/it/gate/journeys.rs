//! A journey holds back whoever takes part in it, where its policy says so, and says what can be done.

use super::{
    exported, fleet,
    store::{NOW, at, sample, store},
};
use crate::fixtures::{Run, Sandbox};
use serde_json::Value;

/// Every SLO has budget left, but the journey of the gateway has this share of it.
fn gate(sandbox: &Sandbox, bad: &'static str, more: &str) -> Run {
    let url = store(move |query, time| {
        let slos = ["gateway", "orders", "mail"].map(|service| format!("{service}/checkout"));
        if !query.starts_with("slo:events:sum_window") {
            return Vec::new();
        }
        let slos = slos
            .iter()
            .flat_map(|journey| ["availability", "latency"].map(|sli| format!("{journey}.{sli}")));
        slos.flat_map(|slo| {
            let bad = if slo == "gateway/checkout.availability" {
                bad
            } else {
                "0"
            };
            let [good, bad] = [("good", "99900"), ("bad", bad)]
                .map(|(outcome, value)| sample(&slo, outcome, time, value));
            [good, bad]
        })
        .collect()
    });
    sandbox.slo(&format!("gate --prometheus {url} --at {} {more}", at(NOW)))
}

#[test]
fn a_spent_journey_holds_back_who_takes_part() {
    let sandbox = fleet();
    let run = gate(&sandbox, "100", "--deliver orders exports");
    assert_eq!(run.code, 1, "{run:?}");
    for line in [
        "gateway/checkout.availability: closed: 100 of 100 bad events\n",
        "  policy `platform` at 0% left: freeze, also of `orders`: taking part in the journey\n",
        "  ask: team-orders\n",
        "  to deliver nevertheless: `[[override]]` with `slo = \"gateway/checkout.availability\"`, on the \
         protected branch\n",
        "the gate is closed by gateway/checkout.availability\n",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    // Its own services are held back sooner, by a level that is theirs alone.
    assert_eq!(gate(&sandbox, "80", "--deliver orders exports").code, 0);
    let run = gate(&sandbox, "80", "--deliver gateway exports");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out
            .contains("  policy `platform` at 20% left: freeze\n"),
        "{}",
        run.out
    );
    // Two deliveries at once are held back by what holds back one.
    let both = "--deliver mail --deliver orders exports";
    assert_eq!(gate(&sandbox, "100", both).code, 1);
    assert_eq!(gate(&sandbox, "100", "--deliver mail exports").code, 0);
    let run = gate(&sandbox, "100", "--deliver order exports");
    run.failed(&["no service `order` was read", "did you mean `orders`?"]);
}

/// Between the journey and what is delivered may lie a service that nobody showed.
#[test]
fn who_takes_part_may_not_be_known() {
    let sandbox = fleet();
    let facts = std::fs::read_to_string(sandbox.path("gateway.toml")).unwrap();
    sandbox.write("gateway.toml", facts.replace("\"orders\"", "\"cart\""));
    exported(&sandbox);
    let run = gate(&sandbox, "100", "--deliver orders --format json exports");
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &told["answer"]), (2, &Value::from("unknown")));
    assert!(
        run.out
            .contains("takes part in its journey is not known: nothing was read of `cart`"),
        "{}",
        run.out
    );
    // Where the journey holds nobody back, it does not matter.
    assert_eq!(gate(&sandbox, "99", "--deliver orders exports").code, 0);
    let fix = "--deliver orders --change fix exports";
    assert_eq!(gate(&sandbox, "100", fix).code, 0);
}

/// Journeys of services that were not read can't hold anything back, and that is said.
#[test]
fn an_export_alone_knows_no_journey_of_others() {
    let sandbox = fleet();
    let run = gate(&sandbox, "100", "--deliver orders exports/orders.slo.json").ok();
    assert!(run.err.contains("no other service was read"), "{}", run.err);
    let run = gate(&sandbox, "0", "--deliver orders exports").ok();
    assert!(!run.err.contains("no other service"), "{}", run.err);
}

/// A pull request that loosens its own policy changes nothing until it is on the protected branch.
#[test]
fn a_change_is_not_judged_by_itself() {
    let sandbox = fleet();
    sandbox.write(
        "gateway.toml",
        "service = \"gateway\"\n[[budget-policy]]\nleft = \"0%\"\nthen = \"nothing\"\n",
    );
    assert_eq!(gate(&sandbox, "100", "--deliver orders exports").code, 1);
    let run = gate(&sandbox, "100", "--slo-toml gateway.toml exports");
    run.failed(&["takes no `--slo-toml`"]);
    exported(&sandbox);
    assert_eq!(gate(&sandbox, "100", "--deliver orders exports").code, 0);
}

/// A store that can't be asked holds a feature back, and nothing that mends.
#[test]
fn a_store_that_is_down_is_unknown() {
    let sandbox = fleet();
    for (change, code) in [("feature", 2), ("fix", 0), ("rollback", 0)] {
        let run = sandbox.slo(&format!(
            "gate --prometheus http://127.0.0.1:1 --change {change} exports"
        ));
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.out.contains("connection refused"), "{run:?}");
        assert!(run.err.contains("http://127.0.0.1:1"), "{run:?}");
    }
}

#[test]
fn documents_say_which_policy_a_journey_follows() {
    let sandbox = fleet();
    for (language, blocks, own) in [
        (
            "en",
            "freeze: all services that take part in the journey deliver only changes that make them more reliable",
            "freeze: only changes that make the service more reliable are delivered",
        ),
        (
            "ja",
            "凍結：ジャーニーに関わる全サービスが、信頼性を高める変更のみをリリースする",
            "凍結：信頼性を高める変更のみをリリースする",
        ),
    ] {
        let asked = format!("doc --lang {language} --format markdown --history none -o {language}");
        sandbox.slo(&format!("{asked} exports")).ok();
        let text = |service: &str| {
            let written = std::fs::read_dir(sandbox.path(language)).unwrap();
            let mut written = written.map(|file| file.unwrap().path());
            let is_it = |path: &std::path::PathBuf| {
                path.file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .starts_with(service)
            };
            std::fs::read_to_string(written.find(is_it).unwrap()).unwrap()
        };
        let gateway = text("gateway");
        let (before, policies) = gateway.split_once("`own`").unwrap();
        // Whoever approves the journey reads what happens to the journey.
        assert!(before.contains(blocks), "{before}");
        let (of_service, of_journey) = policies.split_once("`platform`").unwrap();
        assert!(
            of_service.contains(own) && !of_service.contains(blocks),
            "{of_service}"
        );
        assert!(of_journey.contains(blocks), "{of_journey}");
        assert!(!text("orders").contains(blocks));
    }
}
