// `otel-preload doctor`: sends real questions to the addresses in the variables. A line for each finding, with the remedy, and never a secret.

import { completed, readDotenv } from '../../config/dotenv-file';
import { readRemoteWrite } from '../remote-write';
import { PASSWORD, PASSWORD_FILE_NAME } from '../remote-write/fault';
import { ok, wrong, type Finding } from './answer';
import { collectorFindings } from './collector';
import { checkReceiver } from './receiver';

const USAGE = `Usage: otel-preload doctor

Asks the receiver at PROMETHEUS_REMOTE_WRITE_URL whether it takes writes with _USERNAME and _PASSWORD (or _PASSWORD_FILE), and the
collector at OTEL_EXPORTER_OTLP_ENDPOINT whether it takes metrics; nothing is written there. Variables come from the environment or .env.
Ends with 0 if all is well, 1 if a setting is wrong, 3 if somebody does not answer now.
`;

export async function doctor(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    const asked = args.length === 1 && (args[0] === '--help' || args[0] === '-h');
    (asked ? process.stdout : process.stderr).write(USAGE);
    return asked ? 0 : 2;
  }
  const say = (_: string, line: string): void => void process.stderr.write(`${line}\n`);
  const file = { ...readDotenv('.', 'PROMETHEUS_REMOTE_WRITE_', say), ...readDotenv('.', 'OTEL_EXPORTER_OTLP_', say) };
  const environment = completed(process.env, file);
  const findings = [...(await remoteWriteFindings(environment)), ...(await collectorFindings(environment))];
  if (findings.length === 0)
    findings.push(wrong('Neither PROMETHEUS_REMOTE_WRITE_URL nor OTEL_EXPORTER_OTLP_ENDPOINT is in use', 'set what you use'));
  for (const { verdict, line } of findings) (verdict === 'ok' ? process.stdout : process.stderr).write(`${line}\n`);
  if (findings.some(({ verdict }) => verdict === 'wrong')) return 1;
  return findings.some(({ verdict }) => verdict === 'later') ? 3 : 0;
}

async function remoteWriteFindings(environment: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  const triple = readRemoteWrite(environment);
  if (triple.state === 'unset') return [];
  if (triple.state === 'wrong') return triple.faults.map(({ line, remedy }) => wrong(line, remedy));
  return [await checkReceiver(triple), ...expansions(environment)];
}

/** Prometheus takes the password unchanged, so the fault is the collector's alone. */
function expansions({ [PASSWORD]: password = '', [PASSWORD_FILE_NAME]: file }: Readonly<Record<string, string | undefined>>): Finding[] {
  if (file || !/\$\$|\$\{.*\}/.test(password)) return [];
  return [ok(`${PASSWORD} holds $$ or \${…}, which the collector would expand: hand it the password in ${PASSWORD_FILE_NAME}`)];
}
