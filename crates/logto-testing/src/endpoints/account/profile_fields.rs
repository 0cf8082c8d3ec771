//! The profile of an account: the claims of OpenID Connect Core §5.1, with names in camel case.

use serde_json::{Map, Value};

use super::error::ApiError;

const NAMES: [&str; 11] = [
    "familyName",
    "givenName",
    "middleName",
    "nickname",
    "preferredUsername",
    "profile",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
];
const ADDRESS_NAMES: [&str; 6] = [
    "formatted",
    "streetAddress",
    "locality",
    "region",
    "postalCode",
    "country",
];

/// The profile for claims.
pub(super) fn to_profile(claims: Map<String, Value>) -> Value {
    let fields = claims.into_iter().map(|(name, value)| {
        let value = match value {
            Value::Object(inner) => to_profile(inner),
            value => value,
        };
        (to_field(&name), value)
    });
    Value::Object(fields.collect())
}

/// The claims for the known fields of a profile. Logto ignores others.
pub(super) fn to_claims(mut profile: Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let address = match profile.remove("address") {
        None => None,
        Some(Value::Object(address)) => Some(claims_of(address, &ADDRESS_NAMES)?),
        Some(_) => return Err(ApiError::INVALID_INPUT),
    };
    let mut claims = claims_of(profile, &NAMES)?;
    claims.extend(address.map(|address| ("address".to_owned(), Value::Object(address))));
    Ok(claims)
}

fn claims_of(fields: Map<String, Value>, known: &[&str]) -> Result<Map<String, Value>, ApiError> {
    let fields = fields.into_iter().filter(|(name, _)| known.contains(&name.as_str()));
    let claims = fields.map(|(name, value)| match value {
        Value::String(_) => Ok((to_claim(&name), value)),
        _ => Err(ApiError::INVALID_INPUT),
    });
    claims.collect()
}

/// `givenName` for `given_name`.
fn to_field(claim: &str) -> String {
    let mut parts = claim.split('_');
    let mut field = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        field.push_str(&first.to_ascii_uppercase());
        field.push_str(rest);
    }
    field
}

/// `given_name` for `givenName`.
fn to_claim(field: &str) -> String {
    let mut claim = String::new();
    for character in field.chars() {
        if character.is_ascii_uppercase() {
            claim.push('_');
        }
        claim.push(character.to_ascii_lowercase());
    }
    claim
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_and_claims_have_different_names() {
        for (claim, field) in [("given_name", "givenName"), ("locale", "locale")] {
            assert_eq!((to_field(claim), to_claim(field)), (field.to_owned(), claim.to_owned()));
        }
    }
}
