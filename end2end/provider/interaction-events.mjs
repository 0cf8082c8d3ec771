// The events of sign-in and registration, for webhooks.

import { application } from './demo.mjs';
import { findUser } from './directory.mjs';
import { userView } from './management/users.mjs';

/** Reports that a user has signed in, or has registered. */
export function reportInteraction(context, { jti: sessionId }, req, { user: { id }, isNew }) {
  const { webhooks } = context;
  const user = userView(context)(...findUser(id));
  const userAgent = req.headers['user-agent'];
  const ip = req.socket.remoteAddress;
  const interaction = { interactionEvent: isNew ? 'Register' : 'SignIn', sessionId, userAgent };
  const { appId, name } = application;
  webhooks.report(isNew ? 'PostRegister' : 'PostSignIn', {
    ...interaction,
    userIp: ip,
    userId: id,
    user,
    application: { id: appId, type: 'Traditional', name, description: null },
  });
  if (isNew) {
    webhooks.report('User.Created', { ...interaction, ip, data: user });
  }
}
