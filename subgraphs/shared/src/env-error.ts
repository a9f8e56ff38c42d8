/** A fault in the environment: one line a variable, each saying what it is and what it should be. */
export class EnvError extends Error {
  override name = 'EnvError'
}
