//! Builds the authorization request (OIDC Core §3.1.2.1) with PKCE (RFC 7636), resource indicators
//! (RFC 8707) and Logto's parameters.

mod fields;
mod options;
mod registration;
mod reserved_parameters;
mod transaction;

use std::fmt;

use openidconnect::{
    AuthUrl, ClientId, CsrfToken, IssuerUrl, JsonWebKeySet, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope,
    core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient},
};
use url::Url;

pub use self::{
    options::{DirectSignIn, FirstScreen, Identifier, InvalidParameter, SignInOptions, UiLocale},
    registration::Registration,
    reserved_parameters::is_reserved_parameter,
    transaction::SignInTransaction,
};
use crate::{
    client::LogtoClient,
    clock::{NoRandomness, random_text},
    error::{RequestError, SignInError},
    metadata::ProviderMetadata,
    prompt::Prompt,
    secret::{ExposeSecret as _, SecretString},
};

/// How the `state` of a silent sign-in begins.
pub(crate) const SILENT_STATE: &str = "silent.";

/// A started sign-in.
#[non_exhaustive]
#[must_use = "keep the transaction and redirect the browser to the URL"]
pub struct SignInStart {
    /// The URL to redirect the browser to.
    pub authorization_url: Url,
    /// The transaction to keep, sealed, until the callback.
    pub transaction: SignInTransaction,
}

/// Omits the URL, which contains `state`, `nonce` and a one-time token.
impl fmt::Debug for SignInStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInStart")
            .field("transaction", &self.transaction)
            .finish_non_exhaustive()
    }
}

impl LogtoClient {
    /// Starts a sign-in: creates `state`, `nonce`, the PKCE verifier and the authorization URL.
    ///
    /// # Errors
    ///
    /// If the provider's metadata or the random source is unavailable, the redirect URI is invalid,
    /// or an extra parameter belongs to the protocol.
    ///
    /// ```no_run
    /// # async fn example(client: logto::LogtoClient) -> Result<(), logto::SignInError> {
    /// let options = logto::SignInOptions::new().with_redirect_uri("https://app.example.com/callback");
    /// let start = client.start_sign_in(options).await?;
    /// println!("redirect to {}", start.authorization_url.host_str().unwrap_or_default());
    /// # Ok(()) }
    /// ```
    #[doc(alias = "signIn")]
    #[doc(alias = "generateSignInUri")]
    pub async fn start_sign_in(&self, options: SignInOptions) -> Result<SignInStart, SignInError> {
        check_extra(&options.extra)?;
        let redirect_uri = options.redirect_uri.as_deref().unwrap_or_default();
        let checked_uri = check_redirect_uri(redirect_uri)?;
        let metadata = self.metadata().await?;
        let reauthenticate = self.prompt_of(&options).contains(&Prompt::Login);
        // Logto sends `auth_time` only if `max_age` is requested. For `prompt=login` the callback
        // checks that the user entered credentials after the start.
        let lifetime = self.config().transaction_lifetime();
        let max_age = options.max_age.or_else(|| reauthenticate.then_some(lifetime));
        let started = self.now();
        let transaction = SignInTransaction {
            issuer: self.config().issuer().to_owned(),
            app_id: self.config().app_id().to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            state: self.new_state(options.silent)?,
            nonce: random_text::<32>(self.random())?.into(),
            verifier: random_text::<32>(self.random())?.into(),
            max_age,
            acr_values: options.acr_values.clone(),
            reauthenticate,
            silent: options.silent,
            post_redirect: options.post_redirect.clone(),
            link_email: options.one_time_token.as_ref().and(options.login_hint.clone()),
            started,
            expires: started.plus(lifetime),
        };
        let authorization_url = self.authorization_url(&metadata, checked_uri, &transaction, &options)?;
        Ok(SignInStart {
            authorization_url,
            transaction,
        })
    }

    /// Creates a `state`. That of a silent sign-in says so, see [`CallbackRequest::says_silent`].
    ///
    /// [`CallbackRequest::says_silent`]: crate::CallbackRequest::says_silent
    fn new_state(&self, silent: bool) -> Result<SecretString, NoRandomness> {
        let state = random_text::<32>(self.random())?;
        Ok(if silent {
            format!("{SILENT_STATE}{state}").into()
        } else {
            state.into()
        })
    }

