//! HTML for forms.

/// Escapes text for HTML, quoted attributes included.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Escapes text between tags, where quotes need no escape.
pub(crate) fn escape_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A hidden field of a form.
pub(crate) fn hidden_field(name: &str, value: &str) -> String {
    let (name, value) = (escape(name), escape(value));
    format!("<input type=hidden name=\"{name}\" value=\"{value}\">")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_between_tags_cannot_become_markup() {
        assert_eq!(escape_text("it's <b>&amp;"), "it's &lt;b&gt;&amp;amp;");
    }

    #[test]
    fn text_cannot_leave_its_attribute_or_become_markup() {
        assert_eq!(
            escape(r#"/a?b="'><script>&"#),
            "/a?b=&quot;&#39;&gt;&lt;script&gt;&amp;"
        );
    }
}
