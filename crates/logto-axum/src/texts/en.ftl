### Texts of logto-axum and logto-leptos.
### The keys are stable: an app replaces a text by a message with the same key.

## Buttons and labels

sign-in = Sign in
sign-out = Sign out
try-again = Try again
home-page = Back to the home page
code = Code: { $code }
redirect-uri = Redirect URI: { $uri }

## Components

account-menu = Account menu
manage-account = Manage account
organizations = Organizations
personal-account = Personal account

## The pages that ask for a click

confirm-sign-in = Press the button to go on to the sign-in page.
confirm-sign-out = Press the button to sign out.
another-user = You are signed in as { $user }, but the link is for { $email }. Nothing has changed here. To use the link, sign out, then open it again.

## The page while sessions cannot be read

unavailable = Temporarily unavailable
    .advice = Your session cannot be read or saved at the moment. Nothing is lost: try again in a few seconds.

## When to try again

retry-in-a-second = Try again in a second.
retry-in-seconds = Try again in { $count } seconds.
retry-in-minutes = Try again in { $count ->
        [one] a minute
       *[other] { $count } minutes
    }.
retry-in-hours = Try again in { $count ->
        [one] an hour
       *[other] { $count } hours
    }.

## Failures: what happened, and what to do

unknown-error = The sign-in failed
    .advice = Sign in again. If it happens again, tell the operator of this site.
no-permission = No permission
    .advice = Your account is not allowed to do this. Ask the operator of this site, or an administrator of the organization, for access.
sign-in-unfinished = The sign-in could not be finished
    .advice = This site could not set up your session. Try again; if it happens again, tell the operator of this site.
sign-in-refused = The sign-in was refused
    .advice = This site did not accept your account. Ask its operator for access.
not-in-organization = You are not in this organization
    .advice = Choose one of your organizations, or ask its administrator to add you.
no-active-organization = No organization is chosen
    .advice = Choose one of your organizations first.
acting-ended = You are not acting as this user
    .advice = You stopped, chose another user, or the time is up. Choose the user again.
acting-refused = You cannot act as this user
    .advice = Choose another user. If you are already acting as a user, stop first and choose again.
acting-user-denied = This user may not use this app
    .advice = Choose another user, or ask an administrator to give this user access.
acting-not-in-organization = The other user is not in this organization
    .advice = Choose another organization, or stop acting as this user.
grant-not-allowed = This site is not set up correctly
    .advice = The operator has to switch on "Allow token exchange" for the app in the Logto console.
access-denied = You did not sign in
    .advice = The sign-in was cancelled, or your account may not use this app. Sign in again, or ask for access.
transaction-expired = The sign-in took too long
    .advice = It was not finished in time. Sign in again to continue to the page you wanted.
transaction-missing = This sign-in was not started here
    .advice = It was started in another browser, has been used already, or its cookie is gone. Start again in this browser, with cookies allowed.
link-for-another-user = The link is for another user
    .advice = You are signed in as another user. Nothing has changed here. To use the link, sign out, then open it again.
unsolicited-sign-in = The sign-in did not start here
    .advice = For your safety, a sign-in has to start on this site. Sign in here. The operator can also make the identity provider open this site's page for single sign-on.
answer-untrusted = The answer did not come from the sign-in service
    .advice = The sign-in was stopped for your safety. Start again; if it happens again, tell the operator of this site.
clocks-differ = The clocks do not agree
    .advice = The clocks of the sign-in service and this site differ. The operator of this site has to set the clock.
confirm-identity = Please confirm it's you
    .advice = This action needs a new proof. Sign in again.
authentication-too-weak = This needs a stronger sign-in
    .advice = You could not confirm with a second factor, or your account has none. Set one up in your account, then try again.
app-access-denied = You may no longer use this app
    .advice = Ask the operator of this site for access. Once you have it, reload the page; you need not sign in again.
sign-in-ended = The sign-in has ended
    .advice = Sign in again to continue.
provider-unreachable = The sign-in service cannot be reached
    .advice = This is probably temporary. Try again soon.
provider-unexpected = The sign-in service gave an unexpected answer
    .advice = Try again. The operator of this site can find the reason in the log; `endpoint` should be the address of a Logto server.
site-misconfigured = This site is not set up correctly
    .advice = The operator has to compare `app_id`, `app_secret`, the redirect URI and the resources with the Logto console. The log of this site or Logto's audit log has the reason.
account-too-large-organizations = Your account is too large for this site
    .advice = It has more organizations and roles than fit into this site's cookies. The operator of this site has to keep sessions in a store.
account-too-large-custom-data = Your account is too large for this site
    .advice = It has more custom data than fits into this site's cookies. The operator of this site has to keep sessions in a store.
account-too-large-both = Your account is too large for this site
    .advice = It has more organizations, roles and custom data than fit into this site's cookies. The operator of this site has to keep sessions in a store.
account-too-large = Your account is too large for this site
    .advice = Its profile does not fit into this site's cookies. The operator of this site has to keep sessions in a store.
redirect-uri-not-registered = The sign-in service does not know this site yet
    .advice = The operator has to register the redirect URI of this site for the application in the Logto console, exactly as written; it is also in the log.
store-unavailable = Sessions cannot be read or saved at the moment
    .advice = This is probably temporary. Try again in a few seconds.
account-switched-off = Your account cannot be shown here
    .advice = The operator has to switch the Account API on in the Logto console, under Account center.
account-field-locked = You cannot change this yourself
    .advice = This site does not let users change this. Ask its operator to change it for you.
account-not-here = This site cannot do that with your account
    .advice = The operator of this site can find the reason in the log.
account-confirm = Please confirm it's you
    .advice = This needs your password, entered in the last 10 minutes. Please enter it.
account-password-wrong = The password is wrong
    .advice = Check Caps Lock and try again.
account-code-wrong = The code is wrong or has expired
    .advice = Ask for another code and enter it soon.
account-password-rejected = The new password is too weak
    .advice = Choose a longer one that is used nowhere else.
account-value-in-use = This is in use already
    .advice = Choose another value.
account-too-many-attempts = Too many attempts
    .advice = Wait a while before you try again.
account-entry-gone = This is no longer in your account
    .advice = It has ended or was removed. Reload the page to see the current list.
account-link-expired = The linked account needs a new sign-in
    .advice = Link it again in the settings of your account.
account-values-rejected = Your changes were not accepted
    .advice = Check the values and try again.
invalid-parameter = The sign-in form had an invalid value
    .advice = Go back to the page you came from and sign in from there.
cross-site-request = The request came from another site
    .advice = For your safety, sign-in, sign-out and other changes have to start on this site. Go to its home page and try again.
server-function-by-get = Only pages of this site may call this server function
    .advice = Other sites and links in emails may not call it. The developer of this site can allow that with `ServerFunctions::allow_get`.
body-too-large = The request is too large
    .advice = Send less. The developer of this site can raise the limit (`ServerFunctions::with_body_limit`).
button-needed = A sign-in starts with a button
    .advice = Scripts and prefetches cannot start one. Open the page and press the sign-in button.

## Errors of server functions and of guarded pages

error-not-signed-in = Please sign in to continue.
error-sign-in-needed = Your sign-in has ended. Please sign in again.
error-step-up-needed = Please confirm it's you: sign in again to continue.
error-forbidden = Your account does not have permission for this.
error-access-denied = Your account currently may not use this app.
error-unavailable = This is unavailable at the moment. Please try again soon.
error-internal = Something went wrong. Please try again later.
