//! Texts of users in Terraform's JSON syntax.

/// The text so that it is not a template.
pub(crate) fn literal(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn texts_are_no_templates() {
        assert_eq!(
            literal("${var.x} $${y} %{ if z } $a %b"),
            "$${var.x} $$${y} %%{ if z } $a %b"
        );
    }
}
