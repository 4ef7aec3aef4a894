INSERT INTO rates (base, quote, rate) VALUES
  ('USD', 'EUR', 0.92), ('USD', 'GBP', 0.79), ('USD', 'CAD', 1.36),
  ('EUR', 'USD', 1.09), ('EUR', 'GBP', 0.86), ('EUR', 'CAD', 1.48),
  ('GBP', 'USD', 1.27), ('GBP', 'EUR', 1.16), ('GBP', 'CAD', 1.72),
  ('CAD', 'USD', 0.74), ('CAD', 'EUR', 0.68), ('CAD', 'GBP', 0.58);
