// The provider's storage: an `oidc-provider` adapter over one Map, with Logto's reuse window for
// refresh tokens.

/** How long a rotated refresh token still works, in milliseconds. */
export const reuseWindow = 3000;

export class Store {
  #entries = new Map();

  #findApplication;

  /** `findApplication(id)` returns client metadata, or throws for an unknown client. */
  constructor(findApplication) {
    this.#findApplication = findApplication;
  }

  /** The adapter for one model of oidc-provider. */
  adapter(model) {
    const entries = this.#entries;
    const key = (id) => `${model}:${id}`;
    const read = (entry) => {
      if (!entry) {
        return undefined;
      }
      const { payload, consumedAt } = entry;
      // Logto tolerates parallel refreshes: for three seconds a rotated token counts as unused, so
      // that it is rotated once more.
      const forgiven = model === 'RefreshToken' && Date.now() - consumedAt <= reuseWindow;
      return { ...payload, ...(consumedAt !== undefined && !forgiven && { consumed: Math.floor(consumedAt / 1000) }) };
    };

    if (model === 'Client') {
      return { find: async (id) => this.#findApplication(id) };
    }
    return {
      upsert: async (id, payload) => {
        const { consumed: _, ...rest } = payload;
        entries.set(key(id), { ...entries.get(key(id)), payload: rest });
      },
      find: async (id) => read(entries.get(key(id))),
      findByUid: async (uid) =>
        read([...entries].find(([name, { payload }]) => name.startsWith(`${model}:`) && payload.uid === uid)?.[1]),
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const entry = entries.get(key(id));
        if (entry) {
          // The first use starts the window. Later uses do not extend it.
          entry.consumedAt ??= Date.now();
        }
      },
      destroy: async (id) => {
        entries.delete(key(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [name, { payload }] of entries) {
          if (name.startsWith(`${model}:`) && payload.grantId === grantId) {
            entries.delete(name);
          }
        }
      },
    };
  }

  /** The entries of one model. */
  all(model) {
    const entries = [...this.#entries].filter(([name]) => name.startsWith(`${model}:`));
    return entries.map(([, { payload }]) => payload);
  }

  /** Deletes the sessions, grants and tokens of a user. */
  deleteOf(accountId) {
    for (const [name, { payload }] of this.#entries) {
      if (payload.accountId === accountId) {
        this.#entries.delete(name);
      }
    }
  }

  /** Deletes all sessions, grants and tokens, as a restart would. */
  clear() {
    this.#entries.clear();
  }
}
