import { CARD, EMAIL, IBAN, isCard, isIban, PHONE_INTERNATIONAL, PHONE_NATIONAL } from '@signalbox/shared/masking'

export const REDACTION_KINDS = ['EMAIL', 'PHONE', 'IBAN', 'CARD'] as const
export type RedactionKind = (typeof REDACTION_KINDS)[number]

/** Of what a pattern found, how many characters from its beginning are of the kind; 0 for none. */
type Fits = (found: string) => number

interface Form {
  kind: RedactionKind | 'MARK'
  find: RegExp
  fits?: Fits
}

/** What looks like one of our marks is taken out itself, so that nobody can have another one's value written for it. */
const MARK = /\[(EMAIL|PHONE|IBAN|CARD|MARK)_(\d{1,6})\]/g
/** As people write an IBAN in a message: small letters, spaces anywhere. */
const LOOSE_IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,30}\b/gi
/** National numbers that logs leave alone, because an id may look like one: here whatever is taken out is put back. */
const PHONE_SPACED = /(?<![\w.,:+/-])0[1-9]\d{1,4}(?:[ /-]\d{2,8}){1,4}(?![\w-]|[.,]\d)/g
const PHONE_COMPACT = /(?<![\w.,:+/-])0[1-9]\d{7,12}(?![\w-]|[.,]\d)/g

/** In the order in which they are looked for: what holds others first. */
const FORMS: Form[] = [
  { kind: 'MARK', find: MARK },
  { kind: 'EMAIL', find: EMAIL },
  { kind: 'IBAN', find: IBAN, fits: ibanWithin },
  { kind: 'IBAN', find: LOOSE_IBAN, fits: ibanWithin },
  { kind: 'CARD', find: CARD, fits: (found) => (isCard(found) ? found.length : 0) },
  { kind: 'PHONE', find: PHONE_INTERNATIONAL },
  { kind: 'PHONE', find: PHONE_NATIONAL },
  { kind: 'PHONE', find: PHONE_SPACED },
  { kind: 'PHONE', find: PHONE_COMPACT },
]

/** The longest beginning with the checksum of an IBAN: the word behind one may look like a part of it. */
function ibanWithin(found: string): number {
  for (let length = found.length; length >= 15; length -= 1) {
    const isEnd = length === found.length || /\w\W/.test(found.slice(length - 1, length + 1))
    if (isEnd && isIban(found.slice(0, length).toUpperCase())) return length
  }
  return 0
}

/** Takes personal data out of the texts of one call. The same value gets the same mark in all of them: `[EMAIL_1]`. */
export class Redactor {
  readonly #marks = new Map<string, string>()
  readonly #values = new Map<string, string>()
  readonly #forms: Form[]

  constructor(kinds: readonly RedactionKind[]) {
    this.#forms = FORMS.filter(({ kind }) => kind === 'MARK' || kinds.includes(kind))
  }

  redact(text: string): string {
    // Marks that are set stay as they are: each form is looked for in what is left between them.
    let parts: (string | { mark: string })[] = [text]
    for (const form of this.#forms) parts = parts.flatMap((part) => (typeof part === 'string' ? this.#split(part, form) : [part]))
    return parts.map((part) => (typeof part === 'string' ? part : part.mark)).join('')
  }

  /** The values back in their places. A mark that was never set stays. */
  restore(text: string): string {
    return text.replaceAll(MARK, (mark) => this.#values.get(mark) ?? mark)
  }

  #split(text: string, { kind, find, fits }: Form): (string | { mark: string })[] {
    const parts: (string | { mark: string })[] = []
    let end = 0
    for (const { 0: found, index } of text.matchAll(find)) {
      const length = fits === undefined ? found.length : fits(found)
      if (length === 0) continue
      parts.push(text.slice(end, index), { mark: this.#markOf(kind, found.slice(0, length)) })
      end = index + length
    }
    return [...parts, text.slice(end)]
  }

  #markOf(kind: Form['kind'], value: string): string {
    const key = `${kind} ${value}`
    let mark = this.#marks.get(key)
    if (mark === undefined) {
      const before = [...this.#values.keys()].filter((other) => other.startsWith(`[${kind}_`)).length
      mark = `[${kind}_${before + 1}]`
      this.#marks.set(key, mark)
      this.#values.set(mark, value)
    }
    return mark
  }
}

/** One text without what is of these kinds, and the way back. */
export function redact(text: string, kinds: readonly RedactionKind[]): { text: string; restore(text: string): string } {
  const redactor = new Redactor(kinds)
  return { text: redactor.redact(text), restore: (answer) => redactor.restore(answer) }
}
