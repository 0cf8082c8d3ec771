// A page that streams: its first part is sent before its token is requested.

import { getAccessTokenRSC } from '@logto/next/server-actions';
import { Suspense } from 'react';
import { Code, snippets } from '../code';
import { Demo, Frame } from '../frame';
import { config, resource } from '../logto';
import { claimsOf } from '../token';
import { TokenCard } from '../token-card';

export default function Streaming() {
  return (
    <Frame
      path="/streaming"
      heading="Streaming"
      about="The first part of this page is sent before its token is requested. The token follows in the same response."
    >
      <Demo heading={resource} code={<Code {...snippets.setUp} />}>
        <Suspense fallback={<p className="skeleton">Loading</p>}>
          <LateToken />
        </Suspense>
      </Demo>
    </Frame>
  );
}

async function LateToken() {
  return <TokenCard token={claimsOf(await getAccessTokenRSC(config, resource))} />;
}
