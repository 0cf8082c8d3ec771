//! Sessions in cookies.

use std::sync::Arc;

use logto::{
    SystemRandom, Timestamp, TokenTarget,
    seal::{OpenError, Purpose, SealContext, Sealer},
    session::{Lifetimes, Session, SessionState, UnsealCache},
};
use logto_testing::{DEFAULT_RESOURCE, TestProvider};

use crate::harness::{Harness, both, text};

fn sealer() -> Sealer {
    Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap()
}

fn context(app_id: &str) -> SealContext<'_> {
    SealContext {
        purpose: Purpose::Session,
        name: "logto_test-app",
        app_id,
    }
}

/// The session after it was sealed and opened again.
pub(crate) fn reopened(session: &Session) -> Session {
    decoded(&session.to_bytes().unwrap())
}

fn decoded(bytes: &[u8]) -> Session {
    let (keys, context) = (sealer(), context("app"));
    let (now, later) = (Timestamp::from_secs(0), Timestamp::from_secs(1));
    let sealed = keys.seal(context, bytes, now, later, &SystemRandom).unwrap();
    Session::from_unsealed(&keys.open(context, sealed, now).unwrap()).unwrap()
}

fn targets(session: &Session) -> Vec<TokenTarget> {
    session.access_tokens().map(|(target, _)| target.clone()).collect()
}

/// A session with tokens for every kind of target.
pub(crate) async fn full_session(harness: &Harness) -> Arc<Session> {
    let refresher = harness.refresher();
    let mut session = harness.session().await;
    for target in [
        TokenTarget::resource(DEFAULT_RESOURCE),
        TokenTarget::organization("acme"),
        both(DEFAULT_RESOURCE, "acme"),
    ] {
        session = refresher.token(session, &target).await.session.unwrap();
    }
    session
}

#[tokio::test]
async fn a_session_survives_its_cookie_with_every_token() {
    let harness = Harness::start().await;
    let session = full_session(&harness).await;
    let (now, app_id) = (harness.client.now(), harness.provider.app_id());
    let sealed = sealer()
        .seal(
            context(app_id),
            &session.to_bytes().unwrap(),
            now,
            now.plus(1000),
            &SystemRandom,
        )
        .unwrap();
    let opened = sealer().open(context(app_id), &sealed, now.plus(999)).unwrap();
    let read = Session::from_unsealed(&opened).unwrap();

    assert_eq!(
        (read.id(), read.version(), read.started()),
        (session.id(), 4, session.started())
    );
    assert_eq!(text(read.id_token().raw()), text(session.id_token().raw()));
    assert_eq!(read.id_token().claims(), session.id_token().claims());
    assert_eq!(
        text(read.refresh_token().unwrap()),
        text(session.refresh_token().unwrap())
    );
    let tokens = |session: &Session| -> Vec<_> {
        let tokens = session.access_tokens().map(|(target, cached)| {
            let token = &cached.token;
            (
                target.clone(),
                text(&token.secret).to_owned(),
                token.scopes.clone(),
                token.expires,
                cached.used,
            )
        });
        tokens.collect()
    };
    assert_eq!(tokens(&read), tokens(&session));
    assert_eq!(tokens(&read).len(), 4);
    assert_eq!(
        sealer().open(context(app_id), &sealed, now.plus(1000)).unwrap_err(),
        OpenError::Expired
    );
}

#[tokio::test]
async fn a_session_from_a_cookie_can_be_refreshed() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let session = Arc::new(reopened(&session));
    harness.provider.clock().advance(4000);
    let renewed = harness
        .refresher()
        .token(session, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await;
    assert!(renewed.token.is_ok());
    assert_eq!(
        renewed.session.unwrap().state(harness.client.now()),
        SessionState::Active
    );
}

