//! A form of an HTML page.

use axum::http::Method;
use url::Url;

/// A form that [`Page::form`](crate::Page::form) has found, with the values of its fields.
/// [`Browser::submit`](crate::Browser::submit) sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub(super) action: Url,
    pub(super) method: Method,
    pub(super) fields: Vec<(String, String)>,
    pub(super) buttons: Vec<Button>,
}

/// A button that submits a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Button {
    pub(super) name: Option<String>,
    pub(super) value: String,
    pub(super) text: String,
}

impl Form {
    /// The URL that the form is sent to.
    pub fn action(&self) -> &Url {
        &self.action
    }

    /// GET or POST.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The names and values of the fields, hidden ones included.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of the first field with this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// Sets the value of a field. A field that the form does not have is added, as a script adds it.
    #[must_use]
    pub fn with_field(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, current)) => value.clone_into(current),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Presses the button with this text, which adds the button's name and value to the fields.
    ///
    /// # Panics
    ///
    /// If the form has no such button.
    #[must_use]
    pub fn press(mut self, text: &str) -> Self {
        let found = self.buttons.iter().find(|button| button.text == text);
        let Some(Button { name, value, .. }) = found else {
            let texts: Vec<_> = self.buttons.iter().map(|button| &button.text).collect();
            panic!("the form has no button {text:?}, but these: {texts:?}")
        };
        if let Some(name) = name {
            self.fields.push((name.clone(), value.clone()));
        }
        self
    }
}
