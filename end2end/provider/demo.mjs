// The data of the local provider: one application with which users sign in, one for the Management
// API, two API resources, the organization template and three users, with the passwords to sign in.
// The passwords are public on purpose: the provider listens on loopback only.

/** The "Traditional web" application, as the Logto console shows it. */
export const application = {
  appId: 'quick-start',
  appSecret: 'quick-start-secret',
  name: 'Logto quick start for Leptos',
};

/** The "Machine-to-machine" application, with the role "Logto Management API access". */
export const managementApp = {
  id: 'management',
  secret: 'management-secret',
  name: 'Management API',
};

/** API resources by indicator, with all their permissions. */
export const resources = {
  'https://products.example.com/api': ['read:products', 'write:products'],
  'https://orders.example.com/api': ['read:orders'],
};

/** Roles of users: permissions per API resource. */
export const roles = {
  manager: {
    'https://products.example.com/api': ['read:products', 'write:products'],
    'https://orders.example.com/api': ['read:orders'],
  },
  reader: {
    'https://products.example.com/api': ['read:products'],
  },
};

/**
 * The organization template: a member's permissions in an organization, and on API resources in it.
 */
export const organizationRoles = {
  admin: {
    permissions: ['read:members', 'write:members'],
    resources: {
      'https://products.example.com/api': ['read:products', 'write:products'],
      'https://orders.example.com/api': ['read:orders'],
    },
  },
  member: {
    permissions: ['read:members'],
    resources: {
      'https://products.example.com/api': ['read:products'],
    },
  },
};

/** Organizations by id. */
export const organizations = {
  acme: { name: 'Acme Inc.', description: 'Makes everything.' },
  globex: { name: 'Globex Corporation', description: null },
};

const day = 24 * 60 * 60 * 1000;
const createdAt = Date.UTC(2024, 0, 15, 9, 30);

/**
 * Users by username. `organizations` maps an organization's id to the user's roles in it. As at a
 * Logto server, `name`, `picture`, `username`, `email` and `phone_number` are null if they are
 * unknown, and unknown `profile` claims are absent. A user with a second factor proves it with a
 * code when the application demands it, and not at an ordinary sign-in.
 */
export const users = {
  ada: {
    id: 'ada0demouser',
    password: 'ada-demo',
    secondFactor: true,
    name: 'Ada Lovelace',
    picture: '/pictures/ada.svg',
    email: 'ada@example.com',
    phone: '15550100',
    profile: {
      given_name: 'Ada',
      middle_name: 'King',
      family_name: 'Lovelace',
      nickname: 'The Enchantress of Numbers',
      preferred_username: 'ada',
      profile: 'https://example.com/people/ada',
      website: 'https://example.com/ada',
      gender: 'female',
      birthdate: '1815-12-10',
      zoneinfo: 'Europe/London',
      locale: 'en-GB',
      address: { formatted: '12 St James’s Square, London', locality: 'London', country: 'United Kingdom' },
    },
    customData: { theme: 'dark', plan: { name: 'pro', seats: 5 } },
    identities: { github: { userId: '1815', details: { id: '1815', name: 'Ada Lovelace', email: 'ada@example.com' } } },
    ssoIdentities: [{ issuer: 'https://sso.example.com', identityId: 'ada', detail: { name: 'Ada Lovelace' } }],
    roles: ['manager'],
    organizations: { acme: ['admin'], globex: ['member'] },
    createdAt,
    updatedAt: createdAt + 100 * day,
  },
  bob: {
    id: 'bob0demouser',
    password: 'bob-demo',
    secondFactor: false,
    name: 'Bob Reader',
    picture: null,
    email: 'bob@example.com',
    phone: null,
    profile: { given_name: 'Bob', locale: 'en-US' },
    customData: {},
    identities: {},
    ssoIdentities: [],
    roles: ['reader'],
    organizations: { acme: ['member'] },
    createdAt: createdAt + day,
    updatedAt: createdAt + 2 * day,
  },
  cleo: {
    id: 'cleo0demousr',
    password: 'cleo-demo',
    secondFactor: false,
    name: null,
    picture: null,
    email: null,
    phone: null,
    profile: {},
    customData: {},
    identities: {},
    ssoIdentities: [],
    roles: [],
    organizations: {},
    createdAt: createdAt + 2 * day,
    updatedAt: createdAt + 2 * day,
  },
};
