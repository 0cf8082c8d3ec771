//! A visitor with a browser: signs in, opens pages, gets tokens, signs out.

mod network;
mod session;
mod sign_in;
mod sign_out;
mod visits;

use std::{sync::Arc, time::Duration};

use logto_testing::{Browser, BrowserCookie, Page, TestClock};
use reqwest::Client;
use tokio::{sync::watch, time::sleep};

pub(crate) use self::network::client;
use self::session::Session;
use crate::{
    instance::Roster,
    journal::{Journal, ViolationKind},
    page::{self, Shown, Wrong},
    provider::{APP_ID, Cause, Facts, Provider},
};

/// Shared by all visitors.
pub(crate) struct Place {
    /// Scheme, host and port of the balancer.
    pub(crate) app: String,
    pub(crate) client: Client,
    pub(crate) provider: Arc<Provider>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) roster: Arc<Roster>,
    /// The longest pause between two visits. The shortest is a fifth of it.
    pub(crate) pause: Duration,
}

pub(crate) struct Visitor {
    number: u32,
    browser: Browser,
    rng: fastrand::Rng,
    session: Session,
    /// Cookies of sessions that the visitor has left.
    old_cookies: Vec<BrowserCookie>,
    place: Arc<Place>,
}

impl Visitor {
    pub(crate) fn new(number: u32, seed: u64, place: Arc<Place>) -> Self {
        let browser = Self::browser(&place);
        Self {
            number,
            browser,
            rng: fastrand::Rng::with_seed(seed ^ (u64::from(number) << 32)),
            session: Session::SignedOut,
            old_cookies: Vec::new(),
            place,
        }
    }

    /// A new browser without cookies.
    fn browser(place: &Place) -> Browser {
        let provider = place.provider.endpoint();
        Browser::of(network::site(place.client.clone(), place.app.clone()))
            .at(&place.app)
            .with_site(provider, network::site(place.client.clone(), provider.to_owned()))
            .with_clock(TestClock::running())
    }

    /// Uses the browser of another visitor: a deliberate mistake, which the checks have to find.
    pub(crate) fn share_browser_of(&mut self, other: &Self) {
        self.browser = other.browser.clone();
    }

    /// Visits the app until `stop` changes. Then a signed-in visitor has to be signed in still.
    pub(crate) async fn stay(mut self, mut stop: watch::Receiver<bool>, patience: Duration) {
        sleep(self.place.pause.mul_f64(self.rng.f64())).await;
        while !*stop.borrow() {
            self.act().await;
            let pause = self.place.pause.mul_f64(0.2 + 0.8 * self.rng.f64());
            tokio::select! {
                () = sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
        self.check_at_the_end(patience).await;
    }

    async fn act(&mut self) {
        if !self.session.is_signed_in() {
            self.sign_in().await;
            return;
        }
        match self.rng.u32(..100) {
            0..3 => self.sign_out().await,
            3..60 => self.open_page().await,
            60..70 => self.read_claims().await,
            70..82 => self.get_token("").await,
            82..92 => {
                let organization = self.organization();
                self.get_token(organization).await;
            }
            92..98 => self.open_two_tabs().await,
            _ => self.replay_old_cookie().await,
        }
    }

    /// Judges a page of the app.
    fn judge_page(&mut self, page: &Page) -> Option<Shown> {
        self.judge(
            page::of_page(self.number, network::status(page.status()), page.body()),
            page,
        )
    }

    /// Judges the answer of a server function.
    fn judge_answer(&mut self, page: &Page) -> Option<Shown> {
        self.judge(
            page::of_function(self.number, network::status(page.status()), page.body()),
            page,
        )
    }

    fn judge(&mut self, shown: Result<Shown, Wrong>, page: &Page) -> Option<Shown> {
        let journal = Arc::clone(&self.place.journal);
        journal.response(shown.as_ref().ok().copied());
        let shown = match shown {
            Ok(shown) => shown,
            Err(wrong) => {
                let detail = format!("{wrong} on {}", page.path());
                journal.violation(ViolationKind::WrongUser, Some(self.number), detail);
                return None;
            }
        };
        match (shown, self.session) {
            (Shown::User, Session::SignedOut) => {
                let detail = format!("{} shows the visitor, who had signed out", page.path());
                journal.violation(ViolationKind::RevivedAfterSignOut, Some(self.number), detail);
            }
            (Shown::User, Session::InDoubt { since }) => self.session = Session::SignedIn { since },
            (Shown::SignedOut | Shown::SignInNeeded, Session::SignedIn { since }) => {
                self.is_signed_out(since, shown, page);
            }
            (Shown::SignedOut | Shown::SignInNeeded, Session::InDoubt { .. }) => self.session = Session::SignedOut,
            (Shown::Refused(status), _) => journal.count(|counts| *counts.refused.entry(status).or_default() += 1),
            _ => {}
        }
        if self.session.is_signed_in() && self.session_cookie().is_none() {
            let detail = format!("{} has removed the session cookie: {shown:?}", page.path());
            journal.violation(ViolationKind::SessionLost, Some(self.number), detail);
            self.session = Session::SignedOut;
        }
        Some(shown)
    }

    /// The visitor did not sign out. Only two causes are no mistakes of the app.
    fn is_signed_out(&mut self, since: Duration, shown: Shown, page: &Page) {
        let Place {
            journal,
            provider,
            roster,
            ..
        } = &*self.place;
        self.session = Session::InDoubt { since: journal.now() };
        let (deaths, faults, seconds) = (roster.deaths(), journal.faults(), journal.content().seconds.clone());
        let facts = Facts {
            deaths: &deaths,
            faults: &faults,
            seconds: &seconds,
        };
        match facts.cause(&provider.ledger.book(), self.number, since) {
            Cause::KilledBetweenRotationAndSave => {
                journal.count(|counts| counts.killed_between_rotation_and_save += 1);
            }
            Cause::AnswerLost => journal.count(|counts| counts.answers_lost += 1),
            Cause::SessionLost => {
                let detail = format!(
                    "{} shows {shown:?} after a sign-in at {:.1} s",
                    page.path(),
                    since.as_secs_f64()
                );
                journal.violation(ViolationKind::SessionLost, Some(self.number), detail);
            }
            Cause::Unexplained(facts) => {
                let detail = format!("{} shows {shown:?}: {facts}", page.path());
                journal.violation(ViolationKind::SignedOut, Some(self.number), detail);
            }
        }
    }

    fn session_cookie(&self) -> Option<BrowserCookie> {
        self.browser.cookie(&format!("logto_{APP_ID}"))
    }

    /// Opens pages until the app is back, and again after the grace of rotated tokens.
    async fn check_at_the_end(&mut self, patience: Duration) {
        const AGAIN: Duration = Duration::from_secs(5);
        let end = self.place.journal.now() + patience;
        for pause in [Duration::ZERO, AGAIN] {
            sleep(pause).await;
            while self.session.is_signed_in() {
                let page = self.browser.get("/").await;
                if !matches!(self.judge_page(&page), Some(Shown::Outage(_))) {
                    break;
                }
                if self.place.journal.now() > end {
                    let detail = format!("the home page answers {}", page.status());
                    let journal = &self.place.journal;
                    journal.violation(ViolationKind::NoRecovery, Some(self.number), detail);
                    return;
                }
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
