// Usage: node scripts/fresh-machine.mjs user|root NPM-ARGUMENTS…
// Runs `npm ARGUMENTS` in a clone of the last commit as on a fresh machine, in a mount namespace: HOME, /tmp, /opt, /usr/local and the fonts are
// empty but for Node.js and npm, and no server is on PATH. As an ordinary user, or as root in a folder of 0700. Fails if the command does, or
// leaves something in a temporary folder. Where there are no such namespaces, it says so and runs the command plainly.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const TEMPORARY = ['/tmp', '/var/tmp'];
/** Their contents are hidden by empty folders. */
const EMPTIED = [...TEMPORARY, os.homedir(), '/home', '/opt', '/usr/local', '/usr/share/fonts', '/var/cache/fontconfig', '/var/lib/apt/lists'];
/** Programs that were installed by hand, or that a fresh machine lacks: each is hidden by a file that cannot be run. */
const HIDDEN = ['redis-server', 'valkey-server', 'postgres', 'psql', 'prometheus', 'promtool', 'alertmanager', 'docker', 'podman', 'go'].concat([
  'chromium',
  'chromium-browser',
  'google-chrome',
]);
/** What belongs to the network rather than to the machine's user. */
const KEPT = /proxy$|cert|_ca_|cainfo|^npm_config_registry$|^(TERM|LANG|CI)$/i;

const NEWCOMER = { name: 'newcomer', uid: 12_345, home: '/home/newcomer' };

/** Runs in the namespace: $1 is the folder that holds what is to be seen instead, the lists are words. */
const MOUNT = `set -e
mount --make-rprivate /
for file in passwd group; do mount --bind "$1/etc/$file" "/etc/$file"; done
for name in $HIDDEN; do for folder in /usr/bin /usr/sbin; do
  if [ -e "$folder/$name" ]; then mount --bind /dev/null "$folder/$name"; fi
done; done
for folder in $EMPTIED; do if [ -d "$folder" ]; then mount --bind "$1$folder" "$folder"; fi; done
shift
cd "$1"
shift
exec "$@"`;

const namespaces = () => process.platform === 'linux' && process.getuid() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;

function run(command, args, options) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code ?? 1)));
}

function must(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
}

/** Makes what is to be seen in the namespace, in `folder`; the clone belongs to `who`. Gives its place as it is seen there. */
function furnish(folder, { name, uid, home }) {
  for (const place of EMPTIED) fs.mkdirSync(path.join(folder, place), { recursive: true });
  for (const place of TEMPORARY) fs.chmodSync(path.join(folder, place), 0o1777);
  installNode(path.join(folder, 'usr/local'));
  fs.mkdirSync(path.join(folder, 'etc'));
  for (const file of ['passwd', 'group']) fs.copyFileSync(`/etc/${file}`, path.join(folder, 'etc', file));
  fs.appendFileSync(path.join(folder, 'etc/passwd'), `${NEWCOMER.name}:x:${NEWCOMER.uid}:${NEWCOMER.uid}::${NEWCOMER.home}:/bin/sh\n`);
  fs.appendFileSync(path.join(folder, 'etc/group'), `${NEWCOMER.name}:x:${NEWCOMER.uid}:\n`);
  const clone = path.join(home, 'clone');
  fs.mkdirSync(path.join(folder, home), { recursive: true });
  // The clone may belong to somebody else, as in a container.
  const trusted = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
  must('git', ['clone', '--quiet', root, path.join(folder, clone)], { env: { ...process.env, ...trusted } });
  if (name === 'root') for (const place of [home, clone]) fs.chmodSync(path.join(folder, place), 0o700);
  else must('chown', ['-R', `${uid}:${uid}`, path.join(folder, home)]);
  return clone;
}

/** The running Node.js and its npm, wherever they lie on this machine, with npm's settings for all users. */
function installNode(local) {
  const cli = process.env.npm_execpath ?? spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim();
  const npm = path.resolve(fs.realpathSync(cli), '../..');
  fs.mkdirSync(path.join(local, 'bin'));
  fs.copyFileSync(process.execPath, path.join(local, 'bin/node'));
  fs.cpSync(npm, path.join(local, 'lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true });
  for (const name of ['npm', 'npx']) fs.symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, path.join(local, 'bin', name));
  if (fs.existsSync('/usr/local/etc')) fs.cpSync('/usr/local/etc', path.join(local, 'etc'), { recursive: true, verbatimSymlinks: true });
}

/** Ends with the command's code, or 1 if it left something. */
async function onFreshMachine(who, command) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'earntrack-fresh-'));
  fs.chmodSync(folder, 0o755);
  try {
    const clone = furnish(folder, who);
    const network = Object.entries(process.env).filter(([name]) => KEPT.test(name));
    // Last the place that the folder itself lies in.
    const emptied = EMPTIED.toSorted((a, b) => Number(folder.startsWith(`${a}/`)) - Number(folder.startsWith(`${b}/`)));
    const lists = { HIDDEN: HIDDEN.join(' '), EMPTIED: emptied.join(' ') };
    const own = { ...Object.fromEntries(network), PATH, HOME: who.home, USER: who.name, LOGNAME: who.name };
    const account = who.name === 'root' ? [] : ['setpriv', '--reuid', who.uid, '--regid', who.uid, '--clear-groups'];
    const clean = ['env', '-i', ...Object.entries(own).map(([name, value]) => `${name}=${value}`)];
    const inside = ['sh', '-c', MOUNT, 'sh', folder, clone, ...account, ...clean, 'npm', ...command].map(String);
    const code = await run('unshare', ['--mount', ...inside], { env: { ...process.env, ...lists, PATH } });
    return leftovers(folder) || code;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The meeting place of preloaded processes stays: killed processes leave their sockets there, and later processes remove them. */
const MEETING_PLACE = /^otel-preload-ports-\d+$/;

function leftovers(folder) {
  const names = (place) => fs.readdirSync(path.join(folder, place)).filter((name) => !MEETING_PLACE.test(name));
  const left = TEMPORARY.flatMap((place) => names(place).map((name) => path.join(place, name)));
  if (left.length > 0) console.error(`It left ${left.join(', ')}.`);
  return left.length > 0 ? 1 : 0;
}

async function main() {
  const [account, ...command] = process.argv.slice(2);
  const who = { user: NEWCOMER, root: { name: 'root', uid: 0, home: os.homedir() } }[account];
  if (!who || command.length === 0) throw new Error('Usage: node scripts/fresh-machine.mjs user|root NPM-ARGUMENTS…');
  console.log(`npm ${command.join(' ')}, ${account === 'root' ? 'as root in a folder of 0700' : 'as an ordinary user'}, on a fresh machine:`);
  if (namespaces()) return onFreshMachine(who, command);
  console.log('There is no mount namespace to be had here (it takes root on Linux): it runs plainly, as who you are, with what this machine has.');
  return run('npm', command, { cwd: root });
}

main().then(
  (code) => (process.exitCode = code),
  ({ message }) => {
    console.error(message);
    process.exitCode = 1;
  },
);
