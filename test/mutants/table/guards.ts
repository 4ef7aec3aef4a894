import type { Mutant } from '../mutant';

const HOSTILE = 'test/preload/hostile.test.ts';

export const guards: readonly Mutant[] = [
  {
    name: 'guards-answers-as-patched',
    breaks: 'An answer of ours is written with what the app has made of its methods.',
    file: 'packages/otel-preload/src/originals/objects.ts',
    find: 'return Object.setPrototypeOf(given, copy) as T;',
    replace: 'return given;',
    fails: [
      [HOSTILE, 'writeHead needs the context'],
      [HOSTILE, 'responses are of a class of the app'],
    ],
  },
  {
    name: 'guards-own-methods-kept',
    breaks: 'What the app has put on a response itself is in front of the original methods.',
    file: 'packages/otel-preload/src/originals/objects.ts',
    find: 'Reflect.deleteProperty(given, key);',
    replace: 'void key;',
    fails: [[HOSTILE, 'a response must have a session']],
  },
  {
    name: 'guards-subscribers-told-bare',
    breaks: 'What a subscriber of the app throws at the end of an answer of ours is an uncaught exception.',
    file: 'packages/otel-preload/src/endpoint/end-of-answer.ts',
    find: 'if (!channel.hasSubscribers) return;',
    replace: 'if (channel.hasSubscribers || !channel.hasSubscribers) return;',
    fails: [[HOSTILE, 'channels of http are listened to by context']],
  },
  {
    name: 'guards-globals-as-replaced',
    breaks: 'The clock and the timers are those that the app has put in their place.',
    file: 'packages/otel-preload/src/originals/globals.ts',
    find: 'performance: { now: clock.now.bind(clock), timeOrigin: clock.timeOrigin },',
    replace: 'performance: { now: () => globalThis.performance.now(), timeOrigin: clock.timeOrigin },',
    fails: [[HOSTILE, 'Date.now and performance.now throw']],
  },
];
