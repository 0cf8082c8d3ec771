//! JSON Web Tokens: claims, signing keys, encoding.

pub(crate) mod claims;
pub(crate) mod jwt;
pub(crate) mod keys;

pub use self::jwt::Jwt;
pub(crate) use self::keys::KeyRing;
