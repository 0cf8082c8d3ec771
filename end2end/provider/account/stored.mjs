// Sessions and grants in the provider's storage.

/** The entries of a model that have not expired. */
export const unexpired = (store, model) => store.all(model).filter(({ exp }) => exp > Date.now() / 1000);

/** Ends a grant and all its tokens. */
export async function revokeGrant(store, grantId) {
  for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) {
    await store.adapter(model).revokeByGrantId(grantId);
  }
  await store.adapter('Grant').destroy(grantId);
}
