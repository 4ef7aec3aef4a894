// The faults of a remote write variable, and the names of the variables.

/** Neither text holds a value: an address may hold a password, and a password may stand in the wrong variable. */
export interface Fault {
  /** Names the variable and the cause. */
  readonly line: string;
  readonly remedy: string;
}

export const URL_NAME = 'PROMETHEUS_REMOTE_WRITE_URL';
export const USERNAME = 'PROMETHEUS_REMOTE_WRITE_USERNAME';
export const PASSWORD = 'PROMETHEUS_REMOTE_WRITE_PASSWORD';
export const PASSWORD_FILE_NAME = `${PASSWORD}_FILE`;

export const fault = (line: string, remedy: string): Fault => ({ line, remedy });

/** Faults common to the three variables. At most one: the first explains the rest. */
export function textFaults(name: string, text: string): Fault[] {
  // Neither Prometheus nor promtool expands these; both take them as they are, silently.
  if (/^\$\{.*\}$|^\$[A-Z_]+$/.test(text)) return [fault(`${name} is the name of another variable, not its value`, 'set it to the value itself')];
  // RFC 7617 forbids control characters in both halves of basic auth; `echo` leaves a line break at the end of a secret.
  // oxlint-disable-next-line no-control-regex -- the control characters are the subject
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    return [fault(`${name} holds a line break or another control character`, 'set it anew, without a line break at its end (printf, not echo)')];
  }
  // Prometheus cuts spaces off a password file.
  if (text !== text.trim()) return [fault(`${name} begins or ends with a space`, 'set it anew, without')];
  if (/^(["']).*\1$/.test(text)) {
    return [
      fault(`${name} stands in quotes, which are sent along`, "take the quotes away: `docker run --env-file` keeps them, as Kubernetes' Secrets do"),
    ];
  }
  return [];
}
