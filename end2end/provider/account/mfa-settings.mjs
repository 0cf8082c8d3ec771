// Whether the user skips the second factor, and the settings that Logto's own pages keep.

import { refuse } from '../api.mjs';
import { requireScope, requireVerified } from './access.mjs';

const names = { mfa: ['enabled', 'skipped', 'skipMfaOnSignIn'], passkeySignIn: ['skipped'] };

/** All settings of a user. `mfa.enabled` is missing if it is unknown. */
function configsOf({ logtoConfigs = {} }) {
  return {
    mfa: { skipped: false, skipMfaOnSignIn: false, ...logtoConfigs.mfa },
    passkeySignIn: { skipped: false, ...logtoConfigs.passkeySignIn },
  };
}

export function mfaSettingRoutes({ fields, changed }) {
  const requireChangeable = (caller) => {
    requireVerified(caller);
    requireScope(caller, 'identities');
    fields.requireEditable('mfa');
  };
  const requireReadable = (caller) => {
    requireScope(caller, 'identities');
    fields.requireReadable('mfa');
  };
  const change = ({ caller, origin }, changes) => {
    const before = configsOf(caller.user);
    const merged = Object.keys(names).map((name) => [name, { ...before[name], ...changes[name] }]);
    caller.user.logtoConfigs = Object.fromEntries(merged);
    changed(caller, origin);
    return configsOf(caller.user);
  };
  return {
    'GET /my-account/mfa-settings': ({ caller }) => {
      requireReadable(caller);
      return [200, { skipMfaOnSignIn: configsOf(caller.user).mfa.skipMfaOnSignIn }];
    },
    'PATCH /my-account/mfa-settings': (request) => {
      const { skipMfaOnSignIn } = request.body;
      if (typeof skipMfaOnSignIn !== 'boolean') {
        refuse(400, 'guard.invalid_input');
      }
      requireChangeable(request.caller);
      change(request, { mfa: { skipMfaOnSignIn } });
      return [200, { skipMfaOnSignIn }];
    },
    'GET /my-account/logto-configs': ({ caller }) => {
      requireReadable(caller);
      return [200, configsOf(caller.user)];
    },
    'PATCH /my-account/logto-configs': (request) => {
      const changes = known(request.body);
      requireChangeable(request.caller);
      return [200, change(request, changes)];
    },
  };
}

/** The known settings of a body. Others are ignored. */
function known(body) {
  const values = Object.entries(names).map(([group, settings]) => {
    const given = body[group] ?? {};
    const kept = settings.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
    return [group, Object.fromEntries(kept)];
  });
  const isValid = values.every(([, group]) => Object.values(group).every((value) => typeof value === 'boolean'));
  return isValid ? Object.fromEntries(values) : refuse(400, 'guard.invalid_input');
}
