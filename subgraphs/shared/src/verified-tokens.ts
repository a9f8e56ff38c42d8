import type { Viewer } from './viewer.ts'

/** At most so many tokens, and so many characters of them together, are remembered. */
const MOST_TOKENS = 10_000
const MOST_CHARACTERS = 16_000_000

/** Tokens whose signature has been checked, by the whole text that brought them. The oldest go when there are too many. */
export class VerifiedTokens {
  readonly #viewers = new Map<string, Viewer>()
  #characters = 0

  get size() {
    return this.#viewers.size
  }

  /** The viewer of a token that was found valid and has not ended since. */
  get(token: string): Viewer | undefined {
    const viewer = this.#viewers.get(token)
    if (viewer === undefined || viewer.expiresAt * 1000 > Date.now()) return viewer
    this.#delete(token)
    return undefined
  }

  set(token: string, viewer: Viewer) {
    this.#delete(token)
    this.#viewers.set(token, viewer)
    this.#characters += token.length
    while (this.#viewers.size > MOST_TOKENS || this.#characters > MOST_CHARACTERS) {
      this.#delete(this.#viewers.keys().next().value!)
    }
  }

  /** Forgets what a key signed that is not among these any more. */
  keepSignedBy(keyIds: ReadonlySet<string>) {
    for (const [token, { keyId }] of this.#viewers) if (keyId === undefined || !keyIds.has(keyId)) this.#delete(token)
  }

  #delete(token: string) {
    if (this.#viewers.delete(token)) this.#characters -= token.length
  }
}
