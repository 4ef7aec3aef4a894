// PROMETHEUS_REMOTE_WRITE_* as the collector reads them: a missing address ends it with a line, and passwords arrive as they are.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CREDENTIALS } from '../support/remote-write-receiver';
import { startCollector } from './support/collector';
import { pushOnce } from './support/pusher';
import { until } from '../support/until';

/** What the collector would expand in a variable, `$$` and `${…}`, is in none; a file may hold anything. */
const IN_A_VARIABLE = ["p\"'s #w'", '0123', 'yes', 'a: b', '{x}', '- a', '%41 & ; |', 'a$b', 'ünï 漢', '!x *y', '`id`'];

describe('The collector', function () {
  this.timeout(300_000);
  let server: http.Server;
  let seen: string[];
  let folder: string;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'settings-'));
    server = http.createServer(({ headers }, response) => {
      seen.push(headers.authorization ?? '');
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => (seen = []));
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    fs.rmSync(folder, { recursive: true });
  });

  /** The user name and the password that a receiver is shown. */
  async function shown(variables: Readonly<Record<string, string>>): Promise<string> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write`;
    const collector = await startCollector({ env: { PROMETHEUS_REMOTE_WRITE_URL: url, PROMETHEUS_REMOTE_WRITE_USERNAME: '0123456', ...variables } });
    try {
      await pushOnce(collector.url, 'pushed_total', { at: Date.now(), value: 1 });
      await until(
        () => seen.length > 0,
        () => `nothing arrives\n${collector.log()}`,
      );
      const [scheme, text] = seen[0]!.split(' ');
      assert.equal(scheme, 'Basic');
      return Buffer.from(text!, 'base64').toString();
    } finally {
      await collector.stop();
    }
  }

  it('shows the receiver the password of a file, whatever is in it', async () => {
    const file = path.join(folder, 'password');
    fs.writeFileSync(file, `${CREDENTIALS.password}\n`, { mode: 0o600 });
    assert.equal(await shown({ PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: file }), `0123456:${CREDENTIALS.password}`);
  });

  it('shows the receiver the password of a variable, but for what it expands', async () => {
    for (const password of IN_A_VARIABLE) {
      seen = [];
      assert.equal(await shown({ PROMETHEUS_REMOTE_WRITE_PASSWORD: password }), `0123456:${password}`);
    }
  });

  it('ends with a line that names what is missing: the address, or the file', async () => {
    await assert.rejects(
      startCollector({ env: {} }),
      /unset environment variable[^]*PROMETHEUS_REMOTE_WRITE_URL[^]*"prometheus_remote_write" exporter[^\n]*: invalid endpoint\n$/,
    );
    const url = 'http://127.0.0.1:1/api/v1/write';
    const none = { PROMETHEUS_REMOTE_WRITE_URL: url, PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: path.join(folder, 'none') };
    await assert.rejects(startCollector({ env: none }), /the collector ended\n[^]*none: no such file/);
  });
});
