//! Settings of the pages that people see.

/// The pages of an interactive provider, see
/// [`TestProviderBuilder::interactive`](crate::TestProviderBuilder::interactive).
///
/// By default they ask as a Logto server does: for a username and a password, and for nothing else.
#[derive(Clone, Debug, Default)]
pub struct InteractivePages {
    pub(crate) app_name: String,
    pub(crate) user_list: bool,
    pub(crate) consent: bool,
    pub(crate) sign_out_question: bool,
    pub(crate) notice: Option<String>,
}

impl InteractivePages {
    /// Creates the settings for an app with this name.
    pub fn new(app_name: &str) -> Self {
        Self {
            app_name: app_name.to_owned(),
            ..Self::default()
        }
    }

    /// Sets whether the sign-in page lists the users, so that one click signs in without a
    /// password. Off by default.
    #[must_use]
    pub fn with_user_list(mut self, user_list: bool) -> Self {
        self.user_list = user_list;
        self
    }

    /// Sets whether the user is asked for consent, as at a Logto server for third-party apps. Off
    /// by default.
    #[must_use]
    pub fn with_consent(mut self, consent: bool) -> Self {
        self.consent = consent;
        self
    }

    /// Sets whether a sign-out is asked about, as by `oidc-provider`. Off by default: the page
    /// submits itself, as Logto's does, and has a button for browsers without JavaScript.
    #[must_use]
    pub fn with_sign_out_question(mut self, question: bool) -> Self {
        self.sign_out_question = question;
        self
    }

    /// Sets the notice at the top of every page, such as a warning that the provider is for
    /// development.
    #[must_use]
    pub fn with_notice(mut self, notice: &str) -> Self {
        self.notice = Some(notice.to_owned());
        self
    }
}
