# The page “Act as a user”

act-as-heading = Act as another user
act-as-about =
    A support team has to see what a customer sees. With a token exchange, a user of your app acts as another one, sees
    that on every page, and goes back. No password is shared, and the API knows who acts.

## Begin

act-as-begin = Choose a user
act-as-begin-what-html =
    The Management API creates a subject token, and <code>act_as</code> exchanges it at Logto. The session keeps the
    exchanged token, sealed with the rest. The buttons work without JavaScript.
act-as-begin-who-html =
    <strong>Your app decides who may act as whom</strong>, in the server function and before Logto is asked. In this
    app it is the role <code>manager</code>.
act-as-begin-tip =
    An agent gets every permission of the other user that the app asks for. Do not let a support team act as
    administrators, and record who acted as whom.
act-as-button = Act as { $user }
act-as-not-set-up = This app cannot act as other users
act-as-not-set-up-advice-html =
    Set <code>LOGTO_MANAGEMENT_APP_ID</code> and <code>LOGTO_MANAGEMENT_APP_SECRET</code> to a machine-to-machine app
    with the role <strong>Logto Management API access</strong>, and switch on <strong>Allow token exchange</strong>
    for this app in the Logto console.
act-as-error-no-such-user = There is no such user. Reload the page to see the current list.
act-as-error-unavailable = Logto cannot give the users at the moment. Try again soon; the log has the reason.
act-as-error-forbidden = Only users with the role manager may act as another user.

## The banner

act-as-banner = The banner, and the way back
act-as-banner-what-html =
    <code>acting_as</code> reads the session and sends no request, so every page can show it. The session stays that of
    the agent: the name in the header, the claims, the guards and the account are not those of the other user.
act-as-banner-end-html =
    <code>stop_acting</code> revokes the exchanged token. Acting also ends when this token expires, with a sign-out, and
    with another sign-in.
act-as-nobody = At the moment you do not act as another user. Choose one above.
act-as-banner-text = You act as { $user }.
act-as-banner-stop = Stop

## The API

act-as-api = Call an API as the user
act-as-api-what-html =
    <code>access_token_as</code> returns a token of the other user for an API. Each call is a request to Logto, so use
    one token for all calls of a page.
act-as-api-act-html =
    In the token, <code>sub</code> is the other user and <code>act</code> the agent. An API logs both, and refuses
    tokens with <code>act</code> for what only the users themselves may do, such as changing a password.
act-as-back = Back to the account

## The link on the page “Account”

act-as-link = Act as another user
act-as-link-what =
    For a support team: a manager acts as another user, with a banner on every page and a way back.
act-as-link-open = Open the page
act-as-read-impersonation = User impersonation
