/** What is wrong with a document, and where: `nodes.3.timeoutMs`; the whole document is the empty path. */
export interface DefinitionFault {
  path: string
  message: string
}

export type Path = readonly (string | number)[]
/** Notes one fault; what it says begins where the name of the place would stand: "must be …", "is not …". */
export type Report = (path: Path, message: string) => void

/** More would help nobody. */
export const MAX_FAULTS = 200

export class Faults {
  readonly list: DefinitionFault[] = []

  readonly report: Report = (path, message) => {
    if (this.list.length < MAX_FAULTS) this.list.push({ path: path.join('.'), message })
  }

  get any(): boolean {
    return this.list.length > 0
  }
}

/** "a, b and c". */
export const listed = (words: Iterable<string>): string => {
  const all = [...words]
  return all.length < 2 ? (all[0] ?? 'none') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}
