//! What people write who don't know the command yet, and what it says to them.

use crate::fixtures::{Sandbox, elf, endpoint, record, sentinel};

/// A service `orders` with the endpoint `cart`.
fn service() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("orders", elf(&[&sentinel(), &record(&endpoint("cart"))]));
    sandbox
}

/// Everything a command says, over these files.
fn said(files: &[(&str, &str)], command: &str) -> String {
    let sandbox = service();
    for (name, text) in files {
        sandbox.write(name, text);
    }
    let run = sandbox.slo(command);
    run.out + &run.err
}

/// The files, the command, what it says, and what it must not say.
type Mistake = (
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const VENDOR: &str = "[[dependency]]\nservice = 'stripe'\nkind = 'hard'\n";

const MISTAKES: &[Mistake] = &[
    // A name that was misspelt, or not written to its end.
    (
        &[],
        "generate promethues --bin orders",
        &[
            "there is no output called `promethues`",
            "did you mean `prometheus`?",
            "`grafana`",
        ],
        &["recording rules"],
    ),
    (
        &[],
        "generate kubernetes --bin orders",
        &[
            "there is no output called `kubernetes`",
            "`prometheus-rule`: the same rules",
        ],
        &["did you mean"],
    ),
    (
        &[(
            "slo.toml",
            "[[review]]\nslo = 'checkout.avail'\nverdict = 'achievable'\nby = 'a'\ndate = 2026-05-01\nof = 'h'\n",
        )],
        "check --bin orders",
        &[
            "there is no SLO called `checkout.avail`",
            "did you mean `checkout.availability`?",
        ],
        &["checkout.latency`?"],
    ),
    // A file that is missing.
    (
        &[],
        "check --bin orders --slo-toml slo.toml",
        &["there is no such file", "`cargo slo init` writes one"],
        &[],
    ),
    (
        &[],
        "check --bin orders --slo-toml facts.toml",
        &["there is no such file"],
        &["cargo slo init"],
    ),
    // A promise of a vendor, in the ways people try.
    (
        &[
            ("slo.toml", VENDOR),
            ("cat/vendors.toml", "[stripe]\nlatency = '99.9% < 200ms'\n"),
        ],
        "check --bin orders --catalog cat",
        &[
            "expected a promise by the name of each SLI, such as `{ latency = \"99% < 500ms\" }`",
            "found the text \"99.9% < 200ms\"",
            "cat/vendors.toml:2:11",
        ],
        &["invalid type", "map"],
    ),
    (
        &[
            ("slo.toml", VENDOR),
            (
                "cat/vendors.toml",
                "[stripe]\nlatency = { latency = '99.9%' }\n",
            ),
        ],
        "check --bin orders --catalog cat",
        &[
            "does not say within what time",
            "`99.9% < 500ms`",
            "cat/vendors.toml:2:23",
        ],
        &["latency-not-promised"],
    ),
    (
        &[
            ("slo.toml", VENDOR),
            (
                "cat/vendors.toml",
                "[stripe]\nlatency = { latency = { p99 = '1s' } }\n",
            ),
        ],
        "check --bin orders --catalog cat",
        &["expected a text in quotes, found a table"],
        &["invalid type", "map"],
    ),
    // Nobody owns it.
    (
        &[
            ("slo.toml", VENDOR),
            ("cat/vendors.toml", "[stripe]\navailability = '99.8%'\n"),
        ],
        "check --bin orders --catalog cat",
        &[
            "nobody is named as the owner of `stripe`: `owner` in its `slo.toml`, or in `vendors.toml`",
            "agree on a higher target with whoever owns it",
        ],
        &["unknown owner"],
    ),
    // A soft dependency is left out of every check, unless it is misspelt.
    (
        &[(
            "slo.toml",
            "[[dependency]]\nservice = 'mail'\nkind = 'soft'\nmitigation = 'a queue'\nreason = 'tried'\n",
        )],
        "check --bin orders",
        &["0 errors"],
        &["dependency-unknown"],
    ),
    (
        &[
            (
                "slo.toml",
                "[[dependency]]\nservice = 'strip'\nkind = 'soft'\nmitigation = 'a queue'\nreason = 'tried'\n",
            ),
            ("cat/vendors.toml", "[stripe]\navailability = '99.8%'\n"),
        ],
        "check --bin orders --catalog cat",
        &["[dependency-unknown]", "did you mean `stripe`?"],
        &[],
    ),
    // The program is a copy with another name.
    (
        &[("slo.toml", "service = 'shop'\n")],
        "check --bin orders --slo-toml slo.toml",
        &[
            "no service `shop` was read",
            "these were read: orders",
            "`--service shop`",
        ],
        &[],
    ),
    // An export that is none.
    (
        &[("empty.slo.json", "")],
        "list --export empty.slo.json",
        &["it is empty", "`cargo slo export`"],
        &["EOF"],
    ),
    (
        &[("half.slo.json", "{\"format\": 2, \"service\": \"ord")],
        "list --export half.slo.json",
        &["it ends in the middle"],
        &["EOF"],
    ),
    // A folder in place of what is in it.
    (&[], "list --bin .", &["a directory"], &["os error"]),
];

#[test]
fn people_are_told_what_they_meant() {
    for (files, command, words, never) in MISTAKES {
        let said = said(files, command);
        for word in *words {
            assert!(
                said.contains(word),
                "{command} {files:?}: no {word:?} in\n{said}"
            );
        }
        for word in *never {
            assert!(
                !said.contains(word),
                "{command} {files:?}: {word:?} in\n{said}"
            );
        }
    }
}

/// A share in place of a percentage is asked about, and what was meant is named.
#[test]
fn a_share_is_no_percentage() {
    let sandbox = Sandbox::new();
    let mut cart = endpoint("cart");
    cart["journey"]["objectives"]["availability_ppb"] = 9_990_000.into();
    sandbox.write("orders", elf(&[&sentinel(), &record(&cart)]));
    let run = sandbox.slo("check --bin orders");
    assert!(
        run.out.contains("[target-below-half]") && run.out.contains("did you mean 99.9%?"),
        "{}",
        run.out
    );
}

/// A file that nobody may write is not replaced, not even where its folder can be written to.
#[cfg(unix)]
#[test]
fn a_read_only_file_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = service();
    sandbox.slo("generate prometheus --bin orders -o out").ok();
    let path = sandbox.path("out/orders.prometheus.yaml");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
    let before = std::fs::read_to_string(&path).unwrap();
    let mut other = endpoint("cart");
    other["journey"]["objectives"]["availability_ppb"] = 998_000_000.into();
    sandbox.write("orders", elf(&[&sentinel(), &record(&other)]));
    sandbox
        .slo("generate prometheus --bin orders -o out")
        .failed(&["it is read-only", "nothing was written", "`--force`"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
}

/// A document that is not up to date says where, and how.
#[test]
fn a_document_that_differs_says_how() {
    let sandbox = service();
    sandbox
        .slo("doc --history none --format markdown -o doc --bin orders")
        .ok();
    let path = sandbox.path("doc/orders.slo.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text
        .lines()
        .position(|line| line.contains("99.9%"))
        .unwrap();
    std::fs::write(&path, text.replacen("99.9%", "99.8%", 1)).unwrap();
    let run = sandbox.slo("doc --check --history none --format markdown -o doc --bin orders");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.out.contains(&format!("orders.slo.md:{}", line + 1)),
        "{}",
        run.out
    );
    let shown = |what: &str, target: &str| {
        let mut lines = run.out.lines();
        lines.any(|line| line.contains(what) && line.contains(target))
    };
    assert!(
        shown("it says:", "99.8%") && shown("it would say:", "99.9%"),
        "{}",
        run.out
    );
    assert_eq!(run.err, "compared 1 file: 1 is not up to date\n");
}
