// oidc-provider 9 is made for Node 22. What Node 20 lacks of it is this one function.

URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null);
