//! The cost of a session per request: opening its cookie, and sealing it again after a change.
#![allow(missing_docs, reason = "criterion's macros make items without documentation")]
#![allow(clippy::unwrap_used, reason = "a panic is how a benchmark reports")]

use std::{hint::black_box, sync::Arc, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use logto::{
    CallbackRequest, Clock, Environment, HttpLimits, LogtoClient, LogtoConfig, ReqwestClient, SignInOptions,
    SystemRandom, TokenTarget, UserScope,
    seal::{Purpose, SealContext, Sealer},
    session::{Refresher, Session},
};
use logto_testing::{Membership, Organization, TestClock, TestProvider, User};
use tokio::runtime::Runtime;

const ORGANIZATIONS: u32 = 150;
const RESOURCES: u32 = 20;

fn measure(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let keys = Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap();
    for (size, organizations, resources) in [("small", 0, 0), ("large", ORGANIZATIONS, RESOURCES)] {
        let (client, session) = runtime.block_on(session(organizations, resources));
        let (now, context) = (client.now(), context(client.config().app_id()));
        let seal = |session: &Session| {
            let bytes = session.to_bytes().unwrap();
            let sealed = keys.seal(context, &bytes, now, now.plus(1000), &SystemRandom);
            sealed.unwrap()
        };
        let open = |sealed: &str| {
            let opened = keys.open(context, sealed, now).unwrap();
            Session::from_unsealed(&opened).unwrap()
        };
        let sealed = seal(&session);
        let tokens = session.access_tokens().count();
        println!(
            "{size}: {organizations} organizations, {tokens} access tokens, {} bytes sealed",
            sealed.len()
        );
        criterion.bench_function(&format!("session/seal/{size}"), |bencher| {
            bencher.iter(|| seal(black_box(&session)));
        });
        criterion.bench_function(&format!("session/open/{size}"), |bencher| {
            bencher.iter(|| open(black_box(&sealed)));
        });
    }
}

fn context(app_id: &str) -> SealContext<'_> {
    SealContext {
        purpose: Purpose::Session,
        name: "logto_app",
        app_id,
    }
}

/// The session of a user in so many organizations, with a token for so many API resources beside
/// the one for userinfo.
async fn session(organizations: u32, resources: u32) -> (LogtoClient, Arc<Session>) {
    let mut builder = TestProvider::builder();
    let mut user = User::new("user").with_name("User").with_email("user@example.com");
    for number in 0..organizations {
        // Random as Logto's ids are, so that they shrink as little.
        let id = format!(
            "{:024x}",
            u128::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060) >> 32
        );
        builder = builder.organization(Organization::new(&id, "Name"));
        user = user.with_organization(Membership::of(&id).with_role("member"));
    }
    let resources: Vec<_> = (0..resources)
        .map(|number| format!("https://api-{number}.example.com/"))
        .collect();
    for resource in &resources {
        builder = builder.resource(resource);
        user = user.with_permission(resource, "read");
    }
    let provider = builder.user(user).start().await;
    let client = client(&provider, &resources);

    provider.sign_in_as("user");
    let options = SignInOptions::new().with_redirect_uri(provider.redirect_uri());
    let start = client.start_sign_in(options).await.unwrap();
    let callback = provider.authorize(start.authorization_url.as_str()).await;
    let request = CallbackRequest::parse(provider.redirect_uri(), callback.split_once('?').unwrap().1);
    let signed_in = client.finish_sign_in(request, start.transaction).await.unwrap();
    let mut session = Arc::new(Session::begin(signed_in, client.now(), client.random()).unwrap());
    let refresher = Refresher::new(client.clone());
    for resource in resources {
        let answer = refresher.token(session, &TokenTarget::resource(resource)).await;
        session = answer.session.unwrap();
    }
    (client, session)
}

fn client(provider: &TestProvider, resources: &[String]) -> LogtoClient {
    let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
        .with_scopes([
            String::from(UserScope::Email),
            String::from(UserScope::Organizations),
            String::from(UserScope::OrganizationRoles),
            "read".to_owned(),
        ])
        .with_resources(resources);
    let environment = Environment::new(
        Arc::new(ProviderClock(provider.clock())),
        Arc::new(SystemRandom),
        Arc::new(ReqwestClient::new(HttpLimits::default()).unwrap()),
    );
    LogtoClient::new(config, environment).unwrap()
}

struct ProviderClock(TestClock);

impl Clock for ProviderClock {
    fn since_epoch(&self) -> Duration {
        self.0.since_epoch()
    }
}

criterion_group!(benches, measure);
criterion_main!(benches);
