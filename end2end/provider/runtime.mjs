// oidc-provider 9 requires Node 22. On Node 20 only this function is missing.

URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null);
