use logto_leptos::{LogtoConfig, UserScope};

/// The API resources that the app needs access tokens for, and the scopes of a sign-in.
///
/// `Logto::from_env` reads both from the environment: `LOGTO_RESOURCES` and `LOGTO_SCOPES`. These
/// calls replace them: name all scopes of the app in one list.
pub fn with_apis(logto: LogtoConfig) -> LogtoConfig {
    logto
        .with_resources(["https://products.example.com/api", "https://orders.example.com/api"])
        // One list for all resources. Logto ignores the scopes that a resource does not have.
        .with_scopes([
            UserScope::Email.as_str(),
            "read:products",
            "write:products",
            "read:orders",
        ])
}
