// PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: the password in a file, as Docker and Kubernetes hand secrets to a container.

import fs from 'node:fs';
import { fault, PASSWORD, PASSWORD_FILE_NAME as FILE, type Fault } from './fault';

/** The password: the content of the file, if a file is named, without blanks around, as Prometheus and the collector read the file. A fault if the file cannot be read. */
export function readPassword(environment: Readonly<Record<string, string | undefined>>): string | undefined | Fault {
  const file = environment[FILE];
  if (!file) return environment[PASSWORD] || undefined;
  try {
    const password = fs.readFileSync(file, 'utf8').trim();
    return password === '' ? fault(`${FILE} names an empty file`, 'write the password into it') : password;
  } catch (thrown) {
    return fault(`${FILE} cannot be read (${(thrown as NodeJS.ErrnoException).code})`, 'name a file that this user may read');
  }
}
