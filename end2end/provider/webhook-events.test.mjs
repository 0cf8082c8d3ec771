// The events of webhooks: what causes each, and its data.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { managementClient, receiver } from './management/testing.mjs';
import { Browser, provider } from './testing.mjs';

const [ada, bob, cleo] = ['ada0demouser', 'bob0demouser', 'cleo0demousr'];
const suspension = 'User.SuspensionStatus.Updated';
const membership = 'Organization.Membership.Updated';

describe('the events of webhooks', () => {
  const client = provider();
  const call = managementClient(client);
  const target = receiver();
  const listen = async (...events) => {
    const { status, body } = await call('POST', '/hooks', { events, config: { url: target.url } });
    assert.equal(status, 201);
    return body;
  };
  const only = async () => {
    const deliveries = await target.deliveries(1);
    assert.equal(deliveries.length, 1);
    return deliveries[0].body;
  };

  /** The body without the members that differ in each delivery, which have to be there. */
  function withoutCommon({ hookId, createdAt, userAgent, ip, ...rest }, hook) {
    assert.deepEqual([hookId, ip], [hook.id, '127.0.0.1']);
    assert.ok(Date.parse(createdAt) && userAgent, userAgent);
    return rest;
  }

  test('a deleted user, with the former data', async () => {
    const hook = await listen('User.Deleted');
    const { body: data } = await call('GET', `/users/${ada}`);
    assert.equal((await call('DELETE', `/users/${ada}`)).status, 204);
    assert.deepEqual(withoutCommon(await only(), hook), {
      event: 'User.Deleted',
      path: `/users/${ada}`,
      method: 'DELETE',
      status: 204,
      params: { userId: ada },
      matchedRoute: '/users/:userId',
      data,
    });
  });

  test('a suspended user, and one who may sign in again', async () => {
    const hook = await listen(suspension);
    for (const [index, isSuspended] of [true, false].entries()) {
      const { status, body: data } = await call('PATCH', `/users/${ada}/is-suspended`, { isSuspended });
      assert.deepEqual([status, data.id, data.isSuspended], [200, ada, isSuspended]);
      const { body } = (await target.deliveries(index + 1))[index];
      assert.deepEqual(withoutCommon(body, hook), {
        event: suspension,
        path: `/users/${ada}/is-suspended`,
        method: 'PATCH',
        status: 200,
        params: { userId: ada },
        matchedRoute: '/users/:userId/is-suspended',
        data,
      });
    }
  });

  test('the changed data of a user, by another program or by the user', async () => {
    const hook = await listen('User.Data.Updated');
    const { body: data } = await call('PATCH', `/users/${ada}/password`, { password: 'another' });
    const [byProgram] = await target.deliveries(1);
    assert.deepEqual(withoutCommon(byProgram.body, hook), {
      event: 'User.Data.Updated',
      path: `/users/${ada}/password`,
      method: 'PATCH',
      status: 200,
      params: { userId: ada },
      matchedRoute: '/users/:userId/password',
      data,
    });
    const { access_token: token } = (await client.signIn('bob', { resource: undefined })).tokens;
    await fetch(`${client.baseUrl}/api/my-account`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Robert' }),
    });
    const [, byUser] = await target.deliveries(2);
    const { data: changed, ...rest } = withoutCommon(byUser.body, hook);
    assert.deepEqual([rest, changed.id, changed.name], [{ event: 'User.Data.Updated' }, bob, 'Robert']);
  });

  test('members who join and leave an organization', async () => {
    const hook = await listen(membership);
    const changes = [
      ['POST', '/organizations/acme/users', { userIds: [ada, cleo, cleo] }, 201, { addedUserIds: [cleo] }],
      // Nothing has changed: Logto reports it without lists.
      ['POST', '/organizations/acme/users', { userIds: [ada] }, 201, {}],
      ['DELETE', `/organizations/acme/users/${cleo}`, undefined, 204, { removedUserIds: [cleo] }],
    ];
    for (const [index, [method, path, body, status, lists]] of changes.entries()) {
      assert.equal((await call(method, path, body)).status, status);
      const received = withoutCommon((await target.deliveries(index + 1))[index].body, hook);
      const params = { id: 'acme', ...(method === 'DELETE' && { userId: cleo }) };
      const matchedRoute = `/organizations/:id/users${method === 'DELETE' ? '/:userId' : ''}`;
      const expected = { event: membership, path, method, status, params, matchedRoute, organizationId: 'acme' };
      assert.deepEqual(received, { ...expected, ...lists });
    }
  });

  test('a member by invitation', async () => {
    const hook = await listen(membership);
    const invitation = { organizationId: 'globex', invitee: 'bob@example.com', expiresAt: Date.now() + 60_000 };
    const { id } = (await call('POST', '/organization-invitations', invitation)).body;
    const path = `/organization-invitations/${id}/status`;
    assert.equal((await call('PUT', path, { status: 'Accepted', acceptedUserId: bob })).status, 200);
    const { organizationId, addedUserIds, matchedRoute } = withoutCommon(await only(), hook);
    assert.deepEqual([organizationId, addedUserIds], ['globex', [bob]]);
    assert.equal(matchedRoute, '/organization-invitations/:id/status');
  });

  test('a sign-in, with the user and the application', async () => {
    await listen('PostSignIn', 'PostRegister', 'User.Created');
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    await target.deliveries(1);
    // No interaction: the session of the provider signs the user in.
    assert.ok((await browser.open(client.authorization({ prompt: 'none' }).url)).left.searchParams.get('code'));
    const { body: user } = await call('GET', `/users/${ada}`);
    await client.signIn('bob');
    const [first, second] = (await target.deliveries(2)).map(({ body }) => body);
    const { hookId: _, createdAt: __, userAgent, sessionId, ...rest } = first;
    assert.ok(userAgent && sessionId);
    assert.deepEqual(rest, {
      event: 'PostSignIn',
      interactionEvent: 'SignIn',
      userIp: '127.0.0.1',
      userId: ada,
      user,
      application: { id: 'quick-start', type: 'Traditional', name: 'Logto quick start for Leptos', description: null },
    });
    assert.deepEqual([second.event, second.userId], ['PostSignIn', bob]);
    assert.notEqual(second.sessionId, sessionId);
  });

  test('a refused sign-in is no event', async () => {
    await listen('PostSignIn');
    const browser = new Browser();
    const form = await browser.open(client.authorization().url);
    const refused = await browser.submit(form, { username: 'ada', password: 'wrong', action: 'sign-in' });
    await browser.submit(refused, { username: 'bob', password: 'bob-demo', action: 'sign-in' });
    assert.equal((await only()).userId, bob);
  });

  test('a registration creates a user, and is no sign-in', async () => {
    await listen('PostSignIn', 'PostRegister', 'User.Created');
    const browser = new Browser();
    const form = await browser.open(client.authorization({ first_screen: 'register' }).url);
    const dora = { email: 'dora@example.com', name: 'Dora', password: 'long-enough', action: 'register' };
    assert.ok((await browser.submit(form, dora)).left);
    const bodies = (await target.deliveries(2)).map(({ body }) => body);
    const [created, registered] = bodies.sort((one, other) => (one.event < other.event ? 1 : -1));
    assert.deepEqual([created.event, registered.event], ['User.Created', 'PostRegister']);
    assert.deepEqual([registered.interactionEvent, registered.user.primaryEmail], ['Register', dora.email]);
    assert.deepEqual(created.data, registered.user);
    assert.deepEqual([created.ip, created.sessionId], [registered.userIp, registered.sessionId]);
    assert.equal(registered.userId, created.data.id);
  });

  test('a magic link of a new address registers a user, who joins the organizations of the token', async () => {
    await listen('PostSignIn', 'PostRegister', membership);
    const email = 'dora@example.com';
    const { token } = (await call('POST', '/one-time-tokens', { email, context: { jitOrganizationIds: ['acme'] } })).body;
    const link = { one_time_token: token, login_hint: email };
    assert.ok((await new Browser().open(client.authorization(link).url)).left);
    const bodies = (await target.deliveries(2)).map(({ body }) => body);
    const joined = bodies.find(({ event }) => event === membership);
    const { userId } = bodies.find(({ event }) => event === 'PostRegister');
    assert.deepEqual([joined.organizationId, joined.addedUserIds], ['acme', [userId]]);
  });

  test('an organization that is created and deleted', async () => {
    await listen('Organization.Created', 'Organization.Deleted');
    const { body: organization } = await call('POST', '/organizations', { name: 'Initech' });
    const [created] = await target.deliveries(1);
    assert.deepEqual([created.body.event, created.body.data], ['Organization.Created', organization]);
    await call('DELETE', `/organizations/${organization.id}`);
    const [, deleted] = await target.deliveries(2);
    assert.deepEqual([deleted.body.event, deleted.body.params], ['Organization.Deleted', { id: organization.id }]);
    assert.equal(deleted.body.data, undefined);
  });

  test('sign-ins that a limit of grants has ended', async () => {
    await listen('Grant.LimitExceeded');
    await client.control('settings', { max_allowed_grants: 1 });
    await client.signIn('ada');
    await client.signIn('ada');
    const { userId, applicationId, revokedGrantIds, maxAllowedGrants, preRevocationActiveGrantCount } = await only();
    assert.deepEqual([userId, applicationId, revokedGrantIds.length], [ada, 'quick-start', 1]);
    assert.deepEqual([maxAllowedGrants, preRevocationActiveGrantCount], [1, 2]);
  });

  test('failed calls, assigned roles and reads are no events', async () => {
    await listen('User.Deleted', suspension, 'User.Data.Updated', membership);
    await call('DELETE', '/users/unknown');
    await call('PATCH', '/users/unknown/is-suspended', { isSuspended: true });
    await call('PATCH', `/users/${ada}/is-suspended`, { isSuspended: 'yes' });
    await call('POST', '/organizations/unknown/users', { userIds: [ada] });
    await call('DELETE', `/organizations/globex/users/${cleo}`);
    await call('POST', `/organizations/acme/users/${bob}/roles`, { organizationRoleNames: ['admin'] });
    await call('GET', `/users/${ada}`);
    await call('DELETE', `/users/${bob}`);
    assert.equal((await only()).params.userId, bob);
  });
});
