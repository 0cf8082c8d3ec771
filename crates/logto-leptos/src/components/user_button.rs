//! The button with the user's menu.

use leptos::prelude::*;

use super::{OrganizationSwitcher, SignOut, page_session, use_user};
use crate::browser::UserView;

/// A button with the user's name that opens a menu: name, email address, account page,
/// organizations, and sign-out. It shows nothing to visitors.
///
/// The menu is an HTML popover: it works without JavaScript and with the keyboard, Escape and a
/// click elsewhere close it, and the focus returns to the button. It has no style of its own, see
/// [`STYLESHEET`](crate::STYLESHEET):
///
/// | class | element |
/// |---|---|
/// | `logto-user-button` | the button |
/// | `logto-user-picture` | the avatar |
/// | `logto-user-initial` | its place: `data-initial` is the first letter of the name |
/// | `logto-user-menu` | the menu |
/// | `logto-user-name`, `logto-user-email`, `logto-user-account` | its first entries |
/// | `logto-user-sign-out` | the button that signs out |
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::UserButton;
///
/// #[component]
/// fn Account() -> impl IntoView {
///     view! {
///         <UserButton account_url="https://tenant.logto.app/account">
///             <a href="/orders">"Orders"</a>
///         </UserButton>
///     }
/// }
/// ```
#[component]
pub fn UserButton(
    /// The page where users manage their account, such as Logto's account center. By default there
    /// is no such entry.
    #[prop(optional, into)]
    account_url: Option<String>,
    /// Whether users with organizations can switch between them.
    #[prop(default = true)]
    organizations: bool,
    /// Whether to show the user's picture. Its address may be on any site, and a content security
    /// policy has to allow that site in `img-src`.
    #[prop(optional)]
    picture: bool,
    /// The id of the menu, for a page with two of these buttons.
    #[prop(default = String::from("logto-user-menu"), into)]
    id: String,
    /// Further entries of the menu, before the sign-out.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let user = use_user();
    let texts = page_session::texts();
    move || {
        let user = user.get()?;
        let label = format!("{}: {}", texts.account_menu, user.display_name());
        let account = account_url.clone().map(|url| {
            view! {
                <a class="logto-user-account" href=url>
                    {texts.manage_account.clone()}
                </a>
            }
        });
        let entries = children.as_ref().map(|children| children());
        let name = user.display_name().to_owned();
        // Erased, so that the type of the page does not contain the whole menu.
        let menu = view! {
            <button type="button" class="logto-user-button" popovertarget=id.clone() aria-label=label.clone()>
                {avatar(&user, picture)}
                <span>{name.clone()}</span>
            </button>
            <div class="logto-user-menu" id=id.clone() popover="auto" role="group" aria-label=label>
                <p class="logto-user-name">{name}</p>
                {user
                    .email
                    .filter(|_| user.name.is_some())
                    .map(|email| view! { <p class="logto-user-email">{email}</p> })}
                {account}
                {organizations.then(|| view! { <OrganizationSwitcher /> })}
                {entries}
                <SignOut class="logto-user-sign-out" />
            </div>
        };
        Some(menu.into_any())
    }
}

/// The picture is next to the name, so that it has no text of its own.
fn avatar(user: &UserView, picture: bool) -> impl IntoView + use<> {
    let picture = user.picture.clone().filter(|_| picture);
    let initial = user.display_name().chars().next().map(String::from);
    match picture {
        Some(url) => {
            view! { <img class="logto-user-picture" src=url alt="" referrerpolicy="no-referrer" /> }.into_any()
        }
        None => view! {
            // Not text, because it would be read as a part of the name.
            <span class="logto-user-initial" data-initial=initial></span>
        }
        .into_any(),
    }
}
