//! An app, and what its users do.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use http::StatusCode;

use super::{
    Failure,
    client::{AppClient, location, read, unexpected},
    plan::Plan,
    provider::Provider,
    session::Session,
};

#[derive(Clone, Copy, Debug)]
pub(super) enum Visit {
    /// A whole sign-in: its start, and the callback with the code exchange.
    SignIn,
    /// A request that finds an expired access token.
    Refresh,
}

pub(super) struct App {
    pub(super) client: AppClient,
    pub(super) provider: Arc<Provider>,
    resource: String,
    user: String,
    sessions: usize,
    /// Sessions that no request uses at the moment, the least recently used one first.
    pool: Mutex<VecDeque<Session>>,
    /// The session of the last sign-in.
    latest: Mutex<Session>,
}

impl App {
    pub(super) fn new(home: &str, plan: &Plan, provider: Arc<Provider>) -> Result<Self, Failure> {
        Ok(Self {
            client: AppClient::new(home)?,
            provider,
            resource: plan.resource.clone(),
            user: plan.user.clone(),
            sessions: plan.sessions,
            pool: Mutex::default(),
            latest: Mutex::default(),
        })
    }

    /// Signs in as often as the plan says, and gets the first access token of each session.
    pub(super) async fn fill_pool(&self) -> Result<(), Failure> {
        for _ in 0..self.sessions {
            let mut session = self.sign_in().await?;
            self.refresh(&mut session).await?;
            lock(&self.pool).push_back(session);
        }
        Ok(())
    }

    pub(super) async fn visit(&self, visit: Visit) -> Result<(), Failure> {
        match visit {
            Visit::SignIn => {
                let session = self.sign_in().await?;
                *lock(&self.latest) = session;
            }
            Visit::Refresh => {
                let mut session = lock(&self.pool).pop_front().ok_or("no session is left")?;
                self.refresh(&mut session).await?;
                lock(&self.pool).push_back(session);
            }
        }
        Ok(())
    }

    pub(super) async fn sign_in(&self) -> Result<Session, Failure> {
        let mut session = Session::default();
        let start = self
            .client
            .submit("/sign-in", "return_to=%2F".to_owned(), &session)
            .await?;
        let Some(url) = location(&start).map(str::to_owned) else {
            return Err(unexpected("the start of the sign-in", start).await);
        };
        session.update(start.headers());
        read(start).await?;
        let callback = self.provider.authorize(&url).await?;
        let back = self.client.open(&callback, &session).await?;
        if !session.update(back.headers()) || !self.client.leads_home(&back) {
            return Err(unexpected("the callback", back).await);
        }
        read(back).await?;
        Ok(session)
    }

    async fn refresh(&self, session: &mut Session) -> Result<(), Failure> {
        let form = form_of(&[("resource", &self.resource), ("organization_id", "")]);
        let answer = self.client.submit("/fn/access-token", form, session).await?;
        if answer.status() != StatusCode::OK || !session.update(answer.headers()) {
            return Err(unexpected("the access token", answer).await);
        }
        let (_, token) = read(answer).await?;
        if token.contains(&self.resource) {
            Ok(())
        } else {
            Err(format!("no token for {}: {token}", self.resource).into())
        }
    }

    /// Checks that the last user who signed in is signed in.
    pub(super) async fn check_latest(&self) -> Result<(), Failure> {
        let session = lock(&self.latest).clone();
        let (status, page) = read(self.client.open("/", &session).await?).await?;
        if status == StatusCode::OK && page.contains(&self.user) {
            Ok(())
        } else {
            Err(format!("the home page answers {status} without {}", self.user).into())
        }
    }
}

fn form_of(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
