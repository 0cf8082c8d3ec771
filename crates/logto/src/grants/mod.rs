//! Grants without a sign-in: client credentials (RFC 6749 §4.4) and token exchange (RFC 8693).

mod acting_tokens;
mod client_credentials;
mod machine_request;
mod personal_access_tokens;
mod token_exchange;
mod token_request;

pub use self::{
    acting_tokens::ActingTokens,
    client_credentials::MachineClient,
    machine_request::MachineTokenRequest,
    personal_access_tokens::{ExchangedTokens, PersonalAccessTokens},
    token_exchange::{SubjectTokenType, TokenExchange},
};
