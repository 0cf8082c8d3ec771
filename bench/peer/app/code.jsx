// Shows code as long as that of the quick start.

export function Code({ file, text }) {
  return (
    <figure className="code">
      <figcaption>{file}</figcaption>
      <pre tabIndex={0} role="region" aria-label={`Code in ${file}`}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}

export const snippets = {
  claims: {
    file: 'app/page.jsx',
    text: `const { isAuthenticated, claims } = await getLogtoContext(config);
return (
  <Frame path="/" heading="Sign in with Logto">
    {isAuthenticated ? <Claims claims={claims} /> : <p>You are signed out.</p>}
  </Frame>
);
`,
  },
  account: {
    file: 'app/frame.jsx',
    text: `async function startSignIn() {
  'use server';
  await signIn(config);
}

async function startSignOut() {
  'use server';
  await signOut(config);
}

<form action={isAuthenticated ? startSignOut : startSignIn}>
  <button className="button">{isAuthenticated ? 'Sign out' : 'Sign in'}</button>
</form>
`,
  },
  setUp: {
    file: 'app/logto.js',
    text: `export const config = {
  endpoint: process.env.LOGTO_ENDPOINT,
  appId: process.env.LOGTO_APP_ID,
  appSecret: process.env.LOGTO_APP_SECRET,
  baseUrl: process.env.LOGTO_BASE_URL,
  cookieSecret: process.env.LOGTO_COOKIE_SECRET,
  cookieSecure: process.env.NODE_ENV === 'production',
  scopes: [UserScope.Email, UserScope.Phone, UserScope.Organizations, 'read:products', 'write:products'],
  resources: [resource],
};

// app/callback/route.js
export async function GET(request) {
  await handleSignIn(config, request.nextUrl.searchParams);
  redirect('/');
}
`,
  },
};
