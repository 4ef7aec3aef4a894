// The bundler puts these exports in the place of globals. This file may load late; `globals` never does, so the exports come from there.

const globals = require('./globals') as typeof import('./globals');

export const { Date, JSON, Math, Reflect, performance, process } = globals;
export const { queueMicrotask, setImmediate, setInterval, setTimeout, clearInterval, clearTimeout } = globals;
export const { Array, BigInt, Buffer, DataView, Error, Float64Array, Map, Number, Promise, RangeError, RegExp, Set, String } = globals;
export const { Symbol, TypeError, URL, Uint8Array, WeakMap, WeakRef, WeakSet } = globals;
