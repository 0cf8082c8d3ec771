# The claims of the user, the scopes that bring them, and userinfo.

profile-heading = Profile
profile-about =
    Logto tells your app about the user in claims: a name, an email address, roles. This page shows yours, where
    each one came from, and how to request more.

## Claims and scopes

profile-meaning = Claims and scopes
profile-meaning-claim-html =
    A <strong>claim</strong> is a statement about the user, such as <code>email</code> or <code>roles</code>. The
    claim <code>sub</code> is the user’s id: it never changes, so use it as the key in your database.
profile-meaning-scope-html =
    A <strong>scope</strong> is a group of claims that the app requests at sign-in. Logto sends only the claims of
    requested scopes, so that an app learns no more than it needs.
profile-meaning-always-html =
    Three scopes are always requested: <code>openid</code> for the user’s id, <code>profile</code> for the name
    and the picture, and <code>offline_access</code> for a refresh token.

## Claims by scope

profile-by-scope = Your claims by scope
profile-by-scope-text = The table has a group for each scope. It shows where each value was found: in the ID token, in userinfo, or in both.
profile-claim = Claim
profile-value = Value
profile-place = Found in
profile-scope = Scope
profile-requested = requested
profile-not-requested = not requested
profile-none = You have none of these claims:
profile-would-add = It would add:
profile-in-both = both
profile-in-id-token = ID token
profile-in-user-info = userinfo
profile-nowhere = –
profile-times-html =
    <code>created_at</code> and <code>updated_at</code> are in milliseconds. The times of the token itself, such as
    <code>iat</code> and <code>exp</code>, are in seconds.

## More scopes

profile-more = Request more scopes
profile-more-why = A claim is missing if its scope is not requested, or if the user has no such value.
profile-more-how-html =
    List the scopes in the configuration, with <code>with_scopes</code> or in the variable
    <code>LOGTO_SCOPES</code>. They apply from the next sign-in.
profile-more-now = This app requests:

## Userinfo

profile-user-info = Claims that need userinfo
profile-user-info-why-html =
    Some claims are not in the ID token, because they can be large: <code>custom_data</code>,
    <code>identities</code>, <code>sso_identities</code> and <code>organization_data</code>. The server fetches
    them from the userinfo endpoint of Logto if the code asks with <code>with_user_info(true)</code>.
profile-user-info-cost-html =
    Userinfo is a network request, so ask for it only where a page needs it. A claim that every page needs can be
    added to the ID token: choose it under <strong>Custom ID token</strong> in the Logto console.
profile-user-info-signed-out = Sign in to see your claims.

## Further readings

profile-read-custom = Custom ID tokens
profile-read-collect = Collect user profiles
