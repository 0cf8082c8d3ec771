//! The machine-to-machine app with access to Logto's Management API.

use crate::secret::SecretString;

#[derive(Clone, Debug)]
pub(crate) struct ManagementApp {
    pub(crate) id: String,
    pub(crate) secret: SecretString,
}
