// The home page: every claim of the ID token, next to the code.

import { getLogtoContext } from '@logto/next/server-actions';
import { Claims } from './claims';
import { Code, snippets } from './code';
import { Demo, Frame } from './frame';
import { config } from './logto';

export default async function Home() {
  const { isAuthenticated, claims } = await getLogtoContext(config);
  return (
    <Frame
      path="/"
      heading="Sign in with Logto"
      about="This site is a live quick start. It signs you in with Logto, and each page shows one step of the integration at work beside the lines of source that do it. Pages come from the server and work without JavaScript; tokens never reach the browser."
    >
      {isAuthenticated ? (
        <Demo
          heading="Who you are"
          code={
            <>
              <Code {...snippets.claims} />
              <Code {...snippets.account} />
            </>
          }
        >
          <p>You are signed in. Every claim of your ID token, verified when it came:</p>
          <Claims claims={claims} />
        </Demo>
      ) : (
        <p>You are signed out.</p>
      )}
      <Demo heading="Set it up once" code={<Code {...snippets.setUp} />}>
        <p>
          One configuration object, a route that takes people back from Logto, and server actions that send them there and sign them out.
          The session is in an encrypted cookie.
        </p>
      </Demo>
      <p className="next">
        <a href="/resources">Next: API resources</a>
      </p>
    </Frame>
  );
}
