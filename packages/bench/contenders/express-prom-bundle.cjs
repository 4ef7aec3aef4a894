// express-prom-bundle with labels for method, status and path, as its README shows it.
const bundle = require('express-prom-bundle');

module.exports = (app) =>
  app.use(bundle({ includeMethod: true, includePath: true, includeStatusCode: true, promClient: { collectDefaultMetrics: {} } }));
