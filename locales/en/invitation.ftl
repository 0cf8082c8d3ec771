# The page of an invitation to an organization

invitation-heading = Invitation to an organization
invitation-open = { $email } is invited to { $organization }.
invitation-joined =
    You are now a member of { $organization }. Here is your token for it, without a new sign-in:
invitation-other =
    This invitation is for another account. Sign in with the account that was invited, and you come back to this page.
invitation-used = This invitation was accepted and cannot be used again. Ask an admin of the organization for a new one.
invitation-expired = This invitation has expired. Ask an admin of the organization for a new one.
invitation-revoked = This invitation was withdrawn. Ask an admin of the organization for a new one.
invitation-unknown = There is no such invitation. Check whether the link is complete.
invitation-join = Join the organization
invitation-other-account = Sign in with another account
invitation-organizations = Your organizations
