import type { Mutant } from '../mutant';

export const websockets: readonly Mutant[] = [
  {
    name: 'ws-closed-still-active',
    breaks: 'A connection of which the app has removed our listener stays active for ever.',
    file: 'packages/otel-preload/src/hooks/ws/index.ts',
    find: 'const CLOSED = 3;',
    replace: 'const CLOSED = 4;',
    fails: [['test/truth/websocket.test.ts', 'to ws 8 (listeners) are counted']],
  },
  {
    name: 'ws-no-server-missed',
    breaks: 'Connections to a server without an HTTP server of its own are not counted.',
    file: 'packages/otel-preload/src/hooks/ws/index.ts',
    find: `guarded('counting WebSocket connections', () => accepted(connection));`,
    replace: `const { noServer } = (this as { options: { noServer?: boolean } }).options;
          if (noServer !== true) guarded('counting WebSocket connections', () => accepted(connection));`,
    fails: [
      ['test/truth/websocket.test.ts', 'to ws 8 (noServer) are counted'],
      ['test/truth/websocket.test.ts', 'to socket.io, which has a ws of its own, are counted as others (websocket-app.js)'],
    ],
  },
  {
    name: 'ws-refused-counted',
    breaks: 'A connection is counted when it is asked for, whether it is accepted or not.',
    file: 'packages/otel-preload/src/hooks/ws/index.ts',
    find: `return handleUpgrade.call(this as Server['prototype'], request, socket, head, (connection, ...rest) => {
          guarded('counting WebSocket connections', () => accepted(connection));`,
    replace: `guarded('counting WebSocket connections', () => accepted(socket as Socket));
        return handleUpgrade.call(this as Server['prototype'], request, socket, head, (connection, ...rest) => {`,
    fails: [['test/truth/websocket.test.ts', 'that ws 8 (verified) refuses are not counted']],
  },
];
