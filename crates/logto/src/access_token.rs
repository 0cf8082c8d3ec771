//! Verifies the bearer tokens of a protected API: JWT access tokens (RFC 9068 §4) for a resource or
//! an organization.

use std::time::Duration;

use logto_requirements::{Acr, StepUp};

use crate::{
    claims::AccessTokenClaims,
    client::LogtoClient,
    error::AccessTokenError,
    jwt::{JwtHeader, TimeCheck, unverified_claims},
    scope::organization_urn,
    secret::{ExposeSecret as _, SecretString},
    signature::SignatureError,
};

/// The requirements of an API for the tokens it accepts: their target and their scopes.
///
/// | token for | claims | constructor |
/// |---|---|---|
/// | an API resource | `aud` is the resource | [`resource`] |
/// | a resource within an organization | `aud` is the resource, and `organization_id` | [`resource_in_organization`], [`resource_in_any_organization`] |
/// | an organization | `aud` is its URN | [`organization`], [`any_organization`] |
///
/// If any organization is accepted, use [`AccessTokenClaims::organization`] to select the data. Rules
/// with an empty resource or organization reject every token.
///
/// [`resource`]: Self::resource
/// [`resource_in_organization`]: Self::resource_in_organization
/// [`resource_in_any_organization`]: Self::resource_in_any_organization
/// [`organization`]: Self::organization
/// [`any_organization`]: Self::any_organization
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessTokenRules {
    target: AcceptedTarget,
    scopes: Vec<String>,
    proof: StepUp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum AcceptedTarget {
    Resource(String),
    ResourceInOrganization { resource: String, id: String },
    ResourceInAnyOrganization(String),
    Organization(String),
    AnyOrganization,
}

impl AcceptedTarget {
    /// Whether the resource or the organization is empty. No API and no organization has such a
    /// name, so a token for it proves nothing.
    fn is_empty(&self) -> bool {
        match self {
            Self::Resource(name) | Self::ResourceInAnyOrganization(name) | Self::Organization(name) => name.is_empty(),
            Self::ResourceInOrganization { resource, id } => resource.is_empty() || id.is_empty(),
            Self::AnyOrganization => false,
        }
    }
}

impl AccessTokenRules {
    /// Accepts tokens for this API resource that belong to no organization.
    #[must_use]
    pub fn resource(resource: impl Into<String>) -> Self {
        Self::of(AcceptedTarget::Resource(resource.into()))
    }

    /// Accepts tokens for this API resource within this organization.
    #[must_use]
    pub fn resource_in_organization(resource: impl Into<String>, id: impl Into<String>) -> Self {
        Self::of(AcceptedTarget::ResourceInOrganization {
            resource: resource.into(),
            id: id.into(),
        })
    }

    /// Accepts tokens for this API resource within any organization.
    ///
    /// ```
    /// # async fn example(client: logto::LogtoClient, bearer: logto::SecretString) -> Result<(), logto::AccessTokenError> {
    /// let rules = logto::AccessTokenRules::resource_in_any_organization("https://api.example.com");
    /// let claims = client.verify_access_token(&bearer, &rules).await?;
    /// println!("{} reads the orders of {:?}", claims.sub, claims.organization());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn resource_in_any_organization(resource: impl Into<String>) -> Self {
        Self::of(AcceptedTarget::ResourceInAnyOrganization(resource.into()))
    }

    /// Accepts tokens for this organization itself. Their scopes are permissions of the
    /// organization template.
    #[must_use]
    pub fn organization(id: impl Into<String>) -> Self {
        Self::of(AcceptedTarget::Organization(id.into()))
    }

    /// Accepts tokens for any organization itself.
    #[must_use]
    pub fn any_organization() -> Self {
        Self::of(AcceptedTarget::AnyOrganization)
    }

    /// Adds a scope that the token must have.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Demands that the user of the token has reached a class, such as [`Acr::Mfa`] (RFC 9470).
    ///
    /// Logto writes the class into access tokens since 1.46.
    #[must_use]
    pub fn with_acr(mut self, class: Acr) -> Self {
        self.proof.acr = Some(class);
        self
    }

    /// Demands that the user of the token has entered credentials at most this long ago, in full
    /// seconds (RFC 9470). The clock tolerance of the configuration is added.
    #[must_use]
    pub fn within(mut self, age: Duration) -> Self {
        self.proof.max_age = Some(Duration::from_secs(age.as_secs()));
        self
    }

    fn of(target: AcceptedTarget) -> Self {
        Self {
            target,
            scopes: Vec::new(),
            proof: StepUp::new(),
        }
    }

    fn is_proved_by(&self, claims: &AccessTokenClaims, times: &TimeCheck) -> bool {
        let is_strong_enough = |demanded: &Acr| claims.acr.as_ref().is_some_and(|acr| acr.satisfies(demanded));
        let is_recent = |age: Duration| {
            let oldest = times.earliest().minus(age.as_secs());
            claims.auth_time.is_some_and(|time| time >= oldest)
        };
        self.proof.acr.as_ref().is_none_or(is_strong_enough) && self.proof.max_age.is_none_or(is_recent)
    }
}

