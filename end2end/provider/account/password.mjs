// The password.

import { refuse } from '../api.mjs';
import { minimumPasswordLength } from '../registration.mjs';
import { hasSecurityMethod, requireVerified } from './access.mjs';
import { isText } from './values.mjs';

export function passwordRoutes({ fields, changed }) {
  return {
    'POST /my-account/password': ({ caller, body: { password }, origin }) => {
      if (!isText(password) || password === '') {
        refuse(400, 'guard.invalid_input');
      }
      if (hasSecurityMethod(caller.user)) {
        requireVerified(caller);
      }
      fields.requireEditable('password');
      if ([...password].length < minimumPasswordLength) {
        refuse(422, 'password.rejected');
      }
      caller.user.password = password;
      changed(caller, origin);
      return [204];
    },
  };
}
