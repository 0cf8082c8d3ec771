# The page of an invitation to an organization

invitation-heading = Invitation to an organization
invitation-open = { $email } has been invited to join { $organization }.
invitation-joined =
    You are now a member of { $organization }. Here is your token for this organization. It needed no new sign-in:
invitation-other =
    This invitation is for another account. Sign in with the invited email address or create an account with it. You
    will come back to this page.
invitation-used = This invitation has already been accepted. Ask an admin of the organization for a new one.
invitation-expired = This invitation has expired. Ask an admin of the organization for a new one.
invitation-revoked = This invitation has been revoked. Ask an admin of the organization for a new one.
invitation-unknown = There is no such invitation. Check whether the link is complete.
invitation-join = Join the organization
invitation-other-account = Sign in with another account
invitation-new-account = Create an account
invitation-organizations = Your organizations
