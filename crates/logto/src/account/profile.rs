//! The account and its profile.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    client::{AccountClient, Call},
    error::AccountError,
    identities::SocialIdentity,
};
use crate::{clock::Milliseconds, scope::UserScope};

const CUSTOM_DATA: &str = "customData";

impl AccountClient {
    /// Reads the account.
    ///
    /// A field that the tenant hides, or whose scope the token lacks, is `None`.
    ///
    /// # Errors
    ///
    /// [`NotEnabled`](super::AccountErrorKind::NotEnabled) if the tenant has not switched the API
    /// on.
    pub async fn account(&self) -> Result<Account, AccountError> {
        self.get(Call::get(&["my-account"]), "the account").await
    }

    /// Changes name, avatar and custom data, and returns the account.
    ///
    /// The username has its own call: [`set_username`](AccountClient::set_username).
    ///
    /// # Errors
    ///
    /// - [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable) if the tenant does not let
    ///   users change one of the fields;
    /// - [`MissingScope`](super::AccountErrorKind::MissingScope) without `profile`, or without
    ///   `custom_data` for custom data;
    /// - [`Invalid`](super::AccountErrorKind::Invalid) if the avatar is not a URL.
    pub async fn update(&self, update: &AccountUpdate) -> Result<Account, AccountError> {
        const WITH_CUSTOM_DATA: &[UserScope] = &[UserScope::Profile, UserScope::CustomData];
        let scopes = if update.fields.contains_key(CUSTOM_DATA) {
            WITH_CUSTOM_DATA
        } else {
            &[UserScope::Profile]
        };
        let body = Value::Object(update.fields.clone());
        self.get(Call::patch(&["my-account"], body).with_scopes(scopes), "the account")
            .await
    }

    /// Changes the claims of the profile, and returns the profile.
    ///
    /// # Errors
    ///
    /// - [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable) if the tenant does not let
    ///   users change the profile;
    /// - [`MissingScope`](super::AccountErrorKind::MissingScope) without `profile`, or without
    ///   `address` for the address.
    pub async fn update_profile(&self, update: &ProfileUpdate) -> Result<AccountProfile, AccountError> {
        const WITH_ADDRESS: &[UserScope] = &[UserScope::Profile, UserScope::Address];
        let scopes = match update.0.address {
            Some(_) => WITH_ADDRESS,
            None => &[UserScope::Profile],
        };
        let body = serde_json::json!(update.0);
        let call = Call::patch(&["my-account", "profile"], body).with_scopes(scopes);
        self.get(call, "the profile").await
    }
}

/// A user's account. A field that the tenant hides, or whose scope the token lacks, is `None`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Account {
    /// The user's id: the claim `sub`.
    pub id: String,
    /// Username.
    pub username: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// URL of an avatar.
    pub avatar: Option<String>,
    /// Email address, which is verified.
    pub primary_email: Option<String>,
    /// Phone number, which is verified.
    pub primary_phone: Option<String>,
    /// Custom data.
    pub custom_data: Option<Map<String, Value>>,
    /// Identities of social connectors, by their target such as `github`.
    pub identities: Option<BTreeMap<String, SocialIdentity>>,
    /// The profile.
    pub profile: Option<AccountProfile>,
    /// The last sign-in, in **milliseconds**.
    pub last_sign_in_at: Option<Milliseconds>,
    /// When the account was created, in **milliseconds**.
    pub created_at: Option<Milliseconds>,
    /// When the account was changed, in **milliseconds**.
    pub updated_at: Option<Milliseconds>,
    /// The app in which the user has registered.
    pub application_id: Option<String>,
    /// Whether the account is suspended.
    pub is_suspended: Option<bool>,
    /// Whether the user has a password.
    pub has_password: Option<bool>,
    /// Whether the user has a password, an email address or a phone number, so that sensitive calls
    /// need a verification record.
    pub has_security_verification_method: Option<bool>,
}

/// Changes of an account.
///
/// ```
/// use logto::account::AccountUpdate;
///
/// let update = AccountUpdate::new().with_name("Ada Lovelace").without_avatar();
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountUpdate {
    /// By their names in the API. `null` clears a field.
    fields: Map<String, Value>,
}

impl AccountUpdate {
    /// Creates an update that changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        self.with("name", name.into().into())
    }

    /// Clears the name.
    #[must_use]
    pub fn without_name(self) -> Self {
        self.with("name", Value::Null)
    }

    /// Sets the avatar: an absolute URL.
    #[must_use]
    pub fn with_avatar(self, url: impl Into<String>) -> Self {
        self.with("avatar", url.into().into())
    }

    /// Clears the avatar.
    #[must_use]
    pub fn without_avatar(self) -> Self {
        self.with("avatar", Value::Null)
    }

    /// Sets the custom data. It replaces all that the account has: read the account first to keep
    /// entries.
    #[must_use]
    pub fn with_custom_data(self, data: Map<String, Value>) -> Self {
        self.with(CUSTOM_DATA, data.into())
    }

    fn with(mut self, field: &str, value: Value) -> Self {
        self.fields.insert(field.to_owned(), value);
        self
    }
}

