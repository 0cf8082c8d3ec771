// The card of a token.

export function TokenCard({ token }) {
  return (
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
  );
}
