//! Wrong redirects to the callback.

/// Text that executes a script in a page that does not escape it, and adds a header to a response
/// whose headers are not checked.
pub const HOSTILE_TEXT: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\r\nSet-Cookie: evil=1";

/// A wrong redirect to the callback.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallbackFault {
    /// `iss` names another provider: a mix-up attack (RFC 9207 §2.4).
    IssuerWrong,
    /// `iss` is missing, although the metadata announces it.
    IssuerMissing,
    /// `state` is a value that the client did not create.
    StateWrong,
    /// `state` is missing.
    StateMissing,
    /// Both `code` and `error` are missing.
    CodeMissing,
    /// `code` is a value that the provider did not issue.
    CodeWrong,
    /// An error response; no code is issued (RFC 6749 §4.1.2.1).
    Error {
        /// The parameter `error`, such as `access_denied`.
        error: String,
        /// The parameter `error_description`.
        description: Option<String>,
    },
}

impl CallbackFault {
    /// An error response with [`HOSTILE_TEXT`] as the description.
    pub fn error(error: &str) -> Self {
        Self::Error {
            error: error.to_owned(),
            description: Some(HOSTILE_TEXT.to_owned()),
        }
    }

    pub(crate) fn apply(&self, callback: &mut Callback) {
        match self {
            Self::IssuerWrong => callback.iss = Some("https://evil.example.com/oidc".to_owned()),
            Self::IssuerMissing => callback.iss = None,
            Self::StateWrong => callback.state = Some("an-unknown-state".to_owned()),
            Self::StateMissing => callback.state = None,
            Self::CodeMissing => callback.code = None,
            Self::CodeWrong => callback.code = Some("an-unknown-code".to_owned()),
            Self::Error { error, description } => {
                callback.code = None;
                callback.error = Some((error.clone(), description.clone()));
            }
        }
    }
}

/// The parameters of the redirect to the callback.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callback {
    pub(crate) code: Option<String>,
    /// `error` and `error_description`.
    pub(crate) error: Option<(String, Option<String>)>,
    pub(crate) state: Option<String>,
    pub(crate) iss: Option<String>,
}

impl Callback {
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let error = self.error.as_ref();
        let all = [
            ("code", self.code.as_deref()),
            ("error", error.map(|(error, _)| error.as_str())),
            (
                "error_description",
                error.and_then(|(_, description)| description.as_deref()),
            ),
            ("state", self.state.as_deref()),
            ("iss", self.iss.as_deref()),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}
