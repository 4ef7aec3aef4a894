// In the root of a Next.js app, or in src/. Next.js calls it once in each new instance, before that serves anything.
export async function register(): Promise<void> {
  // Not at the edge, which is no Node.js.
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const preload = await import('@earntrack/otel-preload/register');
  preload.register();
}
