use leptos::prelude::*;
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

/// A session of the user at Logto: one browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionView {
    pub uid: String,
    pub user_agent: String,
    pub ip: String,
    pub signed_in: Option<String>,
    pub is_this: bool,
}

/// The proof that the user has entered the password less than 10 minutes ago, in the session. The
/// browser never sees it.
#[cfg(feature = "ssr")]
#[derive(Serialize, Deserialize)]
struct Proof {
    account_proof: String,
}

#[cfg(feature = "ssr")]
async fn proof() -> Result<Option<logto_leptos::account::VerificationRecordId>, AuthError> {
    let user = logto_leptos::require_user().await?;
    let proof = user.data::<Proof>().ok().flatten();
    Ok(proof.map(|proof| logto_leptos::account::VerificationRecordId::new(proof.account_proof)))
}

/// Logto shows sessions only to a user who has just proved who they are.
#[server(prefix = "/fn", endpoint = "account/confirm")]
pub async fn confirm_password(password: String) -> Result<(), AuthError> {
    use logto_leptos::{account, auth_session};

    let record = account().await?.verify_password(&password.into()).await?;
    let account_proof = record.id.as_str().to_owned();
    Ok(auth_session()?.set_data(&Proof { account_proof }).await?)
}

/// The user's sessions, or `None` if the user has to enter the password first.
#[server(prefix = "/fn", endpoint = "account/sessions")]
pub async fn load_account_sessions() -> Result<Option<Vec<SessionView>>, AuthError> {
    use logto_leptos::{AccountErrorKind, Timestamp, account, auth_session};

    let Some(proof) = proof().await? else {
        return Ok(None);
    };
    let sessions = match account().await?.sessions(&proof).await {
        Err(error) if error.kind() == AccountErrorKind::VerificationRequired => return Ok(None),
        sessions => sessions?,
    };
    let auth = auth_session()?;
    let app_id = auth.logto().client().config().app_id();
    let sid = logto_leptos::require_user().await?.claims().sid.clone();
    let views = sessions.into_iter().map(|session| SessionView {
        // Logto before 1.40 does not tell which session this is.
        is_this: session
            .is_current
            .unwrap_or_else(|| session.is_of(app_id, sid.as_deref())),
        signed_in: session.signed_in_at.map(Timestamp::to_rfc3339),
        user_agent: session.user_agent.unwrap_or_default(),
        ip: session.ip.unwrap_or_default(),
        uid: session.uid,
    });
    Ok(Some(views.collect()))
}

/// Ends a session with the grants of its apps, which notice it when they next use a token.
#[server(prefix = "/fn", endpoint = "account/sessions/end")]
pub async fn end_account_session(uid: String) -> Result<(), AuthError> {
    use logto_leptos::{
        account,
        account::{RevokeGrants, VerificationRecordId},
    };

    // Logto refuses an empty proof as it does an old one, and the page then asks for the password.
    let proof = proof().await?.unwrap_or_else(|| VerificationRecordId::new(""));
    // The id comes from the browser. Logto ends only sessions of this user.
    Ok(account().await?.revoke_session(&uid, RevokeGrants::All, &proof).await?)
}
