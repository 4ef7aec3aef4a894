// NOT Mimir: a program of that name which takes Mimir's flags and shows its addresses, so that the driver of `npm run test:scale` can itself be
// tested where there is no Mimir. Behind it are real Prometheuses: one for all nodes (as if replicated), or one each (as if not).
// Usage: STAND_IN_STORES=http://…,http://…,http://… mimir -server.http-listen-port=N -ingester.ring.instance-id=mimir-N

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const flag = (name: string): string => process.argv.find((argument) => argument.startsWith(`-${name}=`))?.split('=')[1] ?? '';
const PATHS: Readonly<Record<string, string>> = { '/api/v1/push': '/api/v1/write', '/prometheus/api/v1/query': '/api/v1/query' };

function serve(): void {
  const number = Number(/\d+$/.exec(flag('ingester.ring.instance-id'))?.[0]);
  const stores = (process.env.STAND_IN_STORES ?? '').split(',');
  // Whoever was started is in everybody's ring.
  const folder = path.dirname(flag('ruler-storage.filesystem.dir'));
  fs.writeFileSync(path.join(folder, `active-${number}`), '');
  const shards = () => fs.readdirSync(folder).map(() => ({ state: 'ACTIVE' }));
  http
    .createServer((request, response) => {
      const { url = '' } = request;
      if (url === '/ready') return response.end('ready');
      if (url === '/ingester/ring') return response.end(JSON.stringify({ shards: shards() }));
      const proxied = http.request(`${stores[number - 1]}${PATHS[url]}`, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      proxied.on('error', () => response.destroy());
      return request.pipe(proxied);
    })
    .listen(Number(flag('server.http-listen-port')), '127.0.0.1');
}

if (process.argv.includes('--version')) console.log('a stand-in');
else serve();
