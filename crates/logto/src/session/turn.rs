//! One refresh: ask the provider, and make of the session what it answers.

use std::sync::Arc;

use super::{
    Refreshed, Refresher, Session, StoredSessions, catch_up,
    change::{Change, Renewal},
    recent::{Age, Recent},
    store::StoreError,
};
use crate::{
    error::{Diagnose as _, TokenError},
    secret::ExposeSecret as _,
    token::{AccessToken, FailedRefresh, TokenSet, TokenTarget},
};

/// One caller's turn at refreshing a session; it runs in a task of its own.
pub(super) struct Turn {
    pub(super) refresher: Refresher,
    pub(super) recent: Arc<Recent>,
    /// The session as the caller read it.
    pub(super) had: Arc<Session>,
    /// The newest one this process knew of when it was asked.
    pub(super) asked: Arc<Session>,
    pub(super) target: TokenTarget,
    pub(super) age: Age,
}

/// A question to the provider, and its answer.
struct Asked {
    target: TokenTarget,
    /// When it was sent, in the session's own order of events.
    tick: u64,
    outcome: Result<TokenSet, FailedRefresh>,
    /// The refusal for the turn's target, if the question is the plain refresh that checks it.
    refused: Option<FailedRefresh>,
}

impl Turn {
    pub(super) async fn take(self) -> Refreshed {
        let recent = Arc::clone(&self.recent);
        let _turn = recent.turn.lock().await;
        let session = match self.refresher.current(&recent, &self.asked).await {
            Ok(Some(session)) => session,
            Ok(None) => return Refreshed::ended(),
            Err(error) => return Refreshed::kept(Arc::clone(&self.asked), Err(error.into())),
        };
        // The previous refresh of this session may have fetched this token.
        if let Some(token) = self.already_there(&session) {
            return Refreshed {
                token: Ok(token),
                session: Some(session),
                refreshed: true,
            };
        }
        if session.refresh_token().is_none() {
            return Refreshed::kept(session, Err(TokenError::NoRefreshToken));
        }
        let now = self.refresher.client().now();
        if session.is_denied_for_now(now) {
            return Refreshed::kept(session, Err(TokenError::AccessDenied));
        }
        let paused = self.refresher.paused();
        if let Some(error) = paused.error(&session.id(), &self.target, self.age, now) {
            return Refreshed::kept(session, Err(error));
        }
        self.refresh(session).await
    }

    /// The token, if another caller's refresh has brought one that is new enough.
    fn already_there(&self, session: &Session) -> Option<AccessToken> {
        let valid = session.valid_token(&self.target, self.refresher.client().now())?;
        let suffices = match self.age {
            Age::Valid => true,
            Age::Newer => self.is_newer(session, valid),
            Age::Fresh(tick) => self.recent.has_asked_since(&self.target, tick),
        };
        suffices.then(|| valid.clone())
    }

    /// A later version alone may be a visit on record, or a refresh for another target.
    fn is_newer(&self, session: &Session, token: &AccessToken) -> bool {
        let had = self.had.access_tokens().find(|(target, _)| **target == self.target);
        session.version() > self.had.version()
            && had.is_none_or(|(_, had)| had.token.secret.expose_secret() != token.secret.expose_secret())
    }

    async fn refresh(&self, session: Arc<Session>) -> Refreshed {
        let mut asked = self.ask_provider(&session).await;
        let mut session = session;
        // Another process may have rotated the token between our reading and our asking.
        let newer = match &asked.outcome {
            Err(failed) if failed.error.ends_grant() => self.newer_in_store(&session).await,
            _ => Ok(None),
        };
        let newer = match newer {
            Ok(newer) => newer,
            // Whether the grant has ended cannot be told.
            Err(error) => {
                let failed = FailedRefresh::from(TokenError::from(error));
                self.note(&self.target, Some(&failed));
                return Refreshed::kept(session, Err(failed.error));
            }
        };
        if let Some(newer) = newer {
            if let Some(token) = self.already_there(&newer) {
                return Refreshed {
                    token: Ok(token),
                    session: Some(newer),
                    refreshed: true,
                };
            }
            asked = self.ask_provider(&newer).await;
            session = newer;
        }
        self.settle(session, asked).await
    }

