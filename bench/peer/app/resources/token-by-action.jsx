'use client';

import { useActionState } from 'react';
import { accessToken } from '../actions';

export function TokenByAction() {
  const [token, action, pending] = useActionState(accessToken, null);
  return (
    <>
      <form action={action}>
        <button className="button">Get access token</button>
      </form>
      <div className="outcome" aria-live="polite" aria-busy={pending}>
        {pending && <p className="skeleton">Loading</p>}
        {!pending && !token && <p className="empty">Not asked for yet.</p>}
        {!pending && token && (
          <article className="token">
            <dl>
              <dt>Audience</dt>
              <dd>
                <code>{token.audience}</code>
              </dd>
              <dt>Scopes</dt>
              <dd>
                <ul className="chips">
                  {token.scopes.map((scope) => (
                    <li key={scope}>{scope}</li>
                  ))}
                </ul>
              </dd>
              <dt>Lifetime</dt>
              <dd>
                <time>{new Date(token.expires * 1000).toISOString()}</time>
              </dd>
            </dl>
          </article>
        )}
      </div>
    </>
  );
}
