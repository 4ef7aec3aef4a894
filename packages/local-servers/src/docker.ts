// Docker, where an engine answers. Containers run in the foreground of `docker run`, so that stopping the process stops the container.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a Docker engine answers; the client alone, without an engine, does not count. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    const { stdout } = await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
    return stdout.trim() !== '';
  } catch {
    return false;
  }
}

/** Gets `image` unless the engine has the image already. */
export async function pullImage(image: string, say: (line: string) => void): Promise<void> {
  const here = await run('docker', ['image', 'inspect', image]).then(
    () => true,
    () => false,
  );
  if (here) return;
  say(`pulling ${image} with Docker`);
  await run('docker', ['pull', '--quiet', image], { timeout: 600_000 });
}
