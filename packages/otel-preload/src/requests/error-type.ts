// The name for counting an error: the error's class, as a bounded label value.

const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/;

/** The class name of a thrown value; `Error` if the name is missing or unfit for a label, `NonError` for a primitive value. */
export function errorType(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'NonError';
  try {
    const className: unknown = thrown.constructor?.name;
    const name = className === 'Error' || className === 'Object' ? (thrown as { name?: unknown }).name : className;
    return typeof name === 'string' && CLASS_NAME.test(name) ? name : 'Error';
  } catch {
    // The app's value has a throwing getter, or is a proxy: the getter's exception must not replace the error itself.
    return 'Error';
  }
}
