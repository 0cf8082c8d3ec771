// What seals a session of this app: the SDK's own function.
export { wrapSession } from '@logto/node';
