// Organizations, members and roles by the Management API, and their effect on tokens.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { assertRefused, managementClient } from './management/testing.mjs';
import { provider } from './testing.mjs';

const cleo = 'cleo0demousr';

describe('organizations', () => {
  const client = provider();
  const call = managementClient(client);
  const create = async (body = { name: 'Initech' }) => (await call('POST', '/organizations', body)).body;
  const members = async (id) => (await call('GET', `/organizations/${id}/users`)).body.map((user) => user.username);

  test('are created without members, listed and shown, and a reset removes them', async () => {
    const body = { name: 'Initech', description: 'Software', customData: { plan: 'free' }, isMfaRequired: true };
    const created = await create(body);
    assert.deepEqual((await call('GET', `/organizations/${created.id}`)).body, created);
    for (const [name, value] of Object.entries(body)) {
      assert.deepEqual(created[name], value, name);
    }
    assert.deepEqual(await members(created.id), []);
    const list = await call('GET', '/organizations');
    assert.deepEqual([list.headers.get('total-number'), list.body.at(-1).id], ['3', created.id]);
    await client.control('reset', {});
    assertRefused(await call('GET', `/organizations/${created.id}`), 404, 'entity.not_found');
    assert.equal((await call('GET', '/organizations')).body.length, 2);
  });

  test('are deleted with their memberships and invitations', async () => {
    const invitation = { organizationId: 'acme', invitee: 'cleo@example.com', expiresAt: Date.now() + 60_000 };
    const { id } = (await call('POST', '/organization-invitations', invitation)).body;
    assert.equal((await call('DELETE', '/organizations/acme')).status, 204);
    assertRefused(await call('GET', '/organizations/acme'), 404, 'entity.not_found');
    assertRefused(await call('GET', `/organization-invitations/${id}`), 404, 'entity.not_found');
    assert.deepEqual((await call('GET', '/users/bob0demouser/organizations')).body, []);
    assertRefused(await call('DELETE', '/organizations/acme'), 404, 'entity.not_found');
    await client.control('reset', {});
    assert.equal((await call('GET', '/organizations/acme')).status, 200);
  });

  test('have the roles of the template', async () => {
    const { headers, body } = await call('GET', '/organization-roles');
    assert.equal(headers.get('total-number'), '2');
    assert.deepEqual(
      body.map(({ id, name }) => [id, name]),
      [
        ['role_admin', 'admin'],
        ['role_member', 'member'],
      ],
    );
  });

  test('need a name', async () => {
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(129) }, { name: 7 }]) {
      assertRefused(await call('POST', '/organizations', body), 400, 'guard.invalid_input');
    }
  });

  test('a new member has the organization in refreshed tokens and userinfo at once', async () => {
    const { id } = await create();
    const { tokens } = await client.signIn('cleo');
    const organizationToken = () => client.refresh(tokens.refresh_token, { organization_id: id });
    assert.equal((await organizationToken()).status, 403);
    assert.equal((await call('POST', `/organizations/${id}/users`, { userIds: [cleo] })).body, 'Created');
    assert.deepEqual(await members(id), ['cleo']);
    assert.equal((await organizationToken()).body.scope, '');

    const roles = { organizationRoleNames: ['admin'] };
    const assigned = await call('POST', `/organizations/${id}/users/${cleo}/roles`, roles);
    assert.deepEqual([assigned.status, assigned.body], [201, { organizationRoleIds: ['role_admin'] }]);
    assert.equal((await organizationToken()).body.scope, 'read:members write:members');
    const { body } = await client.refresh(tokens.refresh_token);
    const claims = decodeJwt(body.id_token);
    assert.deepEqual([claims.organizations, claims.organization_roles], [[id], [`${id}:admin`]]);
    const info = (await client.userInfo(body.access_token)).body;
    assert.deepEqual(info.organization_data, [{ id, name: 'Initech', description: null }]);

    assert.equal((await call('DELETE', `/organizations/${id}/users/${cleo}`)).status, 204);
    assert.equal((await organizationToken()).status, 403);
    assert.deepEqual(decodeJwt((await client.refresh(tokens.refresh_token)).body.id_token).organizations, []);
  });

  test('roles can be given by id and taken away', async () => {
    const path = '/organizations/acme/users/bob0demouser';
    const rolesOf = async () => (await call('GET', '/users/bob0demouser/organizations')).body[0].organizationRoles;
    await call('POST', `${path}/roles`, { organizationRoleIds: ['role_admin'] });
    assert.deepEqual(await rolesOf(), [
      { id: 'role_member', name: 'member' },
      { id: 'role_admin', name: 'admin' },
    ]);
    assert.equal((await call('DELETE', `${path}/roles/role_member`)).status, 204);
    const scopes = (await call('GET', `${path}/scopes`)).body.map(({ name }) => name);
    assert.deepEqual(await rolesOf(), [{ id: 'role_admin', name: 'admin' }]);
    assert.deepEqual(scopes, ['read:members', 'write:members']);
    assertRefused(await call('DELETE', `${path}/roles/role_member`), 404, 'entity.not_found');
  });

  test('unknown users, organizations and roles are refused', async () => {
    const noRelation = [422, 'entity.relation_foreign_key_not_found'];
    const notFound = [404, 'entity.not_found'];
    for (const [method, path, body, [status, code]] of [
      ['GET', '/organizations/unknown/users', undefined, notFound],
      ['POST', '/organizations/unknown/users', { userIds: [cleo] }, notFound],
      ['POST', '/organizations/acme/users', { userIds: ['unknown'] }, noRelation],
      ['POST', '/organizations/acme/users', { userIds: [] }, [400, 'guard.invalid_input']],
      ['POST', '/organizations/acme/users', { userIds: cleo }, [400, 'guard.invalid_input']],
      ['DELETE', `/organizations/acme/users/${cleo}`, undefined, notFound],
      ['POST', `/organizations/acme/users/${cleo}/roles`, { organizationRoleNames: ['admin'] }, noRelation],
      ['POST', '/organizations/acme/users/bob0demouser/roles', { organizationRoleNames: ['boss'] }, noRelation],
      ['POST', '/organizations/acme/users/bob0demouser/roles', { organizationRoleIds: ['admin'] }, noRelation],
    ]) {
      assertRefused(await call(method, path, body), status, code);
    }
  });
});
