// node provider/server.mjs: runs the local provider until SIGINT or SIGTERM.
//
//   PROVIDER_PORT      the port to listen on (3302); 0 selects a free one
//   PROVIDER_APP_URL   the address of the application (http://127.0.0.1:3000)
//   PROVIDER_WEBHOOK_URL, PROVIDER_WEBHOOK_SIGNING_KEY   the tenant's first webhook
//
// and the variables of settings.mjs, among them PROVIDER_ID_TOKEN_TTL, PROVIDER_ACCESS_TOKEN_TTL
// and PROVIDER_REFRESH_TOKEN_TTL in seconds, PROVIDER_ROTATE=always and
// PROVIDER_BACKCHANNEL_LOGOUT_URI.

import { startProvider } from './provider.mjs';
import { InvalidSetting } from './settings.mjs';

const port = Number(process.env.PROVIDER_PORT || 3302);

try {
  const provider = await startProvider({
    port,
    appUrl: process.env.PROVIDER_APP_URL || undefined,
    environment: process.env,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => provider.close().then(() => process.exit(0)));
  }
  console.log(`provider listening on ${provider.baseUrl} (issuer ${provider.issuer})`);
} catch (error) {
  if (error instanceof InvalidSetting) {
    console.error(error.message);
  } else if (error.code === 'EADDRINUSE') {
    console.error(`port ${port} is in use: stop the program that listens there, or set PROVIDER_PORT`);
  } else {
    throw error;
  }
  process.exitCode = 1;
}
