# How to protect a page, and the protected pages.

protect-heading = Protect a page
protect-about =
    A page can require a user, a user with a role, or a fresh proof of the user’s identity. Five pages of this app do. Open
    them as a visitor, as a user and as a manager, and compare what you get.

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

## Step-up

protect-step-up = A second factor, or a recent sign-in
protect-step-up-text-html =
    Some pages need more than a session. <code>signed_in().acr(Acr::Mfa)</code> sends a user who has signed in with a
    password back to Logto, which asks only for the second factor. <code>signed_in().within(…)</code> asks for the
    credentials again if they were entered too long ago. Afterwards the user is on the same page, query included.
protect-step-up-old =
    Since version 1.46, Logto asks for a second factor when an app requests it. An older server ignores the demand; the app
    notices that at the callback. The page then stays closed, and there is no loop.
protect-step-up-none-html =
    A user without a second factor ends on the page for failed sign-ins, with the code
    <code>unmet_authentication_requirements</code>, and stays signed in. They can set one up in their account at
    Logto, and try again.
protect-step-up-demo-html =
    Of the demo users, <code>ada</code> has a second factor: the code <code>123456</code>. <code>bob</code> and
    <code>cleo</code> have none.
protect-step-up-now = Your sign-in
protect-step-up-refresh =
    A refresh renews tokens, but not the proof: a refreshed ID token never counts for more than the sign-in.
protect-second-factor = A page that needs a second factor
protect-second-factor-open = Open the page with a second factor
protect-second-factor-about =
    Only users who have confirmed with a second factor see this page. A server function has checked again, and
    returned how you have signed in.
protect-recent = A page that needs a recent sign-in
protect-recent-open = Open the page with a recent sign-in
protect-recent-about =
    Only users who have entered their credentials in the last five minutes see this page. A server function has
    checked again, and returned how you have signed in.
protect-sales = An API that needs a second factor
protect-sales-open = Call the API that needs a second factor
protect-sales-about = Every signed-in user sees this page. Its data comes from an API that demands a second factor.
protect-sales-text-html =
    An API demands a second factor with <code>AccessTokenRules::with_acr</code>. It answers 401, with a challenge that
    names the demand (RFC 9470). <code>step_up_challenge</code> reads it, and the server function returns it as an
    <code>AuthError</code>.
protect-sales-proof =
    The page then has a button for the sign-in that the API demands. Afterwards the user is on the same page, and the
    app has new tokens that the API accepts.
protect-sales-confirm = Confirm it’s you

## The check that counts

protect-check = The check that counts
protect-check-why-html =
    <code>Protect</code> only hides content. A server function has an address of its own, and every program can
    call it. So check where the data is read, with <code>require_user</code> or <code>require</code>.
protect-check-error-html =
    If the check fails, the server function answers with 401 or 403. The page gets an <code>AuthError</code>, which
    has a message in the visitor’s language and a stable code.
protect-check-more-html =
    A requirement can also name an organization, <code>organization("acme").role("admin")</code>, and demand a proof
    at the same time, <code>role("manager").acr(Acr::Mfa)</code>. <code>or</code> combines two requirements.

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
