//! What the rules of `cargo slo check` find, in a line, for readers of a document.

use super::{Language, marked};
use crate::{document::model::Line, rules::Rule};

/// Returns what a rule finds. English is its own summary.
pub(in crate::document) fn title(rule: &Rule, language: Language) -> Line {
    let own = match language {
        Language::English => None,
        Language::Japanese => JAPANESE.iter().find(|(name, _)| *name == rule.name),
    };
    match own {
        Some((_, title)) => marked(title),
        None => marked(rule.summary().trim_end_matches('.')),
    }
}

/// The rules by name, in the order of the alphabet.
const JAPANESE: [(&str, &str); 58] = [
    (
        "alert-never-fires",
        "発報に必要な不良件数が実際のイベント数を超えており、決して発報しないアラートがある",
    ),
    (
        "alert-on-one-event",
        "見込みトラフィックでは、不良 1\u{a0}件だけで緊急呼び出しになる",
    ),
    ("approval-void", "承認された後に値が変わった"),
    (
        "blocks-nobody",
        "関係するサービスのリリースも止めるポリシーだが、止まるサービスがない",
    ),
    (
        "budget-below-dependencies",
        "必須の依存先のエラーバジェットの合計が、このサービスのエラーバジェットより大きい",
    ),
    (
        "burn-rate-below-one",
        "目標値を守れていても発報するアラートがカタログにある",
    ),
    (
        "conflicting-routes",
        "二つのエンドポイントのルートが同じリクエストに一致する",
    ),
    ("dependency-cycle", "サービスが互いに依存し合っている"),
    (
        "dependency-unknown",
        "依存先の情報がなく、目標値と照らし合わせられない",
    ),
    (
        "dependency-window",
        "依存先の期間のほうが長く、この期間内にエラーバジェットをすべて使われることがある",
    ),
    (
        "dependency-without-slo",
        "必須の依存先に可用性の目標値がなく、この目標値の裏付けがない",
    ),
    ("doubtful-correction", "信じがたい補正がある"),
    (
        "endpoint-not-annotated",
        "提供しているのにアノテーションがないエンドポイントがある",
    ),
    ("exception-without-reason", "理由のない例外がある"),
    (
        "extra-nine",
        "必須の依存先だけで、エラーバジェットの半分以上を使われることがある",
    ),
    (
        "false-pages",
        "見込みトラフィックでは、偶然による緊急呼び出しが許容回数を超える",
    ),
    (
        "few-events",
        "エラーバジェットの件数が少なく、達成できるかどうかが偶然に左右される",
    ),
    (
        "former-name-taken",
        "旧名称が、今ある別のものと重なっている",
    ),
    (
        "hoarded-budget",
        "エラーバジェットが続けて余っており、使い道の取り決めが実行されていない",
    ),
    (
        "journey-facts",
        "ジャーニーにオーナー、利用者、名称のいずれかが書かれていない",
    ),
    (
        "journey-failure",
        "ジャーニーが失敗したときに利用者が何に気付くかが書かれていない",
    ),
    (
        "journey-of-one-endpoint",
        "エンドポイントが一つしかないジャーニーで、エンドポイント自身の SLO と変わらない",
    ),
    (
        "journey-without-availability",
        "可用性の目標値がなく、すべて失敗しても SLO を達成したことになる",
    ),
    (
        "latency-above-dependency",
        "レイテンシの目標値が、待ち合わせる依存先より高い",
    ),
    (
        "latency-not-promised",
        "レイテンシの目標値が、レイテンシの目標値を持たない依存先に左右される",
    ),
    ("latency-of-stream", "`until` が応答の種類に合っていない"),
    (
        "loss-above-tolerable",
        "エラーバジェットを使い切ったときの損失が、許容損失を超える",
    ),
    (
        "never-satisfying",
        "運用する側は達成可能としたが、利用する側の誰も満足できると答えていない",
    ),
    (
        "never-served",
        "履歴の期間中、一度も呼び出されなかったエンドポイントがある",
    ),
    (
        "no-budget-policy",
        "エラーバジェットを使い切ったときの対応が決められていない",
    ),
    (
        "no-event",
        "エラーバジェットが 1\u{a0}件に満たず、最初の不良で未達になる",
    ),
    (
        "no-route",
        "`route` がなく、処理が始まる前に失敗したリクエストがどの SLO にも数えられない",
    ),
    ("no-runbook", "緊急呼び出しになるのにランブックがない"),
    (
        "not-in-catalogue",
        "カタログにない名前が `slo.toml` に書かれている",
    ),
    (
        "not-measured",
        "レイヤーの外でリクエストに応答しているエンドポイントがある",
    ),
    ("off-tier", "目標値がティアの定めより厳しい、または緩い"),
    ("out-of-reach", "直近の三つの期間すべてで未達だった"),
    (
        "outage-too-short",
        "5\u{a0}分未満の停止でエラーバジェットを使い切り、緊急呼び出しへの対応が間に合わない",
    ),
    (
        "over-achieved",
        "直近の三つの期間すべてで目標値を 10\u{a0}倍上回った。より緩い目標値で足りる",
    ),
    (
        "policy-without-action",
        "エラーバジェットポリシーに、使い切ったときの対応がない",
    ),
    ("review-overdue", "目標値の見直しの期限が過ぎている"),
    (
        "route-not-offered",
        "アノテーションのルートをサービスが提供していない（綴りの誤りの可能性）",
    ),
    ("service-description", "サービスの内容が書かれていない"),
    (
        "service-name-differs",
        "`slo.toml` とプログラムでサービスの名前が異なる",
    ),
    (
        "silent-leak",
        "緩やかな不良がエラーバジェットを使い切っても、アラートが発報しないことがある",
    ),
    (
        "soft-without-mitigation",
        "必須でない依存先に、代わりの動作またはその根拠が書かれていない",
    ),
    (
        "status-without-reason",
        "ステータスコードの数え方を、理由を書かずに変えているエンドポイントがある",
    ),
    (
        "target-above-dependency",
        "可用性の目標値が、必須の依存先より高い",
    ),
    (
        "target-below-half",
        "目標値が 50% を下回り、成功より失敗が多くてもよいことになる",
    ),
    (
        "threshold-below-dependency",
        "レイテンシのしきい値が、必ず待つ依存先より短い",
    ),
    (
        "threshold-off-boundary",
        "レイテンシのしきい値が、配備済みのヒストグラムの境界と合わない",
    ),
    (
        "tighter-than-loss",
        "許容損失から必要とされるより目標値が厳しい",
    ),
    ("two-writers", "二つのプロセスが同じ系列に書き込んでいる"),
    (
        "unannotated-traffic",
        "アノテーションのないルートを使うトラフィックがある",
    ),
    ("undetected", "検知したい不良を検知するアラートがない"),
    (
        "unknown-name",
        "サービスにない名前が `slo.toml` に書かれている",
    ),
    ("unused-exception", "どの指摘にも当てはまらない例外がある"),
    ("unused-ignore", "除外したルートがどのファイルにもない"),
];

#[cfg(test)]
pub(super) fn japanese() -> impl Iterator<Item = &'static str> {
    JAPANESE.iter().map(|(_, title)| *title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_a_title_in_japanese() {
        let told: Vec<_> = JAPANESE.iter().map(|(name, _)| *name).collect();
        assert!(told.is_sorted());
        let told: BTreeSet<_> = told.into_iter().collect();
        let rules = crate::rules::all().iter().map(|rule| rule.name).collect();
        let missing: Vec<_> = told.symmetric_difference(&rules).collect();
        assert!(missing.is_empty(), "in one of both only: {missing:?}");
    }
}
