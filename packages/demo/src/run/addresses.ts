// The addresses to open while the demo runs.

export interface Address {
  readonly name: string;
  readonly url: string;
}

export function addressesOf(port: number, prometheusUrl: string | undefined): Address[] {
  const here = `http://localhost:${port}`;
  return [
    { name: 'Live page', url: `${here}/metrics/live` },
    { name: 'Metrics', url: `${here}/metrics` },
    { name: 'Backend', url: `${here}/api/users` },
    ...(prometheusUrl === undefined ? [] : [{ name: 'Prometheus', url: `${prometheusUrl}/targets` }]),
  ];
}
