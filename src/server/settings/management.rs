//! Access to Logto's Management API.

use logto_leptos::{Logto, ManagementClient, SecretString};

/// A machine-to-machine app with the role "Logto Management API access".
#[derive(Clone, Debug)]
pub struct ManagementApp {
    id: String,
    secret: SecretString,
    /// The resource indicator of the Management API, if it is not that of the endpoint.
    resource: Option<String>,
}

impl ManagementApp {
    /// Reads the app from variables. `None` if they name no app.
    ///
    /// # Errors
    ///
    /// If the variables name an app without its secret, or the other way round.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        match ["LOGTO_MANAGEMENT_APP_ID", "LOGTO_MANAGEMENT_APP_SECRET"].map(&variable) {
            [Some(id), Some(secret)] => Ok(Some(Self {
                id,
                secret: secret.into(),
                resource: variable("LOGTO_MANAGEMENT_RESOURCE"),
            })),
            [None, None] => Ok(None),
            _ => Err("set both LOGTO_MANAGEMENT_APP_ID and LOGTO_MANAGEMENT_APP_SECRET, or neither of them".to_owned()),
        }
    }

    /// Returns a client that gets its own tokens.
    pub(crate) fn client(&self, logto: &Logto) -> ManagementClient {
        let client = logto.client().machine(&self.id, self.secret.clone()).management();
        match &self.resource {
            Some(resource) => client.with_resource(resource),
            None => client,
        }
    }
}
