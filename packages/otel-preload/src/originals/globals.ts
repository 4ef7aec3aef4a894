// The globals of Node.js as they were when the preload was loaded: an app may replace them later, as fake timers, clocks for tests and
// foreign promises do. Loaded once a process. The bundler puts these in the place of the globals of the same names (scripts/bundle.mjs).

const timers = require('node:timers') as typeof import('node:timers');
const { performance: clock } = globalThis;

/** A copy of a namespace object: an app may also replace single methods of the object. */
const copied = <T extends object>(namespace: T): T => Object.defineProperties({}, Object.getOwnPropertyDescriptors(namespace)) as T;

export = {
  Date: { now: Date.now, parse: Date.parse },
  JSON: copied(JSON),
  Math: copied(Math),
  Reflect: copied(Reflect),
  performance: { now: clock.now.bind(clock), timeOrigin: clock.timeOrigin },
  process,
  queueMicrotask,
  setImmediate: timers.setImmediate,
  setInterval: timers.setInterval,
  setTimeout: timers.setTimeout,
  clearInterval: timers.clearInterval,
  clearTimeout: timers.clearTimeout,
  Array,
  BigInt,
  Buffer,
  DataView,
  Error,
  Float64Array,
  Map,
  Number,
  Promise,
  RangeError,
  RegExp,
  Set,
  String,
  Symbol,
  TypeError,
  URL,
  Uint8Array,
  WeakMap,
  WeakRef,
  WeakSet,
};
