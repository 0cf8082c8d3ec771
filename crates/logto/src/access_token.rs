//! Bearer tokens at a protected API: JWT access tokens (RFC 9068 §4) for a resource or an organization.

use jsonwebtoken::{Algorithm, Header, decode_header};

use crate::{
    claims::AccessTokenClaims,
    client::LogtoClient,
    error::AccessTokenError,
    jwks::Unproved,
    secret::{ExposeSecret as _, SecretString},
    token::TokenTarget,
};

/// What an API asks of the tokens it accepts: all of it has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessTokenRules {
    /// The API resource or organization the token must be for. A resource within an organization when both are set.
    pub target: TokenTarget,
    /// Scopes the token must have, every one.
    pub scopes: Vec<String>,
}

impl AccessTokenRules {
    /// Tokens for this API resource.
    #[must_use]
    pub fn resource(resource: impl Into<String>) -> Self {
        Self {
            target: TokenTarget::resource(resource),
            scopes: Vec::new(),
        }
    }

    /// The same, and the token must have this scope too.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }
}

impl LogtoClient {
    /// Verifies a bearer token: type, signature, issuer, audience, organization, times and scopes.
    ///
    /// # Errors
    ///
    /// The first check that failed. [`AccessTokenError::InsufficientScope`] is HTTP 403, [`AccessTokenError::Keys`] 503, the
    /// others 401 (RFC 6750 §3.1).
    ///
    /// ```no_run
    /// # async fn example(client: logto::LogtoClient, bearer: logto::SecretString) -> Result<(), logto::AccessTokenError> {
    /// let rules = logto::AccessTokenRules::resource("https://api.example.com").with_scope("read:products");
    /// let claims = client.verify_access_token(&bearer, &rules).await?;
    /// println!("{} may read products", claims.sub);
    /// # Ok(()) }
    /// ```
    pub async fn verify_access_token(
        &self,
        token: &SecretString,
        rules: &AccessTokenRules,
    ) -> Result<AccessTokenClaims, AccessTokenError> {
        let token = token.expose_secret();
        let header = decode_header(token).map_err(|_| AccessTokenError::Invalid)?;
        if !is_access_token(&header) {
            return Err(AccessTokenError::Invalid);
        }
        let claims = self
            .signed_claims(token, header.kid.as_deref(), header.alg)
            .await
            .map_err(|unproved| match unproved {
                Unproved::Keys(error) => AccessTokenError::Keys(error),
                Unproved::UnknownKey | Unproved::Signature => AccessTokenError::Invalid,
            })?;
        self.judge_access_token(&claims, rules)?;
        Ok(claims)
    }

    fn judge_access_token(&self, claims: &AccessTokenClaims, rules: &AccessTokenRules) -> Result<(), AccessTokenError> {
        let tolerance = self.config().clock_tolerance();
        if claims.iss != self.config().issuer() {
            return Err(AccessTokenError::Issuer);
        }
        match rules.target.audience() {
            Some(audience) if claims.aud.contains(&audience) => {}
            _ => return Err(AccessTokenError::Audience),
        }
        // A token for an organization alone says so by its audience, one for a resource within it by a claim.
        let wanted = rules
            .target
            .resource
            .is_some()
            .then_some(rules.target.organization_id.as_deref())
            .flatten();
        if claims.organization_id.as_deref() != wanted {
            return Err(AccessTokenError::Organization);
        }
        if claims.exp.plus(tolerance) <= self.now() {
            return Err(AccessTokenError::Expired);
        }
        let latest = self.now().plus(tolerance);
        if claims.iat > latest || claims.nbf.is_some_and(|not_before| not_before > latest) {
            return Err(AccessTokenError::Invalid);
        }
        match rules.scopes.iter().find(|scope| !claims.has_scope(scope)) {
            Some(missing) => Err(AccessTokenError::InsufficientScope(missing.clone())),
            None => Ok(()),
        }
    }
}

/// `typ` keeps an ID token from passing as an access token (RFC 9068 §2.1); the algorithms are those accepted for ID tokens.
fn is_access_token(header: &Header) -> bool {
    let typ = header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
    matches!(typ.as_str(), "at+jwt" | "application/at+jwt")
        && matches!(header.alg, Algorithm::ES384 | Algorithm::RS256)
        // A header that must be understood, and is not (RFC 7515 §4.1.11); the library looks the other way.
        && header.crit.is_none()
}
