// The name under which an error is counted: its class, as a bounded label value.

const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/;

/** The class name of a thrown value; `Error` where it has none that could be a label, `NonError` for what is no object. */
export function errorType(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'NonError';
  try {
    const className: unknown = thrown.constructor?.name;
    const name = className === 'Error' || className === 'Object' ? (thrown as { name?: unknown }).name : className;
    return typeof name === 'string' && CLASS_NAME.test(name) ? name : 'Error';
  } catch {
    // A getter or a proxy of the app's: what it throws must not take the place of the error itself.
    return 'Error';
  }
}
