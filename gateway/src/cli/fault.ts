/** A failure that the user can mend: one clear line, no stack. */
export class CliFault extends Error {
  override name = 'CliFault'

  constructor(
    message: string,
    /** 2: wrong usage; 1: everything else. */
    readonly exitCode = 1,
  ) {
    super(message)
  }
}
