import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { assertRefused, managementClient } from './management/testing.mjs';
import { provider } from './testing.mjs';

const ada = 'ada0demouser';
const bob = 'bob0demouser';

describe('invitations', () => {
  const client = provider();
  const call = managementClient(client);
  let invitation;
  beforeEach(() => {
    invitation = { organizationId: 'globex', invitee: 'bob@example.com', expiresAt: Date.now() + 60_000 };
  });
  const path = '/organization-invitations';
  const invite = (more = {}) => call('POST', path, { messagePayload: false, ...invitation, ...more });
  const change = (id, status, acceptedUserId) => call('PUT', `${path}/${id}/status`, { status, acceptedUserId });

  test('an accepted invitation makes the invitee a member with its roles', async () => {
    const { status, body } = await invite({ inviterId: ada, organizationRoleIds: ['role_member'] });
    assert.equal(status, 201);
    assert.deepEqual(body.organizationRoles, [{ id: 'role_member', name: 'member' }]);
    assert.deepEqual([body.status, body.inviterId, body.acceptedUserId], ['Pending', ada, null]);
    assert.deepEqual((await call('GET', `${path}/${body.id}`)).body, body);
    assertRefused(await change(body.id, 'Accepted', ada), 422, 'request.invalid_input');
    const accepted = await change(body.id, 'Accepted', bob);
    assert.deepEqual([accepted.status, accepted.body.status, accepted.body.acceptedUserId], [200, 'Accepted', bob]);
    assertRefused(await change(body.id, 'Accepted', bob), 422, 'request.invalid_input');
    const { tokens } = await client.signIn('bob');
    const globex = await client.refresh(tokens.refresh_token, { organization_id: 'globex' });
    assert.equal(globex.body.scope, 'read:members');
  });

  test('the address of the invitee is compared without case', async () => {
    const { id, invitee } = (await invite({ invitee: 'Bob@Example.com' })).body;
    assert.equal(invitee, 'Bob@Example.com');
    assert.equal((await change(id, 'Accepted', bob)).body.status, 'Accepted');
  });

  test('a revoked or expired invitation cannot be accepted', async () => {
    const revoked = (await invite()).body.id;
    assert.equal((await change(revoked, 'Revoked')).body.status, 'Revoked');
    const expired = (await invite()).body.id;
    await client.advance(61);
    assert.equal((await call('GET', `${path}/${expired}`)).body.status, 'Expired');
    for (const id of [revoked, expired]) {
      assertRefused(await change(id, 'Accepted', bob), 422, 'request.invalid_input');
    }
  });

  test('are listed by organization and can be deleted', async () => {
    const [first, second] = [(await invite()).body, (await invite({ invitee: 'dora@example.com' })).body];
    await invite({ organizationId: 'acme', invitee: 'dora@example.com' });
    const list = async (query) => (await call('GET', path + query)).body.map(({ id }) => id);
    assert.deepEqual(await list('?organizationId=globex'), [first.id, second.id]);
    assert.equal((await list('?invitee=dora@example.com')).length, 2);
    assert.equal((await list('')).length, 3);
    assert.equal((await call('DELETE', `${path}/${first.id}`)).status, 204);
    assertRefused(await call('DELETE', `${path}/${first.id}`), 404, 'entity.not_found');
    assert.deepEqual(await list('?organizationId=globex'), [second.id]);
    await client.control('reset', {});
    assert.deepEqual(await list(''), []);
  });

  test('refuses as Logto does', async () => {
    await invite();
    assertRefused(await invite(), 422, 'entity.unique_integrity_violation');
    assertRefused(await invite({ invitee: 'ada@example.com' }), 422, 'request.invalid_input');
    assertRefused(await invite({ invitee: 'd@example.com', expiresAt: 1 }), 400, 'request.invalid_input');
    const other = { invitee: 'd@example.com' };
    const noRelation = 'entity.relation_foreign_key_not_found';
    assertRefused(await invite({ ...other, organizationId: 'unknown' }), 422, noRelation);
    assertRefused(await invite({ ...other, organizationRoleIds: ['role_boss'] }), 422, noRelation);
    for (const invitee of [7, '', 'nonsense', 'd@', '@example.com', 'd@example', 'd@example..com', 'd e@example.com']) {
      assertRefused(await invite({ invitee }), 400, 'guard.invalid_input');
    }
    assertRefused(await invite({ ...other, expiresAt: 'tomorrow' }), 400, 'guard.invalid_input');
    assertRefused(await invite({ ...other, messagePayload: { link: 'x' } }), 501, 'connector.not_found');
    const { id } = (await invite(other)).body;
    assertRefused(await call('POST', `${path}/${id}/message`, {}), 501, 'connector.not_found');
    assertRefused(await change(id, 'Accepted'), 400, 'guard.invalid_input');
    assertRefused(await change(id, 'Expired'), 400, 'guard.invalid_input');
    assertRefused(await change('unknown', 'Revoked'), 404, 'entity.not_found');
    assertRefused(await call('GET', `${path}/unknown`), 404, 'entity.not_found');
  });
});
