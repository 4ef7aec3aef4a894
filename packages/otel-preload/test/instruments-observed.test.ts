import assert from 'node:assert/strict';
import { rig, said } from './instruments-rig';

describe('Metrics that are read at each collection', () => {
  it('add up what several callbacks see of one series', async () => {
    const { instruments, lines } = rig();
    instruments.observe('database_pool_connections', (observe) => observe(2, 'main', 'idle'));
    instruments.observe('database_pool_connections', (observe) => {
      observe(3, 'main', 'idle');
      observe(1, 'main', 'used');
    });
    assert.deepEqual(await lines('database_pool_connections'), [
      'database_pool_connections{pool="main",state="idle"} 5',
      'database_pool_connections{pool="main",state="used"} 1',
    ]);
  });

  it('lose the series that are no longer seen, and get them back', async () => {
    const { instruments, lines } = rig();
    let pools = ['a', 'b'];
    instruments.observe('database_pool_connections', (observe) => pools.forEach((pool) => observe(1, pool, 'idle')));
    assert.equal((await lines('database_pool_connections')).length, 2);
    pools = ['b'];
    assert.deepEqual(await lines('database_pool_connections'), ['database_pool_connections{pool="b",state="idle"} 1']);
    pools = [];
    assert.deepEqual(await lines('database_pool_connections'), []);
    pools = ['a'];
    assert.deepEqual(await lines('database_pool_connections'), ['database_pool_connections{pool="a",state="idle"} 1']);
  });

  it('are absent while reading them throws, said once and counted in the same scrape, and all others stand', async () => {
    const { instruments, lines } = rig();
    let broken = false;
    instruments.observe('cache_size_bytes', (observe) => observe(7, 'redis'));
    instruments.observe('cache_size_bytes', () => {
      if (broken) throw new Error('no memory');
    });
    assert.deepEqual(await lines('cache_size_bytes'), ['cache_size_bytes{cache_type="redis"} 7']);
    broken = true;
    const log = await said(async () => {
      assert.deepEqual(await lines('cache_size_bytes'), []);
      assert.deepEqual(await lines('otel_preload_collect_errors_total'), ['otel_preload_collect_errors_total 2']);
    });
    assert.deepEqual(log, ['[otel-preload] cache_size_bytes could not be read and is left out while that lasts: Error: no memory']);
    broken = false;
    assert.deepEqual(await lines('cache_size_bytes'), ['cache_size_bytes{cache_type="redis"} 7']);
  });

  it('that count never go backwards by being read twice', async () => {
    const { instruments, lines } = rig();
    let hits = 5;
    instruments.observe('cache_hits_total', (observe) => observe(hits, 'user'));
    assert.deepEqual(await lines('cache_hits_total'), ['cache_hits_total{cache_type="user"} 5']);
    assert.deepEqual(await lines('cache_hits_total'), ['cache_hits_total{cache_type="user"} 5']);
    hits = 9;
    assert.deepEqual(await lines('cache_hits_total'), ['cache_hits_total{cache_type="user"} 9']);
  });
});

describe('What the preload says of itself', () => {
  it('is its version, its series, and what it dropped, from the first scrape on', async () => {
    const { instruments, lines } = rig();
    instruments.record('active_users', 3);
    assert.deepEqual(await lines('otel_preload_info'), ['otel_preload_info{version="1.2.3"} 1']);
    assert.deepEqual(await lines('otel_preload_collect_errors_total'), ['otel_preload_collect_errors_total 0']);
    const dropped = await lines('otel_preload_dropped_total');
    for (const reason of ['label_cap', 'invalid_value', 'mapping_failed', 'undeclared_metric', 'wrong_use']) {
      assert.ok(dropped.includes(`otel_preload_dropped_total{reason="${reason}"} 0`), reason);
    }
  });

  it('counts under dropped what hooks report', async () => {
    const { instruments, lines } = rig();
    instruments.dropped('offline_queue');
    assert.deepEqual(await lines('otel_preload_dropped_total{reason="offline_queue"'), ['otel_preload_dropped_total{reason="offline_queue"} 1']);
  });

  it('names the series of every metric that is shown, its own among them', async () => {
    const { instruments, text } = rig();
    for (const endpoint of ['/a', '/b', '/c'])
      instruments.duration('http.server.request.duration', 0.01, 'GET', endpoint === '/a' ? '200' : '404', endpoint);
    const shown = await text();
    const families = [...shown.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
    const series = new Map([...shown.matchAll(/^otel_preload_series\{metric="(.*)"\} (\d+)$/gm)].map(([, name, count]) => [name, count]));
    assert.deepEqual([...series.keys()], families);
    assert.equal(series.get('http_requests_total'), '3');
    assert.equal(series.get('http_request_duration_ms'), '3');
    assert.equal(series.get('otel_preload_series'), String(families.length));
  });
});
