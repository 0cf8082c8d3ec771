// Verifies access tokens that the provider has issued, as an API that receives them does.

import { errors, jwtVerify } from 'jose';

/** The claims of an unexpired JWT of this provider with `client_id`, or undefined. */
export function accessTokenVerifier({ issuer, publicKey, algorithm }) {
  return async (token, audience) => {
    try {
      const { payload } = await jwtVerify(token, publicKey, {
        algorithms: [algorithm],
        audience,
        // Without it, the token is an ID token.
        requiredClaims: ['client_id'],
        currentDate: new Date(Date.now()),
        issuer,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) {
        return undefined;
      }
      throw error;
    }
  };
}
