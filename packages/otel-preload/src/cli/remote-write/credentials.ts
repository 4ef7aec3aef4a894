// User name and password as basic auth can carry them. Any further character is taken unchanged.

import { fault, PASSWORD, textFaults, USERNAME, type Fault } from './fault';

/** The placeholders of docs/guide.md. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(['your-username', 'your-api-key', 'your-password']);

export function credentialFaults(username: string | undefined, password: string | undefined): Fault[] {
  const colon = username?.includes(':') === true;
  return [
    ...faultsOf(USERNAME, username),
    ...faultsOf(PASSWORD, password),
    ...(colon ? [fault(`${USERNAME} holds a colon, which basic auth cannot carry`, 'give the user another name')] : []),
  ];
}

function faultsOf(name: string, text: string | undefined): Fault[] {
  if (text === undefined) return [];
  if (PLACEHOLDERS.has(text)) return [fault(`${name} is still a placeholder`, 'set it to your own')];
  return textFaults(name, text);
}
