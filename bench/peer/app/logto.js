// The configuration from the documentation of @logto/next.

import { UserScope } from '@logto/next';

export const resource = 'https://products.example.com/api';

export const config = {
  endpoint: process.env.LOGTO_ENDPOINT,
  appId: process.env.LOGTO_APP_ID,
  appSecret: process.env.LOGTO_APP_SECRET,
  baseUrl: process.env.LOGTO_BASE_URL,
  cookieSecret: process.env.LOGTO_COOKIE_SECRET,
  cookieSecure: false,
  scopes: [UserScope.Email, UserScope.Phone, UserScope.Organizations, 'read:products', 'write:products'],
  resources: [resource],
};
