//! Changes as a unified diff, which `patch -p1` and `git apply` take.

use super::Change;
use similar::TextDiff;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The diff of all changes, in their order.
pub(crate) fn patch(changes: &[Change]) -> String {
    let mut patch = String::new();
    for change in changes {
        let before = change.before.as_deref().unwrap_or_default();
        let shown = change.shown.replace('\\', "/");
        let old = match change.before {
            Some(_) => format!("a/{shown}"),
            None => "/dev/null".to_owned(),
        };
        let diff = TextDiff::from_lines(before, &change.after);
        let mut diff = diff.unified_diff();
        let diff = diff
            .context_radius(CONTEXT)
            .header(&old, &format!("b/{shown}"));
        patch.push_str(&diff.to_string());
    }
    patch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_and_a_new_one() {
        let change = |before: Option<&str>, after: &str| Change {
            path: "/w/a.rs".into(),
            shown: "a.rs".to_owned(),
            before: before.map(str::to_owned),
            after: after.to_owned(),
        };
        let told = patch(&[change(Some("a\r\nb"), "a\r\nc\r\nb"), change(None, "a\n")]);
        let expected = "--- a/a.rs\n+++ b/a.rs\n@@ -1,2 +1,3 @@\n a\r\n+c\r\n b\n\
                        \\ No newline at end of file\n--- /dev/null\n+++ b/a.rs\n@@ -0,0 +1 @@\n+a\n";
        assert_eq!(told, expected);
    }
}
