//! For every rule, a change to the clean fleet that it finds and a similar one that it does not.

/// A change: the file, the words that stand there, and those that take their place.
pub(crate) type Edit = (&'static str, &'static str, &'static str);

/// What a rule is tried with.
pub(crate) struct Case {
    pub(crate) rule: &'static str,
    /// The mistake, which no other rule finds.
    pub(crate) wrong: Edit,
    /// Where it is found: a line of a file, or a place in the source.
    pub(crate) at: &'static str,
    /// What only looks like it.
    pub(crate) right: Edit,
}

pub(crate) const CASES: &[Case] = &[
    Case {
        rule: "target-below-half",
        wrong: ("mail.slo.json", "990000000", "499999999"),
        at: "mail/src/api.rs:10",
        right: ("mail.slo.json", "990000000", "980000000"),
    },
    Case {
        rule: "few-events",
        wrong: ("mail.toml", "\"400_000/month\"", "\"526/month\""),
        at: "mail.toml: \"notify\" = \"526/month\"",
        right: ("mail.toml", "\"400_000/month\"", "\"1_000/month\""),
    },
    Case {
        rule: "no-event",
        wrong: ("orders.toml", "\"200_000/month\"", "\"999/month\""),
        at: "orders.toml: \"checkout/place-order\" = \"999/month\"",
        right: ("orders.toml", "\"200_000/month\"", "\"1_000/month\""),
    },
    Case {
        rule: "outage-too-short",
        wrong: ("stock.slo.json", "999800000", "999900000"),
        at: "stock/src/api.rs:10",
        right: ("stock.slo.json", "999800000", "999880000"),
    },
    Case {
        rule: "off-tier",
        wrong: ("catalogue/tiers.toml", "\"99.9%\"", "\"99.95%\""),
        at: "orders/src/api.rs:10",
        right: ("orders.toml", "tier = \"gold\"", ""),
    },
    Case {
        rule: "out-of-reach",
        wrong: ("history.json", "[105,108,106]", "[190,195,200]"),
        at: "payments/src/api.rs:10",
        // Once of three times is bad luck.
        right: ("history.json", "[105,108,106]", "[190,108,200]"),
    },
    Case {
        rule: "over-achieved",
        wrong: ("history.json", "[71,82,63]", "[7,8,6]"),
        at: "orders/src/api.rs:20",
        // A twentieth of the budget, but of so few events that nothing is shown.
        right: (
            "history.json",
            "[199930,199920,199940],\"bad\":[71,82,63]",
            "[19993,19992,19994],\"bad\":[1,1,1]",
        ),
    },
    Case {
        rule: "loss-above-tolerable",
        wrong: ("orders.toml", "50_000 EUR", "35_999 EUR"),
        at: "orders.toml: \"checkout\" = { per-event = \"30 EUR\", tolerable-loss = \"35_999 EUR/month\" }",
        right: ("orders.toml", "50_000 EUR", "36_000 EUR"),
    },
    Case {
        rule: "tighter-than-loss",
        wrong: ("orders.toml", "50_000 EUR", "72_000 EUR"),
        at: "orders.toml: \"checkout\" = { per-event = \"30 EUR\", tolerable-loss = \"72_000 EUR/month\" }",
        right: ("orders.toml", "50_000 EUR", "71_999 EUR"),
    },
    Case {
        rule: "alert-never-fires",
        wrong: ("mail.slo.json", "990000000", "930000000"),
        at: "mail/src/api.rs:10",
        right: ("mail.slo.json", "990000000", "931000000"),
    },
    Case {
        rule: "alert-on-one-event",
        wrong: ("reports.toml", "\"30_000/month\"", "\"4_990/month\""),
        at: "reports.toml: \"report\" = \"4_990/month\"",
        right: ("reports.toml", "\"30_000/month\"", "\"5_000/month\""),
    },
    Case {
        rule: "false-pages",
        wrong: ("reports.toml", "\"30_000/month\"", "\"10_000/month\""),
        at: "reports.toml: \"report\" = \"10_000/month\"",
        right: ("reports.toml", "\"30_000/month\"", "\"20_000/month\""),
    },
    Case {
        rule: "undetected",
        wrong: ("gateway.toml", "501 errors", "500 errors"),
        at: "gateway.toml: \"checkout\" = \"500 errors in 1h\"",
        right: (
            "gateway.toml",
            "501 errors in 1h",
            "ticket after 2700 errors in 3d",
        ),
    },
    Case {
        rule: "silent-leak",
        wrong: (
            "catalogue/burn-rates.toml",
            "budget = \"10%\"",
            "budget = \"20.1%\"",
        ),
        at: "catalogue/burn-rates.toml: [[slow.condition]]",
        right: (
            "catalogue/burn-rates.toml",
            "budget = \"10%\"",
            "budget = \"20%\"",
        ),
    },
    Case {
        rule: "burn-rate-below-one",
        wrong: (
            "catalogue/burn-rates.toml",
            "budget = \"10%\"",
            "budget = \"9.9%\"",
        ),
        at: "catalogue/burn-rates.toml: [[slow.condition]]",
        right: (
            "catalogue/burn-rates.toml",
            "budget = \"10%\"",
            "budget = \"10.1%\"",
        ),
    },
    Case {
        rule: "latency-of-stream",
        wrong: (
            "search.slo.json",
            "\"route\": \"POST /suggest\",",
            "\"route\": \"POST /suggest\", \"answer\": \"stream\",",
        ),
        at: "search/src/api.rs:20",
        // Without a latency that is promised, where it would end is not a question.
        right: (
            "mail.slo.json",
            "\"route\": \"POST /send\",",
            "\"route\": \"POST /send\", \"answer\": \"stream\",",
        ),
    },
    Case {
        rule: "threshold-off-boundary",
        wrong: ("history.json", "[500000000,2984800]", "[400000000,2984800]"),
        at: "orders/src/api.rs:10",
        right: ("history.json", "[300000000,2700000]", "[250000000,2700000]"),
    },
    Case {
        rule: "threshold-below-dependency",
        wrong: ("payments.slo.json", "300000000", "500000001"),
        at: "orders/src/api.rs:10",
        right: ("payments.slo.json", "300000000", "500000000"),
    },
    Case {
        rule: "latency-not-promised",
        wrong: (
            "catalogue/vendors.toml",
            "latency = { latency = \"99% < 250ms\" }",
            "",
        ),
        at: "payments.toml: service = \"cardnet\"",
        right: (
            "catalogue/vendors.toml",
            "latency = { latency = \"99% < 250ms\" }",
            "latency = { slow-end = \"99% < 300ms\" }",
        ),
    },
    Case {
        rule: "latency-above-dependency",
        wrong: ("stock.slo.json", "990000000", "980000000"),
        at: "orders/src/api.rs:10",
        right: ("stock.slo.json", "990000000", "991000000"),
    },
    Case {
        rule: "target-above-dependency",
        wrong: ("payments.slo.json", "999800000", "998000000"),
        at: "orders/src/api.rs:10",
        right: ("payments.slo.json", "999800000", "999000000"),
    },
    Case {
        rule: "budget-below-dependencies",
        wrong: ("stock.slo.json", "999800000", "999100000"),
        at: "orders/src/api.rs:10",
        right: ("stock.slo.json", "999800000", "999300000"),
    },
    Case {
        rule: "extra-nine",
        wrong: ("stock.slo.json", "999800000", "999699999"),
        at: "orders/src/api.rs:10",
        right: ("stock.slo.json", "999800000", "999700000"),
    },
    Case {
        rule: "dependency-window",
        wrong: (
            "catalogue/vendors.toml",
            "window = \"30d\"",
            "window = \"366d\"",
        ),
        at: "payments/src/api.rs:10",
        right: (
            "catalogue/vendors.toml",
            "window = \"30d\"",
            "window = \"90d\"",
        ),
    },
    Case {
        rule: "dependency-cycle",
        wrong: (
            "reports.toml",
            "# No dependencies.",
            "[[dependency]]\nservice = \"mail\"\nkind = \"hard\"\nused-by = [\"report/daily\"]",
        ),
        at: "mail.toml: service = \"reports\"",
        right: (
            "reports.toml",
            "# No dependencies.",
            "[[dependency]]\nservice = \"mail\"\nkind = \"hard\"\nused-by = [\"export\"]",
        ),
    },
    Case {
        rule: "dependency-unknown",
        wrong: ("payments.toml", "\"cardnet\"", "\"cardnett\""),
        at: "payments.toml: service = \"cardnett\"",
        right: ("payments.toml", "\"book\"", "\"book/book\""),
    },
    Case {
        rule: "dependency-without-slo",
        wrong: ("catalogue/vendors.toml", "availability = \"99.995%\"", ""),
        at: "payments.toml: service = \"cardnet\"",
        right: (
            "catalogue/vendors.toml",
            "availability = \"99.995%\"",
            "availability = \"99.98%\"",
        ),
    },
    Case {
        rule: "soft-without-mitigation",
        wrong: (
            "orders.toml",
            "\"mails wait in a queue for up to a day\"",
            "\" \"",
        ),
        at: "orders.toml: kind = \"soft\"",
        right: ("search.toml", "kind = \"soft\"", "kind = \"hard\""),
    },
    Case {
        rule: "service-description",
        wrong: (
            "search.toml",
            "description = \"Finds goods by words\"",
            "description = \" \"",
        ),
        at: "search.toml",
        right: ("search.toml", "Finds goods by words", "Search"),
    },
    Case {
        rule: "journey-facts",
        wrong: ("search.slo.json", "a developer of a business unit", ""),
        at: "search/src/api.rs:10",
        right: ("mail.slo.json", "\"owner\": \"\",", ""),
    },
    Case {
        rule: "journey-failure",
        wrong: (
            "search.toml",
            "when-it-fails = \"no results are shown\"",
            "",
        ),
        at: "search.toml: [journey.\"browse\"]",
        right: ("search.toml", "no results are shown", "nothing"),
    },
    Case {
        rule: "no-runbook",
        wrong: (
            "search.slo.json",
            "\"runbook\": \"https://runbooks.example/search\",",
            "",
        ),
        at: "search/src/api.rs:10",
        right: (
            "search.slo.json",
            "https://runbooks.example/search",
            "https://example.com/",
        ),
    },
    Case {
        rule: "status-without-reason",
        wrong: (
            "search.slo.json",
            "\"name\": \"find\",",
            "\"name\": \"find\", \"bad_status\": [429],",
        ),
        at: "search/src/api.rs:10",
        right: (
            "search.slo.json",
            "\"name\": \"find\",",
            "\"name\": \"find\", \"bad_status\": [429], \"description\": \"the limit protects us\",",
        ),
    },
    Case {
        rule: "journey-without-availability",
        wrong: ("search.slo.json", "\"availability_ppb\": 990000000,", ""),
        at: "search/src/api.rs:10",
        right: ("stock.slo.json", "999800000", "900000000"),
    },
    Case {
        rule: "journey-of-one-endpoint",
        wrong: (
            "reports.toml",
            "[[exception]]\nrule = \"journey-of-one-endpoint\"\non = \"export\"\nreason = \"one request is all there is to it\"\n",
            "",
        ),
        at: "reports/src/api.rs:30",
        right: ("reports.toml", "on = \"export\"", "on = \"export\" # still"),
    },
    Case {
        rule: "two-writers",
        wrong: (
            "history.json",
            "\"unannotated\":",
            "\"falls\":3,\"unannotated\":",
        ),
        at: "orders.toml",
        right: (
            "history.json",
            "\"unannotated\":",
            "\"falls\":0,\"unannotated\":",
        ),
    },
    Case {
        rule: "never-served",
        wrong: (
            "history.json",
            "\"endpoint\":\"refund\",\"result\"",
            "\"endpoint\":\"repay\",\"result\"",
        ),
        at: "payments/src/api.rs:20",
        right: (
            "history.json",
            "\"result\":\"ok\",\"count\":90300",
            "\"result\":\"cancelled\",\"count\":1",
        ),
    },
    Case {
        rule: "not-measured",
        wrong: (
            "history.json",
            "\"endpoint\":\"cart\",\"result\":\"cancelled\"",
            "\"endpoint\":\"cart\",\"result\":\"outside_layer\"",
        ),
        at: "orders/src/api.rs:10",
        right: (
            "history.json",
            "\"endpoint\":\"cart\",\"result\":\"cancelled\"",
            "\"endpoint\":\"cart\",\"result\":\"timed_out\"",
        ),
    },
    Case {
        rule: "unannotated-traffic",
        wrong: ("history.json", "\"count\":20000}", "\"count\":40000}"),
        at: "orders.toml",
        right: (
            "history.json",
            "/healthz\",\"count\":20000}",
            "_unmatched\",\"count\":400000}",
        ),
    },
    Case {
        rule: "conflicting-routes",
        wrong: ("orders.slo.json", "POST /place-order", "POST /cart"),
        at: "orders/src/api.rs:20",
        right: ("orders.slo.json", "POST /place-order", "PUT /cart"),
    },
    Case {
        rule: "former-name-taken",
        wrong: (
            "orders.slo.json",
            "\"route\": \"POST /place-order\",",
            "\"route\": \"POST /place-order\", \"formerly\": [\"cart\"],",
        ),
        at: "orders/src/api.rs:20",
        right: (
            "orders.slo.json",
            "\"route\": \"POST /place-order\",",
            "\"route\": \"POST /place-order\", \"formerly\": [\"basket\", \"buy/cart\"],",
        ),
    },
    Case {
        rule: "no-route",
        wrong: ("mail.slo.json", "\"route\": \"POST /send\",", ""),
        at: "mail/src/api.rs:20",
        right: (
            "mail.slo.json",
            "\"route\": \"POST /send\",",
            "\"per\": \"call\",",
        ),
    },
    Case {
        rule: "endpoint-not-annotated",
        wrong: ("api/stock.yaml", "head: {}", "delete: {}"),
        at: "api/stock.yaml:     delete: {}",
        right: ("api/stock.yaml", "head: {}", "options: {}"),
    },
    Case {
        rule: "route-not-offered",
        wrong: ("stock.slo.json", "POST /reserve", "POST /reservation"),
        at: "stock/src/api.rs:20",
        right: ("stock.slo.json", "POST /reserve", "POST /v1/reserve/"),
    },
    Case {
        rule: "unused-ignore",
        wrong: (
            "stock.toml",
            "ignore = [",
            "ignore = [{ route = \"PUT /healthz\", reason = \"r\" }, ",
        ),
        at: "stock.toml: ignore = [{ route = \"PUT /healthz\", reason = \"r\" }, { route = \"/healthz\", reason = \"asked by the cluster, not by users\" }]",
        right: ("stock.toml", "\"/healthz\"", "\"GET /healthz/*\""),
    },
    Case {
        rule: "no-budget-policy",
        wrong: ("search.toml", "policy = \"standard\"", ""),
        at: "search.toml",
        right: (
            "search.toml",
            "policy = \"standard\"",
            "budget-policy = [{ left = \"0%\", then = \"freeze\" }]",
        ),
    },
    Case {
        rule: "policy-without-action",
        wrong: (
            "search.toml",
            "policy = \"standard\"",
            "budget-policy = [{ left = \"0%\", then = \"nothing\" }, { left = \"50%\", then = \"review\" }]",
        ),
        at: "search.toml: budget-policy = [{ left = \"0%\", then = \"nothing\" }, { left = \"50%\", then = \"review\" }]",
        right: (
            "search.toml",
            "policy = \"standard\"",
            "budget-policy = [{ left = \"50%\", then = \"nothing\" }, { left = \"0%\", then = \"review\" }]",
        ),
    },
    Case {
        rule: "blocks-nobody",
        wrong: (
            "search.toml",
            "policy = \"standard\"",
            "budget-policy = [{ left = \"0%\", then = \"freeze\", blocks = \"participants\" }]",
        ),
        at: "search.toml: budget-policy = [{ left = \"0%\", then = \"freeze\", blocks = \"participants\" }]",
        right: (
            "gateway.toml",
            "policy = \"standard\"",
            "budget-policy = [{ left = \"0%\", then = \"freeze\", blocks = \"participants\" }]",
        ),
    },
    Case {
        rule: "hoarded-budget",
        wrong: (
            "orders.toml",
            "[traffic]",
            "[unspent-budget]\nleft = \"64%\"\nthen = \"loosen\"\n[traffic]",
        ),
        at: "orders/src/api.rs:10",
        // In one of the windows 64.17% was left.
        right: (
            "orders.toml",
            "[traffic]",
            "[unspent-budget]\nleft = \"64.2%\"\nthen = \"loosen\"\n[traffic]",
        ),
    },
    Case {
        rule: "approval-void",
        wrong: (
            "orders.toml",
            "4efdde23148e1d3a\"\n\n",
            "0123456789abcdef\"\n\n",
        ),
        at: "orders.toml: of = \"0123456789abcdef\"",
        right: (
            "orders.toml",
            "\n[[review]]\nslo = \"checkout.availability\"\nverdict = \"satisfying\"",
            "\n[[review]]\nslo = \"checkout.availability\"\nverdict = \"achievable\"\nby = \"A\"\ndate = 2025-12-01\nof = \"older\"\n\n[[review]]\nslo = \"checkout.availability\"\nverdict = \"satisfying\"",
        ),
    },
    Case {
        rule: "review-overdue",
        wrong: ("orders.toml", "next = 2026-11-01", "next = 2026-05-31"),
        at: "orders.toml: next = 2026-05-31",
        right: ("orders.toml", "next = 2026-11-01", "next = 2026-06-01"),
    },
    Case {
        rule: "never-satisfying",
        wrong: ("orders.toml", "\"satisfying\"", "\"achievable\""),
        at: "orders.toml: slo = \"checkout.availability\"",
        right: ("orders.toml", "\"achievable\"", "\"satisfying\""),
    },
    Case {
        rule: "not-in-catalogue",
        wrong: ("orders.toml", "\"gold\"", "\"glod\""),
        at: "orders.toml: tier = \"glod\"",
        right: ("orders.toml", "\"gold\"", "\"silver\""),
    },
    Case {
        rule: "unknown-name",
        wrong: (
            "orders.toml",
            "\"checkout/place-order\"",
            "\"checkout/placeorder\"",
        ),
        at: "orders.toml: \"checkout/placeorder\" = \"200_000/month\"",
        right: (
            "orders.toml",
            "\"checkout/place-order\"",
            "\"checkout/cart\"",
        ),
    },
    Case {
        rule: "service-name-differs",
        wrong: (
            "mail.slo.json",
            "\"service\": \"mail\",",
            "\"service\": \"mail\", \"declared\": { \"name\": \"post\", \"source\": { \"package\": \"mail\", \"version\": \"1.0.0\", \"module\": \"mail\", \"function\": \"\", \"file\": \"mail/src/main.rs\", \"line\": 3 } },",
        ),
        at: "mail.toml: service = \"mail\"",
        right: (
            "mail.slo.json",
            "\"service\": \"mail\",",
            "\"service\": \"mail\", \"declared\": { \"name\": \"mail\", \"source\": { \"package\": \"mail\", \"version\": \"1.0.0\", \"module\": \"mail\", \"function\": \"\", \"file\": \"mail/src/main.rs\", \"line\": 3 } },",
        ),
    },
    Case {
        rule: "doubtful-correction",
        wrong: (
            "mail.toml",
            "# No exceptions.",
            "[[correction]]\nfrom = 2026-05-30T11:00:00Z\nto = 2026-05-30T09:00:00Z\nreason = \"a load test\"",
        ),
        at: "mail.toml: from = 2026-05-30T11:00:00Z",
        right: (
            "mail.toml",
            "# No exceptions.",
            "[[correction]]\nfrom = 2026-05-30T09:00:00Z\nto = 2026-05-30T11:00:00Z\nreason = \"a load test\"",
        ),
    },
    Case {
        rule: "exception-without-reason",
        wrong: (
            "reports.toml",
            "\"one request is all there is to it\"",
            "\" \"",
        ),
        at: "reports.toml: rule = \"journey-of-one-endpoint\"",
        right: ("reports.toml", "on = \"export\"\n", ""),
    },
    Case {
        rule: "unused-exception",
        wrong: (
            "mail.toml",
            "# No exceptions.",
            "[[exception]]\nrule = \"few-events\"\nreason = \"r\"",
        ),
        at: "mail.toml: rule = \"few-events\"",
        right: ("reports.toml", "on = \"export\"\n", ""),
    },
];
