import './main.css';

// Every page depends on the session cookie, and the SDK fails at build time, without a secret.
export const dynamic = 'force-dynamic';

export const metadata = {
  title: 'Sign in · Logto quick start for Next.js',
  description: 'The page of the quick start for Leptos, made with Next.js and @logto/next.',
};

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
