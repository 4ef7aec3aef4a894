// The measured app, the same for every contender: Express 5, pg, ioredis. CONTENDER names middleware to put in by hand.
// Over IPC it answers `usage` with its CPU time in µs, `collect` with its heap in bytes after a collection.
const express = require('express');
const pg = require('pg');
const { Redis } = require('ioredis');

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 });
const redis = new Redis(process.env.REDIS_URL);
const app = express();
app.disable('etag');
if (process.env.CONTENDER) require(`./${process.env.CONTENDER}.cjs`)(app, { pool, redis });

app.get('/ping', (req, res) => res.json({ ok: true }));
const users = express.Router();
users.get('/:id', (req, res) => res.json({ id: req.params.id }));
app.use('/users', users);
app.get('/data/:id', async (req, res) => {
  const cached = await redis.get(`user:${req.params.id % 100}`);
  const { rows } = await pool.query('SELECT 1 AS one');
  res.json({ cached, rows });
});

const answers = {
  usage: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  collect: () => {
    global.gc();
    return process.memoryUsage().heapUsed;
  },
};
const server = app.listen(0, '127.0.0.1', () => {
  process.on('message', (question) => process.send({ [question]: answers[question]() }));
  process.send({ port: server.address().port });
});
