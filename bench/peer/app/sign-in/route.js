// Starts a sign-in, as a form's action does.

import { signIn } from '@logto/next/server-actions';
import { config } from '../logto';

export async function POST() {
  await signIn(config);
}
