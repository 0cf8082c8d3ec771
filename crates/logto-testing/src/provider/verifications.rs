//! Verification records: proofs that a user is present, or has a new address, number or account.

use serde::Deserialize;

use crate::random;

/// Seconds after which a record expires.
pub(crate) const VERIFICATION_LIFETIME: u64 = 600;
/// The number of wrong codes after which no code is accepted.
const MAX_TRIES: u8 = 10;

/// An email address or phone number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Identifier {
    #[serde(rename = "type")]
    pub(crate) kind: IdentifierKind,
    pub(crate) value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IdentifierKind {
    Email,
    Phone,
}

#[derive(Debug)]
pub(crate) struct Verification {
    /// The user whose identity it proves. Other records prove the possession of a new identifier.
    pub(crate) user_id: Option<String>,
    pub(crate) expires_at: u64,
    pub(crate) proof: Proof,
}

#[derive(Debug)]
pub(crate) enum Proof {
    Password,
    Code(CodeProof),
    Social(SocialProof),
}

#[derive(Debug)]
pub(crate) struct CodeProof {
    identifier: Identifier,
    /// Until it has been used.
    code: Option<String>,
    tries: u8,
}

impl CodeProof {
    pub(crate) fn new(identifier: Identifier) -> Self {
        Self {
            identifier,
            code: Some(random::digits()),
            tries: 0,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct SocialProof {
    /// The connector's target, such as `github`.
    pub(crate) target: String,
    pub(crate) scope: Option<String>,
    /// The id of the account, after the callback.
    pub(crate) account: Option<String>,
}

/// Why a record or a code cannot be used: Logto's code. The HTTP status is 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VerificationRefusal(pub(crate) &'static str);

const NOT_FOUND: VerificationRefusal = VerificationRefusal("verification_record.not_found");

/// Records by their ids, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Verifications(Vec<(String, Verification)>);

impl Verifications {
    /// Adds a record that is `age` seconds old, and returns its id.
    pub(crate) fn add(&mut self, user_id: Option<String>, proof: Proof, now: u64, age: u64) -> String {
        self.0.retain(|(_, record)| record.expires_at > now);
        let id = random::id();
        let record = Verification {
            user_id,
            expires_at: (now + VERIFICATION_LIFETIME).saturating_sub(age),
            proof,
        };
        self.0.push((id.clone(), record));
        id
    }

    /// Whether a record proves the identity of a user. It stays valid for further calls.
    pub(crate) fn proves(&self, id: &str, user_id: &str, now: u64) -> bool {
        let found = self.0.iter().find(|(other, _)| other == id);
        found.is_some_and(|(_, record)| {
            let is_verified = match &record.proof {
                Proof::Password => true,
                Proof::Code(proof) => proof.code.is_none(),
                Proof::Social(_) => false,
            };
            is_verified && record.user_id.as_deref() == Some(user_id) && record.expires_at > now
        })
    }

    /// Checks the code of a record, which can be used once.
    pub(crate) fn verify_code(
        &mut self,
        id: &str,
        identifier: &Identifier,
        code: &str,
        now: u64,
    ) -> Result<(), VerificationRefusal> {
        let Proof::Code(proof) = self.proof(id, now)? else {
            return Err(NOT_FOUND);
        };
        if proof.identifier.kind != identifier.kind {
            return Err(NOT_FOUND);
        }
        let expected = proof.code.as_deref();
        let expected = expected.ok_or(VerificationRefusal("verification_code.not_found"))?;
        if proof.identifier.value != identifier.value {
            return Err(VerificationRefusal(match identifier.kind {
                IdentifierKind::Email => "verification_code.email_mismatch",
                IdentifierKind::Phone => "verification_code.phone_mismatch",
            }));
        }
        if proof.tries >= MAX_TRIES {
            return Err(VerificationRefusal("verification_code.exceed_max_try"));
        }
        if expected != code {
            proof.tries += 1;
            return Err(VerificationRefusal("verification_code.code_mismatch"));
        }
        proof.code = None;
        Ok(())
    }

    /// Whether a record has verified this email address or phone number.
    pub(crate) fn check_identifier(
        &mut self,
        id: &str,
        identifier: &Identifier,
        now: u64,
    ) -> Result<(), VerificationRefusal> {
        match self.proof(id, now)? {
            Proof::Code(proof) if proof.code.is_none() && proof.identifier == *identifier => Ok(()),
            _ => Err(NOT_FOUND),
        }
    }

    /// The social verification with this id.
    pub(crate) fn social(&mut self, id: &str, now: u64) -> Result<&mut SocialProof, VerificationRefusal> {
        match self.proof(id, now)? {
            Proof::Social(proof) => Ok(proof),
            _ => Err(NOT_FOUND),
        }
    }

    /// The latest unused code for an email address or phone number.
    pub(crate) fn code(&self, value: &str, now: u64) -> Option<&str> {
        let live = self.0.iter().rev().filter(|(_, record)| record.expires_at > now);
        let mut codes = live.filter_map(|(_, record)| match &record.proof {
            Proof::Code(proof) if proof.identifier.value == value => proof.code.as_deref(),
            _ => None,
        });
        codes.next()
    }

    fn proof(&mut self, id: &str, now: u64) -> Result<&mut Proof, VerificationRefusal> {
        let found = self.0.iter_mut().find(|(other, _)| other == id);
        let live = found.filter(|(_, record)| record.expires_at > now);
        live.map(|(_, record)| &mut record.proof).ok_or(NOT_FOUND)
    }
}
