//! Rotation of refresh tokens.

/// When a refresh returns a new refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RotationRule {
    /// Once 70 % of the token's lifetime have passed: Logto's rule for a traditional web app.
    #[default]
    Traditional,
    /// At every refresh: Logto's rule for a public client.
    EveryUse,
    /// Never: rotation is turned off in the application's settings.
    Never,
}
