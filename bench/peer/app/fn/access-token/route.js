// An access token as a route handler gets it: it may save a refreshed token to the cookie.

import { accessToken } from '../../actions';

export async function POST() {
  return Response.json(await accessToken());
}
