// Seals sessions of this app with the SDK's own function.
export { wrapSession } from '@logto/node';
