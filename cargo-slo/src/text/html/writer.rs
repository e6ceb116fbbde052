//! Elements, attributes and texts.

use super::push;

/// A page that grows.
///
/// Names of elements and attributes are words of this program; everything else is a value or a
/// text, and escaped here.
#[derive(Debug, Default)]
pub(crate) struct Writer(String);

impl Writer {
    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.0
    }

    /// Something that is HTML already: only what this program brings along.
    pub(crate) fn own(&mut self, html: &'static str) {
        self.0.push_str(html);
    }

    /// An element that holds nothing.
    pub(crate) fn void(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.0.push('<');
        self.0.push_str(name);
        for (attribute, value) in attributes {
            self.0.push(' ');
            self.0.push_str(attribute);
            self.0.push_str("=\"");
            push(&mut self.0, value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// An element with what it holds.
    pub(crate) fn element(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        inner: impl FnOnce(&mut Writer),
    ) {
        self.void(name, attributes);
        inner(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// The same on a line of its own.
    pub(crate) fn block(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        inner: impl FnOnce(&mut Writer),
    ) {
        self.element(name, attributes, inner);
        self.0.push('\n');
    }

    /// An element that holds a text.
    pub(crate) fn told(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        text: &str,
    ) {
        self.element(name, attributes, |w| w.text(text));
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) {
        push(&mut self.0, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_values_hold_no_marks() {
        let mut w = Writer::default();
        w.element("a", &[("href", "\"'<&>")], |w| w.text("</a><script>"));
        assert_eq!(
            w.finish(),
            "<a href=\"&quot;&#39;&lt;&amp;&gt;\">&lt;/a&gt;&lt;script&gt;</a>"
        );
    }
}
