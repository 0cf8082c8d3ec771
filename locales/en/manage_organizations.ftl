# The page “Create organizations and invite members”

manage-organizations-heading = Create organizations and invite members
manage-organizations-about =
    Some apps let their users create teams. Such an app calls Logto's Management API with its own token, after it has
    checked what the user may do.

## Create

manage-organizations-create = Create an organization
manage-organizations-create-what-html =
    The server function checks the name, creates the organization, and adds the user as its <code>admin</code>, because
    Logto does not make the creator a member. If that fails, the organization is deleted again.
manage-organizations-create-refresh-html =
    The session has the claims of the last refresh. <code>refresh_organizations</code> renews them, so that the switcher
    and the requirements know the new organization at once.
manage-organizations-create-tip-html =
    The token is that of a machine-to-machine app with the role <strong>Logto Management API access</strong>. Your
    organization template needs the role <code>member</code> with the permission <code>read:members</code>, and the
    role <code>admin</code> with <code>read:members</code> and <code>write:members</code>.
manage-organizations-name = Name of the organization
manage-organizations-create-button = Create the organization

## Members and invitations

manage-organizations-team = Members and invitations
manage-organizations-team-check-html =
    The token of the app can change every organization of the tenant. So the server functions first check the user: with
    <code>organization_scopes_of</code>, they ask Logto for the permissions that the user has at this moment in the
    organization that the form names. The claims and tokens of the session can be an hour old, and would still know an
    admin who was removed. A form that was written by hand gets 403.
manage-organizations-team-roles-html =
    An admin makes other members admins with <code>assign_organization_roles</code>, and removes members with
    <code>remove_organization_member</code>. The last admin keeps the role. The server functions look for the id from
    the form among the members of the organization.
manage-organizations-team-mail-html =
    This app sends no email: pass the link on yourself. With an email connector, <code>resend_invitation</code> lets
    Logto send it. The link contains the id of the invitation, so it cannot be sent before the invitation exists.
manage-organizations-invitations = Open invitations
manage-organizations-no-invitations = There is no open invitation.
manage-organizations-email = Email address
manage-organizations-invite = Invite
manage-organizations-revoke = Revoke
manage-organizations-make-admin = Make admin
manage-organizations-take-admin = Remove the role admin
manage-organizations-remove = Remove
manage-organizations-may-not-invite =
    You see the members of this organization. Only members with the permission write:members can invite others.
manage-organizations-none-active = No organization is active. Choose one, or create one.

## The page of an invitation

manage-organizations-page = The page of an invitation
manage-organizations-page-what-html =
    The link leads to <code>/invitations/:id</code>. <code>Protect</code> sends visitors to Logto. They sign in or
    register there, and return to the same link. A button accepts the invitation, and never the link alone, because mail
    scanners open links.
manage-organizations-page-other-html =
    Logto accepts the invitation only for the user who has the invited email address. Another user learns neither the
    address nor the organization, and can sign in with another account: with <code>Prompt::Login</code>, Logto asks for
    one.
manage-organizations-page-token =
    A user who has joined needs no new sign-in. The page shows a token of the organization at once.

## Leave

manage-organizations-leave = Leave or delete an organization
manage-organizations-leave-what-html =
    <code>remove_organization_member</code> gets the id of the signed-in user, never one from the browser. The last
    admin cannot leave. They make another member an admin first, or delete the organization.
manage-organizations-leave-delete-html =
    <code>delete_organization</code> is a button of its own. It works only without other members and open invitations,
    so that no user joins an organization at the moment in which it is deleted.
manage-organizations-leave-tokens =
    An organization token that was issued before stays valid until it expires: an hour at most, with Logto's default.
manage-organizations-leave-button = Leave { $organization }
manage-organizations-delete-button = Delete { $organization }
manage-organizations-back = Back to Organizations

## Problems

manage-organizations-not-set-up = This app cannot manage organizations yet
manage-organizations-not-set-up-advice-html =
    Set <code>LOGTO_MANAGEMENT_APP_ID</code> and <code>LOGTO_MANAGEMENT_APP_SECRET</code> to the id and the secret of a
    machine-to-machine app with the role <strong>Logto Management API access</strong>. Then start the app again.
manage-organizations-error-name = Please enter a name of at most 128 characters.
manage-organizations-error-name-taken = You are already in an organization with this name.
manage-organizations-error-too-many = You are in too many organizations to create another one.
manage-organizations-error-email = Please enter an email address.
manage-organizations-error-invited = There is already an open invitation for this address. Send its link again.
manage-organizations-error-many-invitations =
    The organization has too many open invitations. Revoke one before you invite others.
manage-organizations-error-member = A member has this email address, or Logto does not accept the address.
manage-organizations-error-closed = This invitation is no longer open.
manage-organizations-error-other-account = This invitation is for another account.
manage-organizations-error-last-admin =
    The organization needs an admin. Make another member an admin first, or delete the organization.
manage-organizations-error-not-empty =
    Remove the other members and revoke the open invitations before you delete the organization.
manage-organizations-error-no-member = This user is no longer a member of the organization.
manage-organizations-error-unavailable = Logto cannot be reached. Please try again in a moment.
manage-organizations-error-refused = Logto refused the call. The log of the app has the reason.
manage-organizations-error-forbidden = You do not have the permission for this in the organization.