    /// The `prompt` of the request. A one-time token needs `login` or `consent`: without either,
    /// Logto ignores it if the browser has a session, and returns the current user.
    fn prompt_of<'a>(&'a self, options: &'a SignInOptions) -> &'a [Prompt] {
        let prompt = options.prompt.as_deref().unwrap_or(self.config().prompt());
        let asks = |prompt: &Prompt| matches!(prompt, Prompt::Login | Prompt::Consent);
        if options.one_time_token.is_some() && !prompt.iter().any(asks) {
            &[Prompt::Consent]
        } else {
            prompt
        }
    }

    fn authorization_url(
        &self,
        metadata: &ProviderMetadata,
        redirect_url: RedirectUrl,
        transaction: &SignInTransaction,
        options: &SignInOptions,
    ) -> Result<Url, SignInError> {
        let config = self.config();
        let issuer = IssuerUrl::new(config.issuer().to_owned())
            .map_err(|_| SignInError::Discovery(RequestError::InvalidResponse("the issuer").into()))?;
        let (state, nonce) = (transaction.state.clone(), transaction.nonce.clone());
        let verifier = PkceCodeVerifier::new(transaction.verifier.expose_secret().to_owned());
        let client = CoreClient::new(
            ClientId::new(config.app_id().to_owned()),
            issuer,
            JsonWebKeySet::default(),
        )
        .set_auth_uri(AuthUrl::from_url(metadata.authorization_endpoint.clone()))
        .set_redirect_uri(redirect_url)
        .disable_openid_scope();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state.expose_secret().to_owned()),
                move || Nonce::new(nonce.expose_secret().to_owned()),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(config.scopes().iter().cloned().map(Scope::new));
        for prompt in self.prompt_of(options) {
            request = request.add_prompt(prompt_value(*prompt));
        }
        for resource in config.resources() {
            request = request.add_extra_param("resource", resource.clone());
        }
        if let Some(seconds) = transaction.max_age {
            request = request.set_max_age(std::time::Duration::from_secs(seconds));
        }
        for (name, value) in options.parameters() {
            request = request.add_extra_param(name, value);
        }
        Ok(request.url().0)
    }
}

fn prompt_value(prompt: Prompt) -> CoreAuthPrompt {
    match prompt {
        Prompt::None => CoreAuthPrompt::None,
        Prompt::Login => CoreAuthPrompt::Login,
        Prompt::Consent => CoreAuthPrompt::Consent,
        Prompt::SelectAccount => CoreAuthPrompt::SelectAccount,
    }
}

fn check_redirect_uri(uri: &str) -> Result<RedirectUrl, SignInError> {
    let url = Url::parse(uri).map_err(|_| SignInError::InvalidRedirectUri)?;
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host() && url.fragment().is_none();
    if !usable {
        return Err(SignInError::InvalidRedirectUri);
    }
    RedirectUrl::new(uri.to_owned()).map_err(|_| SignInError::InvalidRedirectUri)
}

fn check_extra(extra: &[(String, String)]) -> Result<(), SignInError> {
    match extra.iter().find(|(name, _)| is_reserved_parameter(name)) {
        Some((name, _)) => Err(SignInError::ReservedParameter(name.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extra_parameter_cannot_overwrite_the_protocols_own() {
        for name in ["state", "redirect_uri", "claims", "login_hint", "return_to"] {
            let extra = [(name.to_owned(), "x".to_owned())];
            assert_eq!(
                check_extra(&extra),
                Err(SignInError::ReservedParameter(name.to_owned()))
            );
        }
        assert!(check_extra(&[("State".into(), "x".into())]).is_err());
        assert!(check_extra(&[("theme".into(), "dark".into())]).is_ok());
    }

    #[test]
    fn rejects_a_redirect_uri_that_is_not_http() {
        for bad in [
            "",
            "/callback",
            "javascript:alert(1)",
            "https://a/callback#x",
            "data:text/html,x",
        ] {
            assert!(check_redirect_uri(bad).is_err(), "{bad}");
        }
        assert!(check_redirect_uri("http://127.0.0.1:3000/callback").is_ok());
    }
}
