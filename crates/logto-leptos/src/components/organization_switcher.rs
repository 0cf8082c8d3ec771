//! The form that chooses the active organization.

use leptos::prelude::*;

use super::{page_session, return_to::ReturnTo, use_user};

/// Shows one button for each of the user's organizations, which makes it the active one.
///
/// A button shows the name of its organization, or the id if the name is unknown: see
/// `WebConfig::with_organization_names`.
///
/// Tokens are requested for the active organization only with
/// `TokenTarget::active_organization` or `TokenTarget::in_active_organization`, unless
/// `WebConfig::with_active_organization_by_default` makes it the default for API resources. The
/// component shows nothing to users without organizations.
///
/// It is a form, so that it works without JavaScript, and the page is loaded again with the data of
/// the organization. It has no style of its own, see [`STYLESHEET`](crate::STYLESHEET):
///
/// | class | element |
/// |---|---|
/// | `logto-organizations` | the form |
/// | `logto-organization` | a button; that of the active organization has `aria-current` |
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::OrganizationSwitcher;
///
/// #[component]
/// fn Header() -> impl IntoView {
///     view! { <OrganizationSwitcher personal=false /> }
/// }
/// ```
#[component]
pub fn OrganizationSwitcher(
    /// Whether to offer the choice of no organization.
    #[prop(default = true)]
    personal: bool,
    /// The path of this site that the user returns to. By default the current page.
    #[prop(optional, into)]
    return_to: Option<String>,
) -> impl IntoView {
    let user = use_user();
    let snapshot = page_session::signal();
    let active = Memo::new(move |_| snapshot.read().active_organization.clone());
    let action = page_session::paths().organization;
    let texts = page_session::texts();
    move || {
        let organizations = user.get()?.organizations;
        if organizations.is_empty() {
            return None;
        }
        let return_to = ReturnTo::new(return_to.clone());
        let (return_to_field, on_submit) = (return_to.element(), return_to.on_submit());
        let choice = |id: String, name: String| {
            let is_active = active.get().unwrap_or_default() == id;
            view! {
                <button
                    type="submit"
                    class="logto-organization"
                    name="organization_id"
                    value=id
                    aria-current=is_active.then_some("true")
                >
                    {name}
                </button>
            }
        };
        let none = personal.then(|| choice(String::new(), texts.personal_account.clone()));
        let choices = organizations.into_iter().map(|organization| {
            let name = organization.display_name().to_owned();
            choice(organization.id, name)
        });
        let choices = choices.collect_view();
        // Erased, so that the type of the page does not contain the whole form.
        let form = view! {
            <form class="logto-organizations" method="post" action=action.clone() on:submit=on_submit>
                {return_to_field}
                <fieldset>
                    <legend>{texts.organizations.clone()}</legend>
                    {none}
                    {choices}
                </fieldset>
            </form>
        };
        Some(form.into_any())
    }
}
