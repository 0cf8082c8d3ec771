# How to protect a page, and the two protected pages.

protect-heading = Protect a page
protect-about =
    A page can require a user, or a user with a role. Two pages of this app do. Open them as a visitor, as a user
    and as a manager, and compare what you get.

## A page for signed-in users

protect-member = A page for signed-in users
protect-member-text-html =
    <code>Protect</code> decides on the server, before the page is sent. A signed-in user sees the content. A
    visitor is sent to Logto, and returns to the same address after the sign-in.
protect-member-open = Open the page for users
protect-member-about =
    Only signed-in users see this page. A server function has checked again, and returned your id.

## A page for a role

protect-manager = A page for a role
protect-manager-text-html =
    <code>role("manager")</code> requires a role. A user without it sees the reason, with the status 403. There is
    no sign-in in this case, because it would not help.
protect-manager-role-html =
    Roles are in the ID token if the app requests the scope <code>roles</code>. Assign them in the Logto console,
    under <strong>Roles</strong>. They apply with the next ID token: after a new sign-in, or within an hour.
protect-manager-demo-html = Of the demo users, <code>ada</code> has the role; <code>bob</code> and <code>cleo</code> do not.
protect-manager-open = Open the page for managers
protect-manager-about =
    Only users with the role manager see the content of this page: their id, from a server function that has
    checked again. Other users see a message instead.
protect-back = Back to Protect a page

## The check that counts

protect-check = The check that counts
protect-check-why-html =
    <code>Protect</code> only hides content. A server function has an address of its own, and every program can
    call it. So check where the data is read, with <code>require_user</code> or <code>require</code>.
protect-check-error-html =
    If the check fails, the server function answers with 401 or 403. The page gets an <code>AuthError</code>, which
    has a message in the visitor’s language and a stable code.
protect-check-more-html =
    A requirement can also name an organization, <code>organization("acme").role("admin")</code>, a recent sign-in,
    <code>signed_in().within(…)</code>, or a second factor, <code>signed_in().acr(Acr::Mfa)</code>. <code>or</code>
    combines two requirements.

## Who sees what

protect-who = Who sees what
protect-who-text =
    The status codes of this app, for pages and for the server functions behind them. A status of 303 leads to the
    sign-in.
protect-request = Request
protect-visitor = Visitor
protect-user = User
protect-role = Manager
protect-you = you

## Further readings

protect-read-roles = Role-based access control
protect-read-organizations = Organization permissions
