// Invitations to organizations. The tenant has no email connector: the app sends the links.

import { randomBytes } from 'node:crypto';
import { refuse } from '../api.mjs';
import { users } from '../demo.mjs';
import { findUser, isMember, join } from '../directory.mjs';
import { isEmail } from '../registration.mjs';
import { membership } from './events.mjs';
import { checkOrganization, roleName } from './organizations.mjs';

const noRelation = [422, 'entity.relation_foreign_key_not_found'];
const invalid = (status = 422) => refuse(status, 'request.invalid_input');
const noConnector = () => refuse(501, 'connector.not_found');

export class Invitations {
  #all = new Map();

  get all() {
    return [...this.#all.values()];
  }

  add(invitation) {
    this.#all.set(invitation.id, invitation);
  }

  /** The invitation with this id, or the error of an unknown one. */
  get(id) {
    return this.#all.get(id) ?? refuse(404, 'entity.not_found');
  }

  delete(id) {
    return this.#all.delete(id);
  }

  deleteOf(organizationId) {
    this.all.filter((invitation) => invitation.organizationId === organizationId).forEach(({ id }) => this.delete(id));
  }

  clear() {
    this.#all.clear();
  }
}

const statusOf = ({ status, expiresAt }) => (status === 'Pending' && expiresAt <= Date.now() ? 'Expired' : status);

function shown(invitation) {
  const roles = invitation.roleIds.map((id) => ({ id, name: roleName(id) }));
  const { roleIds: _, ...rest } = invitation;
  return { tenantId: 'default', ...rest, status: statusOf(invitation), organizationRoles: roles };
}

/** Checks the body of a new invitation. */
function newInvitation({ organizationId, invitee, expiresAt, inviterId = null, organizationRoleIds: roleIds = [] }) {
  const isValid = typeof organizationId === 'string' && isEmail(invitee) && Number.isSafeInteger(expiresAt);
  if (!isValid || !Array.isArray(roleIds)) {
    refuse(400, 'guard.invalid_input');
  }
  if (expiresAt <= Date.now()) {
    invalid(400);
  }
  checkOrganization(organizationId, noRelation);
  roleIds.forEach((id) => roleName(id));
  const id = randomBytes(10).toString('hex');
  return { id, organizationId, invitee, inviterId, acceptedUserId: null, status: 'Pending', expiresAt, roleIds };
}

const changes = {
  Accepted(invitation, acceptedUserId, happened) {
    const user = findUser(acceptedUserId)?.[1];
    if (user?.email?.toLowerCase() !== invitation.invitee.toLowerCase()) {
      invalid();
    }
    const { organizationId, roleIds } = invitation;
    const added = isMember(user, organizationId) ? [] : [user.id];
    happened('Organization.Membership.Updated', membership(organizationId, { added }));
    join(
      user,
      organizationId,
      roleIds.map((id) => roleName(id)),
    );
    invitation.acceptedUserId = acceptedUserId;
  },
  Revoked() {},
};

export function invitationRoutes({ invitations }) {
  const path = '/organization-invitations';
  return {
    [`GET ${path}`]: ({ query }) => {
      const filters = ['organizationId', 'inviterId', 'invitee'].filter((name) => query.has(name));
      const matches = (invitation) => filters.every((name) => invitation[name] === query.get(name));
      return [200, invitations.all.filter(matches).map(shown)];
    },
    [`POST ${path}`]: ({ body }) => {
      const invitation = newInvitation(body);
      const { organizationId, invitee } = invitation;
      if (Object.values(users).some((user) => user.email === invitee && isMember(user, organizationId))) {
        invalid();
      }
      const isSame = (other) => other.organizationId === organizationId && other.invitee === invitee;
      if (invitations.all.some((other) => isSame(other) && statusOf(other) === 'Pending')) {
        refuse(422, 'entity.unique_integrity_violation');
      }
      if (body.messagePayload) {
        noConnector();
      }
      invitations.add(invitation);
      return [201, shown(invitation)];
    },
    [`GET ${path}/:id`]: ({ params: { id } }) => [200, shown(invitations.get(id))],
    [`PUT ${path}/:id/status`]: ({ params: { id }, body: { status, acceptedUserId }, happened }) => {
      const invitation = invitations.get(id);
      if (statusOf(invitation) !== 'Pending') {
        invalid();
      }
      if (!Object.hasOwn(changes, status) || (status === 'Accepted' && typeof acceptedUserId !== 'string')) {
        refuse(400, 'guard.invalid_input');
      }
      changes[status](invitation, acceptedUserId, happened);
      invitation.status = status;
      return [200, shown(invitation)];
    },
    [`POST ${path}/:id/message`]: ({ params: { id } }) => {
      invitations.get(id);
      return noConnector();
    },
    [`DELETE ${path}/:id`]: ({ params: { id } }) => (invitations.delete(id) ? [204] : refuse(404, 'entity.not_found')),
  };
}
