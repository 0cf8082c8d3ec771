# “Act as another user”

act-as-heading = Act as another user
act-as-about =
    Support staff need to see what a customer sees. After a token exchange, a user of your app acts as another user. A
    banner says so on every page, and a button ends it. No password is shared, and APIs know who acts.

## Begin

act-as-begin = Choose a user
act-as-begin-what-html =
    The Management API creates a subject token, and <code>act_as</code> exchanges it at Logto. The session keeps the
    exchanged token, sealed with the rest. The buttons work without JavaScript.
act-as-begin-who-html =
    <strong>Your app decides who may act as whom</strong>, in the server function and before the subject token is
    created. In this app, users with the role <code>manager</code> may act as users who have no role other than
    <code>reader</code>.
act-as-begin-tip =
    An agent gets every permission of the other user that the app asks for. Do not let a support team act as
    administrators, and record who acted as whom.
act-as-button = Act as { $user }
act-as-not-set-up = This app cannot act as other users
act-as-not-set-up-advice-html =
    Set <code>LOGTO_MANAGEMENT_APP_ID</code> and <code>LOGTO_MANAGEMENT_APP_SECRET</code> to the id and the secret of a
    machine-to-machine app with the role <strong>Logto Management API access</strong>. In the Logto console, switch on
    <strong>Allow token exchange</strong> for the app <code>LOGTO_APP_ID</code>. Then start this app again.
act-as-error-no-such-user = There is no such user. Reload the page to see the current list.
act-as-error-not-allowed = You cannot act as this user, who has a role that is not allowed here. Choose another user.
act-as-error-unavailable =
    Logto cannot be reached, or it refused the call. Please try again in a moment; the app's log has the reason.
act-as-error-forbidden = Only users with the role manager may act as another user.

## The banner

act-as-banner = The banner and the way back
act-as-banner-what-html =
    <code>acting_as</code> reads the session and sends no request, so every page can show the banner. The name in the
    header, the claims, the guards and the account remain those of the agent.
act-as-banner-end-html =
    <code>stop_acting</code> revokes the exchanged token. Acting also ends when this token expires, with a sign-out and
    with another sign-in.
act-as-not-acting = You are not acting as another user. Choose one above.
act-as-banner-text = You are acting as { $user }.
act-as-banner-stop = Stop

## The API

act-as-api = Call an API as the user
act-as-api-what-html =
    <code>access_token_as</code> returns a token of the other user for an API. The call names the user that the page
    shows: if another tab has chosen another user since, it fails.
act-as-api-act-html =
    In the token, <code>sub</code> is the other user and <code>act</code> the agent. Your API should log both, and
    refuse tokens with <code>act</code> for anything that only users themselves may do, such as changing a password.
act-as-back = Back to the account

## The link on the page “Account”

act-as-link = Act as another user
act-as-link-what =
    For a support team: a manager acts as another user, with a banner on every page and a way back.
act-as-link-open = Open the page
act-as-read-impersonation = User impersonation
