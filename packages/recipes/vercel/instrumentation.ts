// In the root of a Next.js app, or in src/. Next.js calls it once in each new instance, with the first request at the latest.
export async function register(): Promise<void> {
  // Not at the edge, which is no Node.js. In braces, not by a `return`: webpack packs all that follows a `return` for the edge, too.
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const preload = await import('@earntrack/otel-preload/register');
    preload.register();
  }
}
