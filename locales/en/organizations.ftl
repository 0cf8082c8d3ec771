# The page “Organizations”

organizations-heading = Organizations
organizations-about =
    For apps whose customers are companies or teams. A user is a member of organizations, and can have different
    roles in each. A token for one organization has the permissions of the user in that organization.

## The active organization

organizations-active = The active organization
organizations-active-what-html =
    <code>OrganizationSwitcher</code> shows a button for each organization of the user. It is a form: it works
    without JavaScript, loads no wasm, and returns to the page. Below it is the id of the active organization, or
    <code>None</code> for the personal account.
organizations-active-how-html =
    The session keeps the choice. A token is for the active organization only if the code asks for that, with
    <code>TokenTarget::active_organization</code> or <code>TokenTarget::in_active_organization</code>. If the user
    leaves the organization, it is no longer active.
organizations-none = You are in no organization
organizations-none-join-html =
    <a href="/organizations/manage">Create one</a>, or add the user to an organization in the Logto console and sign in
    again.
organizations-none-scope-html =
    The app does not ask for organizations. Add <code>urn:logto:scope:organizations</code> to its scopes, then
    sign in again.

## Organization tokens

organizations-tokens = Get an organization token
organizations-tokens-scope-html =
    The sign-in needs the scope <code>urn:logto:scope:organizations</code>. Then
    <code>organization_token</code> returns a token for an organization, and <code>organization_tokens</code> one
    for each. Userinfo knows the names of the organizations and the roles of the user.
organizations-tokens-kinds-html =
    As with API resources, the token comes <strong>with the page</strong> (<code>getOrganizationTokenRSC</code> in
    the SDK for Next.js), or <strong>by an action</strong>.
organizations-tip =
    In Next.js, a token that a server component refreshes is lost, because it is too late for a cookie. Here the
    token is saved with the head of the response. While a page streams, the next response saves it.
organizations-id = Id
organizations-description = Description
organizations-roles = Your roles
organizations-no-value = none
organizations-on-page = With the page
organizations-by-action = By an action
organizations-get = Get organization token

## An API of organizations

organizations-api = Call an API of the organization
organizations-api-what-html =
    This app has an API that serves every organization. Its tokens need no API resource: their audience is the
    organization, <code>urn:logto:organization:…</code>.
organizations-api-check-html =
    The API checks the scope <code>read:members</code>, and selects its data by the organization of the token. So a
    member of one organization never sees the data of another.
organizations-called-for = For the active organization, or your first one while none is active:
organizations-api-forbidden =
    The API refused the call: the token lacks the scope read:members, or the user is not in the organization.

## A resource in an organization

organizations-resource = Use an API resource in an organization
organizations-resource-what-html =
    An API resource can serve organizations too. <code>in_organization</code> asks for a token with the resource
    as its audience and the organization in the claim <code>organization_id</code>.
organizations-resource-permissions =
    The permissions come from the roles in the organization. They can differ from those that the user has
    without an organization.

## Create and invite

organizations-manage = Create organizations and invite members
organizations-manage-what-html =
    So far, an administrator added users in the Logto console. An app can also create organizations and invite members
    itself, through Logto's Management API: <a href="/organizations/manage">see how</a>.
organizations-manage-open = Create and invite

## Further readings

organizations-read-template = Organization template
organizations-read-permissions = Organization permissions
organizations-read-resources = API resources of organizations
organizations-read-experience = Organization switcher
