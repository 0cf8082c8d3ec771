//! The machine-to-machine app with access to Logto's Management API.

use super::LogtoConfig;
use crate::{client::LogtoClient, management::ManagementClient, secret::SecretString};

#[derive(Clone, Debug)]
pub(super) struct ManagementApp {
    id: String,
    secret: SecretString,
}

impl LogtoConfig {
    /// Sets the machine-to-machine app with the role "Logto Management API access", for apps that
    /// create organizations, invite users or act as them. None by default.
    ///
    /// ```
    /// # use logto::LogtoConfig;
    /// # let config = LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret");
    /// let config = config.with_management_app("machine-app-id", "machine-app-secret");
    /// ```
    #[must_use]
    pub fn with_management_app(mut self, app_id: impl Into<String>, app_secret: impl Into<SecretString>) -> Self {
        self.management_app = Some(ManagementApp {
            id: app_id.into(),
            secret: app_secret.into(),
        });
        self
    }

    /// Sets the resource indicator of the Management API, `https://<tenant-id>.logto.app/api`. Only a
    /// tenant in Logto's cloud with a domain of its own needs it: otherwise it follows from the
    /// endpoint.
    #[must_use]
    pub fn with_management_resource(mut self, resource: impl Into<String>) -> Self {
        self.management_resource = Some(resource.into());
        self
    }
}

impl LogtoClient {
    /// Creates a client for the Management API, with the app of
    /// [`LogtoConfig::with_management_app`]. `None` without one.
    ///
    /// Create it once: each has its own cache of tokens, which its clones share.
    #[must_use]
    pub fn management(&self) -> Option<ManagementClient> {
        let config = self.config().config();
        let app = config.management_app.as_ref()?;
        let client = self.machine(&app.id, app.secret.clone()).management();
        Some(match &config.management_resource {
            Some(resource) => client.with_resource(resource),
            None => client,
        })
    }
}
