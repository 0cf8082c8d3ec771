/** The parts of a token that the page may show, without the token itself. */
export function claimsOf(token) {
  const { aud, scope, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  return { audience: aud, scopes: scope.split(' '), expires: exp };
}
