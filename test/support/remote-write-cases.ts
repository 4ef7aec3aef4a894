// What may be wrong with the three variables of remote write. Whatever reads them (the command, the script in the containers) must say the same.

export interface WrongCase {
  readonly title: string;
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  /** The line that must be said: the variable and the cause. */
  readonly line: RegExp;
}

const url = 'https://prometheus-prod-01.grafana.net/api/prom/push';
const username = '1234567';
const password = 's3cr3t$Value';

/** Sent along in every case that has a password: it must show up nowhere. */
export const SECRET = 's3cr3t';

export const wrongCases: readonly WrongCase[] = [
  { title: 'the address alone, of a public receiver', url, line: /_USERNAME and \S+_PASSWORD are not set, and \S+_URL is a public address/ },
  { title: 'no address', username, password, line: /_URL is not set, although \S+_USERNAME is/ },
  { title: 'no user name', url, password, line: /_USERNAME is not set, although \S+_PASSWORD is/ },
  { title: 'no password', url, username, line: /_PASSWORD is not set, although \S+_USERNAME is/ },
  { title: 'another scheme', url: 'ftp://s3cr3t/x', username, password, line: /_URL is not an http or https address/ },
  { title: 'no scheme', url: 's3cr3t.grafana.net/api/prom/push', username, password, line: /_URL is not an http or https address/ },
  { title: 'a space in the address', url: 'https://s3cr3t net/api', username, password, line: /_URL is not an http or https address/ },
  { title: 'a password in the wrong variable', url: password, username, password: url, line: /_URL is not an http or https address/ },
  { title: 'an address in quotes', url: `"${url}"`, username, password, line: /_URL stands in quotes/ },
  { title: 'an address with a line break', url: `${url}\n`, username, password, line: /_URL holds a line break/ },
  { title: 'credentials in the address', url: 'https://u:s3cr3t@h.grafana.net/push', username, password, line: /_URL holds credentials/ },
  { title: 'no path', url: 'https://prometheus.example.com', username, password, line: /_URL is not the whole address/ },
  { title: 'half a path', url: 'https://x.grafana.net/api/prom', username, password, line: /_URL is not the whole address/ },
  { title: 'http to a public host', url: 'http://prometheus.example.com/api/v1/write', username, password, line: /_URL is http to a public host/ },
  { title: 'http to a public IP address', url: 'http://8.8.8.8/api/v1/write', username, password, line: /_URL is http to a public host/ },
  { title: 'an address that nobody has filled in', url: '${REMOTE_URL}', username, password, line: /_URL is the name of another variable/ },
  { title: "the setup guide's user name", url, username: 'your-username', password, line: /_USERNAME is still a placeholder/ },
  { title: "the setup guide's password", url, username, password: 'your-api-key', line: /_PASSWORD is still a placeholder/ },
  { title: 'a password that nobody has filled in', url, username, password: '${s3cr3t}', line: /_PASSWORD is the name of another variable/ },
  { title: 'a colon in the user name', url, username: 'a:b', password, line: /_USERNAME holds a colon/ },
  { title: 'a line break at the end of the password', url, username, password: `${password}\n`, line: /_PASSWORD holds a line break/ },
  { title: 'a line break inside of the password', url, username, password: `s3cr3t\nx`, line: /_PASSWORD holds a line break/ },
  { title: 'a space at the end of the password', url, username, password: `${password} `, line: /_PASSWORD begins or ends with a space/ },
  { title: 'a password in quotes', url, username, password: `'${password}'`, line: /_PASSWORD stands in quotes/ },
];

/** Receivers on a private network, which http and no credentials are enough for. */
export const privateUrls = [
  'http://prometheus:9090/api/v1/write',
  'http://mimir.railway.internal:8080/api/v1/push',
  'http://mimir.monitoring.svc.cluster.local/api/v1/push',
  'http://tasks.prometheus:9090/api/v1/write',
  'http://10.1.2.3:9090/api/v1/write',
  'http://[fd12::1]:9090/api/v1/write',
  'http://localhost:9090/api/v1/write',
];
