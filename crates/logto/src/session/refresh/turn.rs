//! The turn of this process to refresh a session.

use std::{future::Future, sync::Arc, time::Duration};

use super::{context::RefreshContext, state::RefreshState};
use crate::{
    clock::Timestamp,
    error::{Diagnose as _, TokenError},
    session::{
        Session,
        lease::{Lease, Leases, Look, Outcome, Watch},
    },
    telemetry::{self, Timer},
    token::AccessToken,
};

/// The first and the largest pause between two looks at the lease of another process.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LARGEST_PAUSE: Duration = Duration::from_millis(500);

/// The turn to send requests for a session. Without a shared store, it is always this process's
/// turn.
pub(super) struct Turn {
    context: Arc<RefreshContext>,
    state: Arc<RefreshState>,
    lease: Option<Lease>,
    /// The version of the session when the lease was acquired.
    version: u64,
    wait: Option<Wait>,
    /// Whether the store of leases has failed. Sessions in cookies are refreshed without it.
    is_alone: bool,
}

/// The wait for another process.
#[derive(Clone, Copy)]
struct Wait {
    began: Timestamp,
    pause: Duration,
    timer: Timer,
}

/// The result of taking a turn.
pub(super) enum Taken {
    /// It is this process's turn.
    Ours,
    /// The session as it is now. It was read after the lease was acquired, or has changed during the
    /// wait. `None` if it was signed out.
    Changed(Option<Arc<Session>>),
    /// Another process refreshes the session, and this token is still valid.
    Valid(AccessToken),
}

impl Turn {
    pub(super) fn new(context: Arc<RefreshContext>, state: Arc<RefreshState>) -> Self {
        Self {
            context,
            state,
            lease: None,
            version: 0,
            wait: None,
            is_alone: false,
        }
    }

    /// Takes the turn for the next request, and waits for other processes, unless the caller has a
    /// token that is still valid.
    ///
    /// After the lease was acquired, the session is returned as [`Taken::Changed`] first, because
    /// the last owner may have saved a result.
    pub(super) async fn take(
        &mut self,
        session: &Arc<Session>,
        valid: Option<AccessToken>,
    ) -> Result<Taken, TokenError> {
        let context = Arc::clone(&self.context);
        match &context.leases {
            Some(leases) if !self.is_alone => match self.take_lease(leases, session, valid).await {
                Err(TokenError::Store(error)) if context.stored.is_none() => {
                    leases.log_failure(&error);
                    self.is_alone = true;
                    Ok(Taken::Ours)
                }
                taken => taken,
            },
            _ => Ok(Taken::Ours),
        }
    }

    async fn take_lease(
        &mut self,
        leases: &Leases,
        session: &Arc<Session>,
        valid: Option<AccessToken>,
    ) -> Result<Taken, TokenError> {
        if let Some(lease) = &mut self.lease {
            if leases.renew_if_due(lease).await? {
                return Ok(Taken::Ours);
            }
            self.lease = None;
        }
        let id = session.id();
        // Mostly there is no entry, and then the first write acquires the lease.
        let mut is_guess = !leases.have_results();
        let mut look = if is_guess {
            Look::default()
        } else {
            leases.look(&id).await?
        };
        let mut watch = Watch::since(&look);
        loop {
            if let Some(result) = leases.newer(&look, session) {
                self.end_wait("result");
                return Ok(Taken::Changed(self.adopt(leases.check(result).await?)));
            }
            if let Some(lease) = leases.acquire(&id, &look, &watch).await? {
                self.lease = Some(lease);
                self.end_wait("acquired");
                let current = self.current(session).await?;
                self.version = current.as_ref().map_or(0, |current| current.version());
                return Ok(Taken::Changed(current));
            }
            let mut paused = Duration::ZERO;
            if !std::mem::take(&mut is_guess) {
                if let Some(token) = valid {
                    return Ok(Taken::Valid(token));
                }
                paused = self.pause(leases).await?;
                match self.current(session).await? {
                    Some(current) if current.version() == session.version() => {}
                    changed => {
                        self.end_wait("changed");
                        return Ok(Taken::Changed(changed));
                    }
                }
            }
            look = leases.look(&id).await?;
            watch.record(&look, paused);
        }
    }

    /// Runs a request. The lease is renewed if it takes long.
    pub(super) async fn run<T>(&mut self, request: impl Future<Output = T>) -> T {
        match (&self.context.leases, &mut self.lease) {
            (Some(leases), Some(lease)) => leases.hold_during(lease, request).await,
            _ => request.await,
        }
    }

    /// Keeps the lease until its deadline, because the store does not have the result yet.
    pub(super) fn leave_to_deadline(&mut self) {
        self.lease = None;
    }

    /// Ends the turn with this session. `None` if it was signed out.
    pub(super) async fn end(self, session: Option<&Session>) {
        let outcome = match session {
            None => Outcome::Ended,
            Some(session) if session.grant_ended => Outcome::Ended,
            Some(session) if session.version() > self.version => Outcome::Refreshed {
                session,
                keep: self.context.keep_result_for(session.id()),
            },
            Some(_) => Outcome::Unchanged,
        };
        if let (Some(leases), Some(lease)) = (&self.context.leases, self.lease)
            && let Err(error) = leases.release(lease, outcome).await
        {
            tracing::debug!(
                code = error.code(),
                "the lease of a refresh could not be released; it ends at its deadline"
            );
        }
    }

    /// Keeps the result of another process in memory. `None` if the session has ended.
    fn adopt(&self, result: Option<Arc<Session>>) -> Option<Arc<Session>> {
        if result.is_none() {
            self.state.sign_out();
        }
        self.state.keep(result?)
    }

    async fn current(&self, session: &Arc<Session>) -> Result<Option<Arc<Session>>, TokenError> {
        Ok(self.context.current(&self.state, session).await?)
    }

    /// Waits a moment for another process, and returns the duration. An error if it has taken too
    /// long: twice the lifetime of a lease, so that one dead owner does not fail the request.
    async fn pause(&mut self, leases: &Leases) -> Result<Duration, TokenError> {
        let now = self.context.client.now();
        let wait = self.wait.get_or_insert(Wait {
            began: now,
            pause: FIRST_PAUSE,
            timer: Timer::start(&*self.context.client.clock()),
        });
        if now.seconds_since(wait.began) >= 2 * leases.lifetime() {
            self.end_wait("given_up");
            return Err(TokenError::RefreshInProgress);
        }
        let pause = wait.pause;
        wait.pause = LARGEST_PAUSE.min(2 * pause);
        self.context.client.clock().sleep(pause).await;
        Ok(pause)
    }

    fn end_wait(&self, outcome: &'static str) {
        if let Some(wait) = self.wait {
            telemetry::lease_wait(outcome, wait.timer, &*self.context.client.clock());
            let seconds = self.context.client.now().seconds_since(wait.began);
            tracing::debug!(
                outcome,
                seconds,
                "waited for another instance that refreshes the session"
            );
        }
    }
}