/// The profile in an account: claims of OpenID Connect Core §5.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccountProfile {
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Middle name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Nickname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Shorthand name that the user prefers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// URL of a profile page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// URL of a web site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Birthday, `YYYY-MM-DD` or `YYYY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// Time zone, for example `Europe/Zurich`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// Locale, for example `en-US`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
}

/// A postal address (OpenID Connect Core §5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PostalAddress {
    /// The full address, for display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

macro_rules! setters {
    ($owner:ident, $($(#[$meta:meta])* $with:ident => $($field:tt).+,)+) => {
        impl $owner {
            /// Creates one without values.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$meta])*
                #[must_use]
                pub fn $with(mut self, value: impl Into<String>) -> Self {
                    self.$($field).+ = Some(value.into());
                    self
                }
            )+
        }
    };
}

/// Changes of a profile. Claims that it does not name stay as they are.
///
/// ```
/// use logto::account::{PostalAddress, ProfileUpdate};
///
/// let address = PostalAddress::new().with_locality("London").with_country("United Kingdom");
/// let update = ProfileUpdate::new().with_nickname("Ada").with_address(address);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileUpdate(AccountProfile);

impl ProfileUpdate {
    /// Sets the postal address.
    #[must_use]
    pub fn with_address(mut self, address: PostalAddress) -> Self {
        self.0.address = Some(address);
        self
    }
}

setters! { ProfileUpdate,
    /// Sets the family name.
    with_family_name => 0.family_name,
    /// Sets the given name.
    with_given_name => 0.given_name,
    /// Sets the middle name.
    with_middle_name => 0.middle_name,
    /// Sets the nickname.
    with_nickname => 0.nickname,
    /// Sets the shorthand name that the user prefers.
    with_preferred_username => 0.preferred_username,
    /// Sets the URL of a profile page.
    with_profile => 0.profile,
    /// Sets the URL of a web site.
    with_website => 0.website,
    /// Sets the gender.
    with_gender => 0.gender,
    /// Sets the birthday, `YYYY-MM-DD` or `YYYY`.
    with_birthdate => 0.birthdate,
    /// Sets the time zone, for example `Europe/Zurich`.
    with_zoneinfo => 0.zoneinfo,
    /// Sets the locale, for example `en-US`.
    with_locale => 0.locale,
}

setters! { PostalAddress,
    /// Sets the full address, for display.
    with_formatted => formatted,
    /// Sets street and number.
    with_street_address => street_address,
    /// Sets the city.
    with_locality => locality,
    /// Sets the state, province or region.
    with_region => region,
    /// Sets the postal code.
    with_postal_code => postal_code,
    /// Sets the country.
    with_country => country,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_update_names_only_what_it_changes_and_clears_with_null() {
        assert_eq!(Value::Object(AccountUpdate::new().fields), json!({}));
        let update = AccountUpdate::new().with_name("Ada").without_avatar();
        assert_eq!(Value::Object(update.fields), json!({ "name": "Ada", "avatar": null }));
        let data = json!({ "plan": "pro" }).as_object().unwrap().clone();
        let update = AccountUpdate::new()
            .without_name()
            .with_avatar("https://a.example/x")
            .with_custom_data(data);
        assert_eq!(
            Value::Object(update.fields),
            json!({ "name": null, "avatar": "https://a.example/x", "customData": { "plan": "pro" } })
        );
    }

    #[test]
    fn the_profile_has_the_names_of_the_api() {
        let update = ProfileUpdate::new()
            .with_given_name("Ada")
            .with_address(PostalAddress::new().with_street_address("12 St James’s Square"));
        assert_eq!(
            json!(update.0),
            json!({ "givenName": "Ada", "address": { "streetAddress": "12 St James’s Square" } })
        );
    }

    #[test]
    fn hidden_and_unknown_fields_are_no_reason_to_reject_an_account() {
        let account: Account =
            serde_json::from_value(json!({ "id": "u1", "fromTheFuture": [1], "name": null })).unwrap();
        assert_eq!(
            (account.id.as_str(), account.name, account.custom_data),
            ("u1", None, None)
        );
        assert!(serde_json::from_value::<Account>(json!({ "name": "Ada" })).is_err());
    }
}