impl LogtoClient {
    /// Verifies a bearer token: its type, algorithm, signature, issuer, audience, organization,
    /// times and scopes.
    ///
    /// # Errors
    ///
    /// The first check that failed. [`AccessTokenError::InsufficientScope`] is HTTP 403,
    /// [`AccessTokenError::Keys`] 503, the others 401 (RFC 6750 §3.1, RFC 9470 §3).
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
        let header = JwtHeader::parse(token).ok_or(AccessTokenError::Invalid)?;
        // The type distinguishes an access token from an ID token (RFC 9068 §2.1).
        if !header.is_type("at+jwt") || header.is_critical() {
            return Err(AccessTokenError::Invalid);
        }
        let signature = self.verify_signature(token, &header).await;
        signature.map_err(|error| match error {
            SignatureError::Keys(error) => AccessTokenError::Keys(error),
            SignatureError::Algorithm | SignatureError::UnknownKey | SignatureError::Signature => {
                AccessTokenError::Invalid
            }
        })?;
        let claims = unverified_claims(token).ok_or(AccessTokenError::Invalid)?;
        self.check_claims(&claims, rules)?;
        Ok(claims)
    }

    fn check_claims(&self, claims: &AccessTokenClaims, rules: &AccessTokenRules) -> Result<(), AccessTokenError> {
        let times = TimeCheck::new(self.now(), self.config().clock_tolerance());
        if claims.iss != self.config().issuer() {
            return Err(AccessTokenError::Issuer);
        }
        check_target(claims, &rules.target)?;
        if times.is_past(claims.exp) {
            return Err(AccessTokenError::Expired);
        }
        if times.is_future(claims.iat, claims.nbf) {
            return Err(AccessTokenError::Invalid);
        }
        if !rules.is_proved_by(claims, &times) {
            return Err(AccessTokenError::InsufficientAuthentication(rules.proof.clone()));
        }
        match rules.scopes.iter().find(|scope| !claims.has_scope(scope)) {
            Some(missing) => Err(AccessTokenError::InsufficientScope(missing.clone())),
            None => Ok(()),
        }
    }
}

/// The audience names the organization of an organization token. In a token for a resource within
/// an organization, the claim `organization_id` names it.
fn check_target(claims: &AccessTokenClaims, accepted: &AcceptedTarget) -> Result<(), AccessTokenError> {
    if accepted.is_empty() {
        return Err(AccessTokenError::Audience);
    }
    let within = claims.organization_id.as_deref();
    let (audience_fits, organization_fits) = match accepted {
        AcceptedTarget::Resource(resource) => (claims.aud.contains(resource), within.is_none()),
        AcceptedTarget::ResourceInOrganization { resource, id } => {
            (claims.aud.contains(resource), within == Some(id.as_str()))
        }
        AcceptedTarget::ResourceInAnyOrganization(resource) => {
            (claims.aud.contains(resource), within.is_some_and(|id| !id.is_empty()))
        }
        AcceptedTarget::Organization(id) => (claims.aud.contains(&organization_urn(id)), within.is_none()),
        AcceptedTarget::AnyOrganization => (claims.aud.organization().is_some(), within.is_none()),
    };
    match (audience_fits, organization_fits) {
        (false, _) => Err(AccessTokenError::Audience),
        (true, false) => Err(AccessTokenError::Organization),
        (true, true) => Ok(()),
    }
}
