import type { Mutant } from '../mutant';

export const port: readonly Mutant[] = [
  {
    name: 'port-any-serves',
    breaks: 'The metrics are on every port of the app, METRICS_PORT or not.',
    file: 'packages/otel-preload/src/endpoint/port-rule.ts',
    find: 'if (port !== undefined) return (portOf(server) ?? localPort) === port;',
    replace: 'if (port !== undefined) return (portOf(server) ?? localPort) !== undefined;',
    fails: [['test/preload/port-rule.test.ts', 'an app that listens on METRICS_PORT and elsewhere has them on METRICS_PORT alone']],
  },
  {
    name: 'port-given-up-for-anybody',
    breaks: 'The preload’s own server gives the port up to who comes through a proxy.',
    file: 'packages/otel-preload/src/endpoint/handover.ts',
    find: 'return remoteAddress !== undefined && remoteAddress === localAddress && !isForwarded(request.headers);',
    replace: 'return remoteAddress !== undefined && (remoteAddress === localAddress || isForwarded(request.headers));',
    fails: [['test/preload/fallback.test.ts', 'for a request that comes through a proxy with x-forwarded-for']],
  },
  {
    name: 'port-kept-from-other-process',
    breaks: 'The preload’s own server does not give the port up to another process.',
    file: 'packages/otel-preload/src/endpoint/fallback.ts',
    find: 'this.giveUp();',
    replace: '',
    fails: [['test/preload/fallback.test.ts', 'for long, if who asked for the port does not take it']],
  },
  {
    name: 'port-kept-from-own-app',
    breaks: 'The preload’s own server does not give the port up to the app in its process.',
    file: 'packages/otel-preload/src/endpoint/fallback.ts',
    find: 'server.close();',
    replace: 'server.ref();',
    hangs: [['test/preload/fallback.test.ts', 'gives the port to the app in its process which listens as if the port had been free']],
  },
  {
    name: 'port-of-the-app-opened',
    breaks: 'The preload’s own server takes the port that the platform has given to the app.',
    file: 'packages/otel-preload/src/endpoint/port-rule.ts',
    find: `if (this.settings.port === this.settings.appPort) return 'it is PORT, which belongs to the app';`,
    replace: `if (this.settings.port === undefined) return 'it is PORT, which belongs to the app';`,
    fails: [['test/preload/port-rule.test.ts', 'PORT is METRICS_PORT, but the app listens elsewhere: no port is opened, and one line says why']],
  },
  {
    name: 'port-own-route-overruled',
    breaks: 'The metrics come before a route that the app itself has at their path.',
    file: 'packages/otel-preload/src/endpoint/index.ts',
    find: `);
        return false;`,
    replace: ');',
    fails: [['test/preload/port-rule.test.ts', 'answers as without the preload, and one line names the remedy: express-mounted']],
  },
  {
    name: 'port-server-keeps-alive',
    breaks: 'The preload’s own server keeps the process alive.',
    file: 'packages/otel-preload/src/endpoint/fallback.ts',
    find: 'server.unref();',
    replace: '',
    hangs: [['test/preload/fallback.test.ts', 'never keeps it alive, also while a scraper holds its connection']],
  },
  {
    name: 'port-taken-by-npm',
    breaks: 'The preload runs in npm too, and takes the port before the app has started.',
    file: 'packages/otel-preload/src/endpoint/package-managers.ts',
    find: `return LAUNCHERS.has(name.replace(/-(?:\\d[\\w.-]*|berry)$/, ''));`,
    replace: `return LAUNCHERS.has(\`not \${name}\`.replace(/-(?:\\d[\\w.-]*|berry)$/, ''));`,
    fails: [
      ['test/preload/port-rule.test.ts', 'npm start with NODE_OPTIONS: npm takes no port and says nothing, the app has the metrics'],
      ['packages/otel-preload/test/endpoint-package-managers.test.ts', 'is /usr/local/bin/npm'],
    ],
  },
];
