//! Redirects back to the client that are not what it asked for.

/// Text that shows in a page as soon as somebody forgets to escape it, and splits headers that are
/// not checked.
pub const HOSTILE_TEXT: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\r\nSet-Cookie: evil=1";

/// A redirect to the callback that lies.
#[derive(Clone, Debug)]
pub enum CallbackFault {
    /// `iss` of another provider: a mix-up (RFC 9207 §2.4).
    IssuerWrong,
    /// No `iss`, though the metadata promise one.
    IssuerMissing,
    /// A `state` the client never made.
    StateWrong,
    /// No `state`.
    StateMissing,
    /// Neither `code` nor `error`.
    CodeMissing,
    /// A code the provider never made.
    CodeWrong,
    /// An error instead of a code; nothing is issued (RFC 6749 §4.1.2.1).
    Error {
        /// `error`, such as `access_denied`.
        error: String,
        /// `error_description`.
        description: Option<String>,
    },
}

impl CallbackFault {
    /// An error with [`HOSTILE_TEXT`] as its description.
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
            Self::StateWrong => callback.state = Some("a-state-nobody-made".to_owned()),
            Self::StateMissing => callback.state = None,
            Self::CodeMissing => callback.code = None,
            Self::CodeWrong => callback.code = Some("a-code-nobody-issued".to_owned()),
            Self::Error { error, description } => {
                callback.code = None;
                callback.error = Some((error.clone(), description.clone()));
            }
        }
    }
}

/// The parameters of a redirect to the callback.
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
