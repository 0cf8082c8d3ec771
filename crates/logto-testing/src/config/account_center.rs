//! The settings of the tenant for the Account API.

use std::collections::BTreeMap;

/// The access of users to a field of their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountField {
    /// Hidden.
    Off,
    /// Readable.
    ReadOnly,
    /// Readable and editable.
    Edit,
}

/// The settings of the account center.
#[derive(Clone, Debug)]
pub(crate) struct AccountCenter {
    pub(crate) enabled: bool,
    /// Whether the tenant can send emails and text messages.
    pub(crate) message_connectors: bool,
    /// By name. Other fields can be changed.
    fields: BTreeMap<String, AccountField>,
}

impl Default for AccountCenter {
    fn default() -> Self {
        Self {
            enabled: true,
            message_connectors: true,
            fields: BTreeMap::new(),
        }
    }
}

impl AccountCenter {
    pub(crate) fn field(&self, name: &str) -> AccountField {
        self.fields.get(name).copied().unwrap_or(AccountField::Edit)
    }

    pub(crate) fn set_field(&mut self, name: &str, field: AccountField) {
        self.fields.insert(name.to_owned(), field);
    }
}
