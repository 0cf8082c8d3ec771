// The frame of every page.

import { getLogtoContext, signIn, signOut } from '@logto/next/server-actions';
import { config } from './logto';

const steps = [
  ['/', 'Sign in'],
  ['/resources', 'API resources'],
  ['/streaming', 'Streaming'],
];

async function startSignIn() {
  'use server';
  await signIn(config);
}

async function startSignOut() {
  'use server';
  await signOut(config);
}

export async function Frame({ path, heading, about, children }) {
  const { isAuthenticated, claims } = await getLogtoContext(config);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="site">
        <a className="brand" href="/" aria-label="Logto quick start for Next.js, home">
          <span>
            Logto <span className="wide-only"> quick start for Next.js</span>
          </span>
        </a>
        <div className="account">
          <span className={isAuthenticated ? 'pill active' : 'pill'} title={isAuthenticated ? 'You are signed in.' : 'There is no session.'}>
            <span className="visually-hidden">Session: </span>
            {isAuthenticated ? 'Active' : 'Signed out'}
          </span>
          {isAuthenticated && <span className="user wide-only">{claims.name ?? claims.sub}</span>}
          <form action={isAuthenticated ? startSignOut : startSignIn}>
            <button className="button">{isAuthenticated ? 'Sign out' : 'Sign in'}</button>
          </form>
        </div>
      </header>
      <div className="frame">
        <nav className="steps" aria-label="Steps">
          <ol>
            {steps.map(([to, name]) => (
              <li key={to}>
                <a href={to} aria-current={to === path ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <main id="main" tabIndex={-1}>
          <div className="intro">
            <h1>{heading}</h1>
            <p>{about}</p>
          </div>
          {children}
        </main>
      </div>
    </>
  );
}

/** A live result next to its code. */
export function Demo({ heading, code, children }) {
  const id = heading.toLowerCase().replace(/[^a-z0-9]/g, '-');
  return (
    <section className="demo" aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <div className="pair">
        <div className="live">{children}</div>
        <div className="codes">{code}</div>
      </div>
    </section>
  );
}
