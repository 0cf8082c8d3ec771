use logto_leptos::{Logto, LogtoConfig, SecretString, SetUpError, UserScope, WebConfig};

/// Reads every setting from environment variables.
pub fn from_environment() -> Result<Logto, SetUpError> {
    Logto::from_env()
}

/// Reads the environment, and sets in code what is the same everywhere. The scopes and resources
/// replace those of the environment.
pub fn from_environment_and_code() -> Result<Logto, SetUpError> {
    let (logto, web) = Logto::config_from_env()?;
    let logto = logto
        .with_scopes([UserScope::Email, UserScope::Organizations])
        .with_resources(["https://api.example.com"]);
    let web = web.with_error_path("/auth-error");
    Logto::new(logto, web)
}

/// Reads no environment variable. Secrets come from a vault, for example.
pub fn from_code(secret: SecretString, cookie_secret: SecretString) -> Result<Logto, SetUpError> {
    let logto = LogtoConfig::new("https://tenant.logto.app", "app-id", secret);
    let web = WebConfig::new("https://app.example.com", [cookie_secret]);
    Logto::new(logto, web)
}