/// Browsers silently drop a larger cookie.
#[tokio::test]
async fn a_session_of_a_user_with_a_few_tokens_fits_a_cookie() {
    let harness = Harness::start().await;
    let session = full_session(&harness).await;
    let (now, app_id) = (harness.client.now(), harness.provider.app_id());
    let bytes = session.to_bytes().unwrap();
    let sealed = sealer()
        .seal(context(app_id), &bytes, now, now.plus(1), &SystemRandom)
        .unwrap();
    assert!(sealed.len() < 4000, "{}", sealed.len());
}

#[tokio::test]
async fn expired_tokens_are_dropped() {
    let harness = Harness::of(TestProvider::builder()).await;
    let session = full_session(&harness).await;
    harness.provider.clock().advance(3601);
    let renewed = harness
        .refresher()
        .token(session, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
        .session
        .unwrap();
    assert_eq!(targets(&renewed), [TokenTarget::resource(DEFAULT_RESOURCE)]);
}

#[tokio::test]
async fn the_least_recently_used_token_is_evicted_first() {
    let harness = Harness::start().await;
    let refresher = harness.refresher();
    let (first, second) = (
        TokenTarget::resource(DEFAULT_RESOURCE),
        TokenTarget::organization("acme"),
    );
    let session = harness.session().await;
    let session = refresher.token(session, &first).await.session.unwrap();
    harness.provider.clock().advance(60);
    let session = refresher.token(session, &second).await.session.unwrap();
    harness.provider.clock().advance(539);
    assert!(
        refresher.note_use(&session, &first).is_none(),
        "ten minutes have not passed"
    );
    harness.provider.clock().advance(1);
    let session = refresher.note_use(&session, &first).unwrap();
    let forms: Vec<_> = session.encodings().map(|bytes| targets(&decoded(&bytes))).collect();
    // The token from the sign-in is the oldest.
    let all = vec![TokenTarget::USER_INFO, second.clone(), first.clone()];
    assert_eq!(forms, [all, vec![second, first.clone()], vec![first], vec![]]);
}

#[tokio::test]
async fn the_earlier_id_token_replaces_one_that_is_too_large() {
    let harness = Harness::start().await;
    let refresher = harness.refresher();
    let (earlier, another) = (harness.session().await, harness.session().await);
    let session = Arc::clone(&earlier);
    let session = refresher
        .fresh_token(session, &TokenTarget::USER_INFO)
        .await
        .session
        .unwrap();
    assert_ne!(text(session.id_token().raw()), text(earlier.id_token().raw()));

    let sessions = [&*another, &*session, &*earlier];
    let forms: Vec<_> = session.encodings_with_earlier_id_token(sessions).collect();
    assert_eq!(forms.len(), 2, "with the access token and without");
    for bytes in forms {
        let form = decoded(&bytes);
        assert_eq!((form.id(), form.version()), (session.id(), session.version()));
        assert_eq!(text(form.id_token().raw()), text(earlier.id_token().raw()));
        let refresh_tokens = [&form, &session].map(|session| text(session.refresh_token().unwrap()));
        assert_eq!(refresh_tokens[0], refresh_tokens[1]);
    }
    for sessions in [&[&*another, &*session][..], &[]] {
        let mut forms = session.encodings_with_earlier_id_token(sessions.iter().copied());
        assert!(forms.next().is_none(), "no earlier version");
    }
}

#[tokio::test]
async fn regular_visits_keep_a_session_with_any_idle_lifetime() {
    let harness = Harness::start().await;
    for idle in [5, 60, 600, 900, 7 * 24 * 60 * 60] {
        let lifetimes = Lifetimes::default().with_idle(idle).with_absolute(100 * idle);
        let (mut session, mut now) = ((*harness.session().await).clone(), harness.client.now());
        for _ in 0..20 {
            now = now.plus((idle / 8).max(1));
            assert!(now < lifetimes.end_of(&session), "idle {idle}");
            session = lifetimes.visited(&session, now).unwrap_or(session);
        }
        // The recorded visit is older than the last one by at most a tenth of the lifetime.
        assert!(lifetimes.end_of(&session) >= now.plus(idle - idle / 10), "idle {idle}");
    }
}

#[tokio::test]
async fn not_every_visit_is_recorded() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let now = harness.client.now();
    for (idle, pause) in [(1, 1), (60, 6), (900, 90), (7 * 24 * 60 * 60, 600)] {
        let lifetimes = Lifetimes::default().with_idle(idle);
        assert!(
            lifetimes.visited(&session, now.plus(pause - 1)).is_none(),
            "idle {idle}"
        );
        let visited = lifetimes.visited(&session, now.plus(pause)).unwrap();
        assert_eq!(visited.seen(), now.plus(pause));
    }
}

