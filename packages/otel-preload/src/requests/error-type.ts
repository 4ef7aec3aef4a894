// The name under which an error is counted: its class, as a bounded label value.

const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/;

/** The class name of a thrown value; `Error` where it has none that could be a label, `NonError` for what is no object. */
export function errorType(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'NonError';
  const className: unknown = thrown.constructor?.name;
  const name = className === 'Error' || className === 'Object' ? (thrown as { name?: unknown }).name : className;
  return typeof name === 'string' && CLASS_NAME.test(name) ? name : 'Error';
}
