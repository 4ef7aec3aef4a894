// prom-client as people write it by hand: a counter and a histogram in a middleware, and a wrapper each for queries and reads.
const client = require('prom-client');

const requests = new client.Counter({ name: 'http_requests_total', help: 'Requests.', labelNames: ['method', 'status', 'endpoint'] });
const durations = new client.Histogram({
  name: 'http_request_duration_ms',
  help: 'Durations.',
  labelNames: ['method', 'endpoint'],
  buckets: [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000],
});
const queries = new client.Histogram({
  name: 'database_query_duration_ms',
  help: 'Queries.',
  labelNames: ['query_type', 'table'],
  buckets: [1, 5, 10, 50, 100, 500, 1000, 5000, 10000],
});
const hits = new client.Counter({ name: 'cache_hits_total', help: 'Hits.', labelNames: ['cache_type'] });
const misses = new client.Counter({ name: 'cache_misses_total', help: 'Misses.', labelNames: ['cache_type'] });

module.exports = (app, { pool, redis }) => {
  client.collectDefaultMetrics();
  app.use((req, res, next) => {
    const start = performance.now();
    res.on('finish', () => {
      const endpoint = req.route ? req.baseUrl + req.route.path : 'unmatched';
      requests.inc({ method: req.method, status: res.statusCode, endpoint });
      durations.observe({ method: req.method, endpoint }, performance.now() - start);
    });
    next();
  });
  const query = pool.query.bind(pool);
  pool.query = async (text) => {
    const start = performance.now();
    try {
      return await query(text);
    } finally {
      queries.observe({ query_type: text.split(' ', 1)[0].toLowerCase(), table: 'none' }, performance.now() - start);
    }
  };
  const get = redis.get.bind(redis);
  redis.get = async (key) => {
    const value = await get(key);
    (value === null ? misses : hits).inc({ cache_type: key.split(':', 1)[0] });
    return value;
  };
  app.get('/metrics', async (req, res) => res.type(client.register.contentType).send(await client.register.metrics()));
};
