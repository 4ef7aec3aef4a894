-- People to try the API with: 500 users, each with a year of earnings and a session. Loaded only into an empty database, if SAMPLE_DATA=true.
INSERT INTO users (name, email, currency)
SELECT 'Driver ' || n, 'driver' || n || '@example.com', (ARRAY['USD', 'EUR', 'GBP', 'CAD'])[1 + n % 4]
FROM generate_series(1, 500) AS n;

INSERT INTO sessions (token, user_id, expires_at)
SELECT ('00000000-0000-4000-8000-' || lpad(id::text, 12, '0'))::uuid, id, now() + interval '1 day'
FROM users;

INSERT INTO earnings (user_id, platform, external_id, amount_cents, earned_on)
SELECT id, (ARRAY['uber', 'lyft', 'doordash', 'upwork'])[1 + (id + n) % 4], 'sample-' || id || '-' || n, 500 + (id * 37 + n * 911) % 9500,
  current_date - (n * 3)
FROM users, generate_series(0, 119) AS n;

ANALYZE users, earnings, sessions;
