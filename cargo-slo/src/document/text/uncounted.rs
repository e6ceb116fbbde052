//! What is said about what no SLO counts, in every language.

type Text = &'static str;

/// What SLOs don't count, and what tells of it.
#[derive(Debug)]
pub(in crate::document) struct Uncounted {
    pub(in crate::document) heading: Text,
    pub(in crate::document) intro: Text,
    /// Shortened, for who approves.
    pub(in crate::document) summary: Text,
    pub(in crate::document) points: [Text; 4],
    pub(in crate::document) alerts: Text,
    pub(in crate::document) alerts_intro: Text,
    /// Of the alerts that are generated beside those of burn rates.
    pub(in crate::document) data_missing: Text,
    pub(in crate::document) stuck: Text,
    pub(in crate::document) not_measured: Text,
    pub(in crate::document) data_gap: Text,
    pub(in crate::document) run_missed: Text,
    pub(in crate::document) wishes: Text,
    pub(in crate::document) wish: Text,
    pub(in crate::document) wish_within: Text,
    pub(in crate::document) false_pages: Text,
}

pub(super) const ENGLISH: Uncounted = Uncounted {
    heading: "What these SLOs do not count",
    intro: "The service counts the requests it answers itself. What never reaches it leaves no event, and so no bad event:",
    summary: "A dead process, and failures of network, DNS, TLS or load balancer: such requests never reach the service, so they are neither good nor bad here.",
    points: [
        "A process that dies, and what fails before it: DNS, TLS, load balancer, network. A complete outage of that kind may spend none of the error budget. Measure at the gateway or from outside.",
        "An answer that is lost on its way after the service has sent it: it counts as good.",
        "Work that is accepted and done later: the acceptance counts, unless the work has an SLO of its own.",
        "Whether the content of an answer is right, unless the code says that it is not.",
    ],
    alerts: "Other alerts",
    alerts_intro: "Rules generated for Prometheus tell of what burn rates can't show:",
    data_missing: "no data of the service arrives any more",
    stuck: "requests wait in the service and none ends",
    not_measured: "requests are served where nothing counts them",
    data_gap: "events were counted that no error budget has",
    run_missed: "a job did not run, or not with success",
    wishes: "What the team wants to be told of (`[detect]`); `cargo slo check` compares the alerts with it.",
    wish: "{name}: after {errors} bad events",
    wish_within: "{name}: after {errors} bad events within {span}",
    false_pages: "The setting is made so that chance alone pages at most {count} times a month for each SLO.",
};

pub(super) const JAPANESE: Uncounted = Uncounted {
    heading: "この SLO が数えないもの",
    intro: "サービスは、自身が応答したリクエストを数えます。サービスに届かなかったものはイベントにならず、不良にも数えられません。",
    summary: "プロセスの停止、ネットワーク・DNS・TLS・ロードバランサーの障害。リクエストがサービスに届かないため、正常にも不良にも数えられません。",
    points: [
        "プロセスの停止、およびその手前の障害（DNS、TLS、ロードバランサー、ネットワーク）。この種の全面停止では、エラーバジェットがまったく減らないことがあります。ゲートウェイまたは外部からの計測が必要です。",
        "サービスが送り終えた後に、途中で失われた応答。正常に数えられます。",
        "受け付けた後で行われる処理。処理自体に SLO がないかぎり、受け付けたことだけが数えられます。",
        "応答の内容が正しいかどうか。正しくないとプログラムが明示した場合を除きます。",
    ],
    alerts: "その他のアラート",
    alerts_intro: "Prometheus 用に生成されるルールには、バーンレートでは分からないことを知らせるアラートがあります。",
    data_missing: "サービスのデータが届かなくなった",
    stuck: "リクエストが滞留し、一つも終わらない",
    not_measured: "数えられない場所でリクエストに応答している",
    data_gap: "どのエラーバジェットにも含まれないイベントがあった",
    run_missed: "ジョブが実行されなかった、または成功しなかった",
    wishes: "チームが検知したいこと（`[detect]`）です。アラートで検知できるかどうかは `cargo slo check` が確認します。",
    wish: "{name}：不良 {errors}\u{a0}件",
    wish_within: "{name}：{span}に不良 {errors}\u{a0}件",
    false_pages: "偽陽性の緊急呼び出しが SLO ごとに月 {count}\u{a0}回以下になるように設定されています。",
};
