// The least that seeing a request can cost: Node's own channels and one counter.
const diagnostics = require('node:diagnostics_channel');

let count = 0;
let seconds = 0;
const start = Symbol('start');
diagnostics.subscribe('http.server.request.start', ({ request }) => (request[start] = performance.now()));
diagnostics.subscribe('http.server.response.finish', ({ request }) => {
  count += 1;
  seconds += performance.now() - request[start];
});
