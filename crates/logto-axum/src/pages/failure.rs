//! The page about a failure: what happened, what to do, the stable code, and a button.

use axum::{body::Body, response::Response};
use http::{StatusCode, header};
use logto_requirements::StepUp;

use crate::{
    advice::{Advice, no_permission},
    error::{ANOTHER_USER, BareCode},
    hooks::refusal::RefusedByApp,
    pages::{
        code_paragraph,
        form::{escape, escape_text, hidden_field},
        page,
    },
    return_to::ReturnTo,
    session::AuthSession,
    step_up::options_for,
};

/// The choices on the page, besides the link to the home page.
pub(crate) enum Offer {
    SignIn,
    /// A sign-in that gives this proof.
    StepUp(StepUp),
    /// Opening the page again retries. A new sign-in does not help, but another account may.
    TryAgainOrSignOut,
    Nothing,
}

impl Offer {
    /// `page` is where the user was, or wanted to go.
    fn html(self, session: &AuthSession, page: Option<&ReturnTo>) -> String {
        let (address, paths) = (session.address(), session.shared().web.paths());
        let text = |key: &str| escape_text(&session.translation().text(key));
        let form = |path: &str, fields: &str, button: &str| {
            let (action, button) = (escape(&address.absolute(path)), text(button));
            format!("<form method=post action=\"{action}\">{fields}<button>{button}</button></form>")
        };
        let return_to = || page.map_or_else(String::new, |path| hidden_field("return_to", path.as_str()));
        match self {
            Self::SignIn => form(&paths.sign_in, &return_to(), "sign-in"),
            Self::StepUp(proof) => {
                let options = options_for(&proof);
                let fields = options.to_fields();
                let fields = fields.iter().map(|(name, value)| hidden_field(name, value));
                form(&paths.sign_in, &(return_to() + &fields.collect::<String>()), "sign-in")
            }
            Self::TryAgainOrSignOut => {
                let again = page.map_or_else(|| address.absolute("/"), |path| address.return_address(path));
                let sign_out = form(&paths.sign_out, "", "sign-out");
                let again_text = text("try-again");
                format!("<p><a href=\"{}\">{again_text}</a></p>{sign_out}", escape(&again))
            }
            Self::Nothing => String::new(),
        }
    }
}

/// Makes a page about a failure. `more` is HTML.
pub(crate) fn problem_page(
    session: &AuthSession,
    status: StatusCode,
    advice: Advice,
    more: &str,
    offer: Offer,
    return_to: Option<&ReturnTo>,
) -> Response {
    let Advice { code, title, advice } = advice;
    let text = format!("<p>{}</p>{more}", escape_text(&advice));
    page_with_offer(session, status, &title, &text, code, &offer.html(session, return_to))
}

/// Makes the page about a sign-in that was refused, by the app or because of another user.
pub(crate) fn refusal_page(session: &AuthSession, refused: &RefusedByApp, return_to: Option<&ReturnTo>) -> Response {
    let text = format!("<p>{}</p>", escape_text(&refused.text));
    let (title_of, offer) = if refused.code == ANOTHER_USER {
        // A sign-in would return the same user.
        (ANOTHER_USER, Offer::TryAgainOrSignOut)
    } else {
        ("sign_in_refused", Offer::SignIn)
    };
    let title = session.advice(title_of).title;
    let offer = offer.html(session, return_to);
    page_with_offer(session, StatusCode::FORBIDDEN, &title, &text, &refused.code, &offer)
}

/// `text` and `offer` are HTML.
fn page_with_offer(
    session: &AuthSession,
    status: StatusCode,
    title: &str,
    text: &str,
    code: &str,
    offer: &str,
) -> Response {
    let headers = &session.shared().headers;
    let texts = session.translation();
    let home = escape(&session.address().absolute("/"));
    let home_page = escape_text(&texts.text("home-page"));
    let code = code_paragraph(texts, code);
    let main = format!("{text}{code}{offer}<p><a href=\"{home}\">{home_page}</a></p>");
    let mut page = page(texts, title, &main);
    *page.status_mut() = status;
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, headers.own_forms.clone());
    page
}

/// Replaces a response whose body is a bare code. The new response is a page with the same status
/// and `Retry-After`.
pub(crate) fn replace_bare_code(mut response: Response<Body>, session: &AuthSession) -> Response<Body> {
    let Some(BareCode { code, proof }) = response.extensions_mut().remove() else {
        return response;
    };
    let (advice, offer) = match code {
        "step_up_needed" => (session.advice(code), Offer::StepUp(proof)),
        // A signed-in user was denied one token. Only in a callback does this code mean that the
        // sign-in failed.
        "access_denied" => (no_permission(session.translation()), Offer::Nothing),
        "not_in_organization"
        | "no_active_organization"
        | "not_acting"
        | "acting_as_self"
        | "subject_token_mismatch"
        | "subject_token_rejected"
        | "user_access_denied"
        | "organization_access_denied" => (session.advice(code), Offer::Nothing),
        "app_access_denied" | "forbidden" => (session.advice(code), Offer::TryAgainOrSignOut),
        _ => (session.advice(code), Offer::SignIn),
    };
    let return_to = session.calling_page();
    let mut page = problem_page(session, response.status(), advice, "", offer, return_to.as_ref());
    if let Some(retry_after) = response.headers_mut().remove(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, retry_after);
    }
    page
}
