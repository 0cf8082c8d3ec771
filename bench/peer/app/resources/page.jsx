// A token by an action in the browser: the page with a client component.

import { Code, snippets } from '../code';
import { Demo, Frame } from '../frame';
import { TokenByAction } from './token-by-action';

export default function Resources() {
  return (
    <Frame
      path="/resources"
      heading="API resources"
      about="An API of yours is a resource in Logto. The server gets an access token for it, from the session while it is valid and with the refresh token after that."
    >
      <Demo heading="https://products.example.com/api" code={<Code {...snippets.setUp} />}>
        <TokenByAction />
      </Demo>
    </Frame>
  );
}