    /// Makes of the session what the provider's answer says.
    async fn settle(&self, session: Arc<Session>, asked: Asked) -> Refreshed {
        if let Some(refused) = &asked.refused {
            self.note(&self.target, Some(refused));
        }
        self.note(&asked.target, asked.outcome.as_ref().err());
        let now = self.refresher.client().now();
        let (change, token) = match asked.outcome {
            Ok(tokens) => {
                self.recent.asked(&asked.target, asked.tick);
                // If the plain refresh went well, its token is not the one that was asked for.
                let token = match asked.refused {
                    Some(refused) => Err(refused.error),
                    None => Ok(tokens.access_token.clone()),
                };
                let target = asked.target;
                (Change::Renewed(Box::new(Renewal { target, tokens, now })), token)
            }
            Err(failed) if failed.error.ends_grant() => (Change::GrantEnded, Err(failed.error)),
            Err(failed) if failed.error == TokenError::AccessDenied => (Change::AccessDenied(now), Err(failed.error)),
            Err(FailedRefresh {
                error,
                refresh_token: Some(refresh_token),
                ..
            }) => (Change::RefreshToken(refresh_token), Err(error)),
            Err(failed) => return Refreshed::kept(session, Err(failed.error)),
        };
        Refreshed {
            session: self.keep(session, change).await,
            refreshed: token.is_ok(),
            token,
        }
    }

    /// Asks for the token. A refusal that may be about the whole application is checked by a plain
    /// refresh, without a target: also where access was denied before, or a script of the tenant
    /// that refuses this one token would keep the user out for ever.
    async fn ask_provider(&self, session: &Session) -> Asked {
        let asked = self.ask_for(&self.target, session).await;
        let refused = match asked.outcome {
            Err(failed) if failed.may_deny_application() => failed,
            outcome => return Asked { outcome, ..asked },
        };
        if self.target == TokenTarget::USER_INFO {
            let outcome = Err(TokenError::AccessDenied.into());
            return Asked { outcome, ..asked };
        }
        let plain = self.ask_for(&TokenTarget::USER_INFO, session).await;
        match plain.outcome {
            Err(failed) if failed.may_deny_application() => Asked {
                outcome: Err(TokenError::AccessDenied.into()),
                ..plain
            },
            outcome => Asked {
                outcome,
                refused: Some(refused),
                ..plain
            },
        }
    }

    async fn ask_for(&self, target: &TokenTarget, session: &Session) -> Asked {
        let tick = self.recent.tick();
        let outcome = match session.refresh_token() {
            Some(refresh_token) => {
                let client = self.refresher.client();
                client
                    .refresh_or_salvage(refresh_token, target, session.id_token())
                    .await
            }
            None => Err(TokenError::NoRefreshToken.into()),
        };
        Asked {
            target: target.clone(),
            tick,
            outcome,
            refused: None,
        }
    }

    fn note(&self, target: &TokenTarget, failure: Option<&FailedRefresh>) {
        let now = self.refresher.client().now();
        self.refresher.paused().note(self.asked.id(), target, failure, now);
    }

    async fn newer_in_store(&self, session: &Session) -> Result<Option<Arc<Session>>, StoreError> {
        let Some(stored) = self.refresher.stored() else {
            return Ok(None);
        };
        let found = stored.load(&session.id()).await?;
        Ok(found.filter(|found| found.version() > session.version()))
    }

    /// Saves to the store where there is one, and remembers. `None` when the session was signed out
    /// meanwhile.
    async fn keep(&self, session: Arc<Session>, change: Change) -> Option<Arc<Session>> {
        let Some(stored) = self.refresher.stored() else {
            return self.recent.keep(Arc::new(change.apply(&session)));
        };
        match stored.save_change(Arc::clone(&session), &change).await {
            Ok(Some(saved)) => self.recent.keep(saved),
            Ok(None) => None,
            // The refresh token may have rotated, and must not be lost.
            Err(error) => {
                tracing::error!(
                    code = error.code(),
                    "a renewed session could not be saved; this process keeps it until the store is back"
                );
                let renewed = self.recent.keep(Arc::new(change.apply(&session)));
                self.save_later(stored.clone(), session, change);
                renewed
            }
        }
    }

    fn save_later(&self, stored: StoredSessions, session: Arc<Session>, change: Change) {
        let (refresher, recent, change) = (self.refresher.clone(), Arc::clone(&self.recent), Arc::new(change));
        catch_up::until_done(self.refresher.client().clock(), move || {
            // Sought, so that it does not go for not having been used; and put back if it went all
            // the same, for there were many others.
            let recent = refresher.keep_recent(session.id(), &recent);
            let (stored, session, change) = (stored.clone(), Arc::clone(&session), Arc::clone(&change));
            async move {
                // Signed out meanwhile?
                if recent.newer_than(Arc::clone(&session)).is_some()
                    && let Some(saved) = stored.save_change(session, &change).await?
                {
                    recent.keep(saved);
                }
                Ok(())
            }
        });
    }
}