#[tokio::test]
async fn every_sign_in_creates_a_new_session() {
    let harness = Harness::start().await;
    let (one, two) = (harness.session().await, harness.session().await);
    assert_ne!(one.id(), two.id());
    assert_eq!((one.version(), one.started()), (1, harness.client.now()));
}

#[tokio::test]
async fn a_cached_session_is_shared_and_expires_with_its_seal() {
    let harness = Harness::start().await;
    let (session, sealer, cache) = (full_session(&harness).await, sealer(), UnsealCache::default());
    let now = harness.client.now();
    let cookie = sealer
        .seal(
            context("app"),
            &session.to_bytes().unwrap(),
            now,
            now.plus(100),
            &SystemRandom,
        )
        .unwrap();
    let first = cache.open(&sealer, context("app"), &cookie, now).unwrap();
    let second = cache.open(&sealer, context("app"), &cookie, now.plus(99)).unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(first.id(), session.id());
    assert!(cache.open(&sealer, context("app"), &cookie, now.plus(100)).is_err());
}

#[tokio::test]
async fn a_cached_session_does_not_open_under_another_name_or_purpose() {
    let harness = Harness::start().await;
    let (session, sealer, cache) = (full_session(&harness).await, sealer(), UnsealCache::default());
    let now = harness.client.now();
    let cookie = sealer
        .seal(
            context("app"),
            &session.to_bytes().unwrap(),
            now,
            now.plus(100),
            &SystemRandom,
        )
        .unwrap();
    assert!(cache.open(&sealer, context("app"), &cookie, now).is_ok());
    let elsewhere = SealContext {
        name: "logto_other",
        ..context("app")
    };
    assert!(cache.open(&sealer, elsewhere, &cookie, now).is_err());
    let other_purpose = SealContext {
        purpose: Purpose::StoredSession,
        ..context("app")
    };
    assert!(cache.open(&sealer, other_purpose, &cookie, now).is_err());
    // A text that is one byte longer or shorter is not in the cache.
    assert!(cache.open(&sealer, context("app"), &cookie[1..], now).is_err());
}

#[tokio::test]
async fn a_cache_hit_requires_the_whole_cookie_value() {
    let harness = Harness::start().await;
    let (session, sealer, cache) = (full_session(&harness).await, sealer(), UnsealCache::default());
    let now = harness.client.now();
    let bytes = session.to_bytes().unwrap();
    let cookie = sealer.seal(context("app"), &bytes, now, now.plus(100), &SystemRandom);
    let cookie = cookie.unwrap();
    let first = cache.open(&sealer, context("app"), &cookie, now).unwrap();
    let mut changed = cookie.clone().into_bytes();
    let middle = changed.len() / 2;
    changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    let seal = &cookie[cookie.len() - 22..];
    let off_by_one = format!("ü{}", &cookie[cookie.len() - 21..]);
    for text in [&changed, seal, &seal[1..], &format!("x{seal}"), &off_by_one, "x", ""] {
        assert!(cache.open(&sealer, context("app"), text, now).is_err(), "{text}");
    }
    let again = cache.open(&sealer, context("app"), &cookie, now).unwrap();
    assert!(Arc::ptr_eq(&first, &again));
}
