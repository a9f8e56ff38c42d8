import type { Viewer } from './viewer.ts'

/** What ends access tokens before their time. Times in seconds since the epoch, with fractions. */
export interface Revocation {
  /**
   * `session:<id>`: every token of that session; `actor:<id>`: every token of that person or service client issued before `revokedAt`;
   * `key:<kid>`: every token that this key signed.
   */
  subject: string
  revokedAt: number
  /** From then on no token is left that it could concern. */
  until: number
}

/** What of a viewer a revocation can concern. */
export type Revocable = Pick<Viewer, 'sessionId' | 'actorId' | 'issuedAt' | 'keyId'>

/** The revocations that a process knows of. */
export interface Revocations {
  isRevoked(viewer: Revocable): boolean
  /** Calls back when a token is revoked. @returns ends that */
  onRevoked(viewer: Revocable, listener: () => void): () => void
  /** Resolves while every new revocation gets here; for `/ready`. @throws while that is not known */
  check(): Promise<void>
}

/** How often expired entries are thrown out, in additions. */
const SWEEP_EVERY = 100

/** The set of what is revoked, and who wants to know. */
export class RevocationList {
  readonly #bySubject = new Map<string, Revocation>()
  readonly #listeners = new Map<string, Set<Listener>>()
  #added = 0

  get standing(): IterableIterator<Revocation> {
    return this.#bySubject.values()
  }

  /** Takes one in and calls those whose token it ends; one that is known already changes nothing. */
  add(revocation: Revocation): boolean {
    const known = this.#bySubject.get(revocation.subject)
    if (known && known.revokedAt >= revocation.revokedAt) return false
    this.#bySubject.set(revocation.subject, revocation)
    this.#added += 1
    if (this.#added % SWEEP_EVERY === 0) this.#sweep()
    for (const { viewer, call } of this.#listeners.get(revocation.subject) ?? []) if (ends(revocation, viewer)) call()
    return true
  }

  isRevoked(viewer: Revocable): boolean {
    return subjectsOf(viewer).some((subject) => {
      const revocation = this.#bySubject.get(subject)
      return revocation !== undefined && ends(revocation, viewer)
    })
  }

  /** Calls at once when it is revoked already. */
  onRevoked(viewer: Revocable, call: () => void): () => void {
    const listener = { viewer, call }
    const subjects = subjectsOf(viewer)
    for (const subject of subjects) {
      const listeners = this.#listeners.get(subject) ?? new Set()
      this.#listeners.set(subject, listeners.add(listener))
    }
    if (this.isRevoked(viewer)) call()
    return () => subjects.forEach((subject) => this.#forget(subject, listener))
  }

  #forget(subject: string, listener: Listener) {
    const listeners = this.#listeners.get(subject)
    listeners?.delete(listener)
    if (listeners?.size === 0) this.#listeners.delete(subject)
  }

  #sweep() {
    const now = Date.now() / 1000
    for (const { subject, until } of this.#bySubject.values()) if (until < now) this.#bySubject.delete(subject)
  }
}

interface Listener {
  viewer: Revocable
  call(): void
}

const subjectsOf = ({ sessionId, actorId, keyId }: Revocable): string[] => [
  `session:${sessionId}`,
  `actor:${actorId}`,
  ...(keyId === undefined ? [] : [`key:${keyId}`]),
]

/** A session that is over and a key that is withdrawn never come back; an actor's later tokens carry the later rights. */
const ends = ({ subject, revokedAt }: Revocation, { issuedAt }: Revocable): boolean =>
  !subject.startsWith('actor:') || issuedAt === undefined || issuedAt < revokedAt

/** One line of the stream (`GET /revocations` of auth, newline-delimited JSON). */
export type RevocationLine =
  | ({ kind: 'revoked' } & Revocation)
  /** All that stood when the stream began has been said. */
  | { kind: 'standing' }
  /** All that was revoked up to now has been said. Every `HEARTBEAT_MS`. */
  | { kind: 'heartbeat' }

/** Milliseconds between two heartbeats of the stream, and without one until it counts as down. */
export const HEARTBEAT_MS = 500
export const SILENCE_MS = 2_000
