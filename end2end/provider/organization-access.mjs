// Whether a user may have tokens for an organization.

import { errors } from 'oidc-provider';
import { organizations } from './demo.mjs';
import { isMember } from './directory.mjs';

/** Throws Logto's error if the user may not. The checks have Logto's order. */
export function checkOrganizationAccess(settings, user, organizationId) {
  if (!isMember(user, organizationId)) {
    throw denied('user is not a member of the organization');
  }
  if (settings.organizations_without_consent.includes(organizationId)) {
    throw denied('organization access is not granted to the application');
  }
  const requiresMfa =
    settings.organizations_with_mfa.includes(organizationId) || organizations[organizationId].isMfaRequired;
  if (requiresMfa && !user.secondFactor) {
    throw denied('organization requires MFA but user has no MFA configured');
  }
}

/** The error about one organization: 403, and 400 for the whole application. */
function denied(description) {
  return Object.assign(new errors.AccessDenied(description), { statusCode: 403 });
}
