'use client';

import { useActionState } from 'react';
import { accessToken } from '../actions';
import { TokenCard } from '../token-card';

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
        {!pending && token && <TokenCard token={token} />}
      </div>
    </>
  );
}
