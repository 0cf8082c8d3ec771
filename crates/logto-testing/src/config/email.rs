//! Email addresses.

/// Whether a text can be an email address, as Logto checks it.
pub(crate) fn is_email(text: &str) -> bool {
    let has_space = text.contains(char::is_whitespace);
    text.split_once('@').is_some_and(|(name, domain)| {
        let is_domain = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
        is_domain && !name.is_empty() && !domain.contains('@') && !has_space
    })
}
