import type { AuditAction, AuditRecord } from '@signalbox/shared/audit'
import type { Logger } from '@signalbox/shared/logger'
import { networkOf } from '@signalbox/shared/masking'
import type { Viewer } from '@signalbox/shared/viewer'

/** Something that was refused before, or without, a subgraph's word. */
export interface Denial {
  action: Extract<AuditAction, 'access.denied' | 'rate.limited' | 'token.refused'>
  /** One word of ours: scope, rule, forgery, origin, invalid, revoked, or a limit's name. */
  reason: string
  /** What was asked for: fields, a limit. Never what a client wrote. */
  details?: Record<string, string | number>
  viewer: Pick<Viewer, 'actorKind' | 'actorId' | 'organizationId' | 'scopes'> | null
  requestId: string
  operation: string | null
  /** The client's. */
  address: string
}

/** As telemetry takes it at `POST /audit`. */
export interface DeniedEntry {
  /** Null: the platform's own trail. */
  organizationId: string | null
  record: AuditRecord
}

/** How a parcel fared: taken, or refused for good (it would be refused again). Anything else is thrown and tried again. */
export type Send = (entries: DeniedEntry[]) => Promise<'taken' | 'refused'>

export interface DenialsOptions {
  send: Send
  log: Logger
  /** Milliseconds between two parcels. Default 1,000. */
  flushMs?: number
  /** The same refusal of the same caller is told once in so many milliseconds, with its count. Default 10,000. */
  repeatMs?: number
}

/** Callers times kinds of refusal that are told apart at a time; what is beyond that is counted together. */
const MAX_SLOTS = 1_000
/** Of one caller: the names of operations are the caller's to choose. What is beyond that is told without the operation. */
const MAX_SLOTS_OF_CALLER = 20
/** Characters of an operation's name. */
const MAX_NAME = 200
const PARCEL = 100
const MAX_PAUSE_MS = 30_000

/** One kind of refusal of one caller: what of it is still to be told. */
interface Slot {
  entry: DeniedEntry | null
  caller: string
  count: number
  /** Milliseconds since the epoch; 0: never. */
  toldAt: number
}

/**
 * Tells telemetry what was refused, in the background: no request ever waits for it. A flood cannot fill the trail, because alike refusals of
 * one caller become one entry with a count; nor memory, because beyond so many callers only kinds are told apart. While telemetry is away
 * the counts grow; what is lost when the gateway ends meanwhile is counted in the log.
 */
export class Denials implements AsyncDisposable {
  readonly #slots = new Map<string, Slot>()
  /** How many slots a caller has. */
  readonly #callers = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #sending: Promise<void> | undefined
  #failures = 0
  #pausedUntil = 0

  constructor(private readonly options: DenialsOptions) {
    this.#timer = setInterval(() => void this.flush(), options.flushMs ?? 1_000).unref()
  }

  note(denial: Denial): void {
    const { action, reason, viewer, address } = denial
    const source = networkOf(address)
    const caller = viewer?.actorId ?? source ?? ''
    const keyOf = (operation: string | null) => [action, reason, operation, caller].join(' ')
    const named = ownText(denial.operation)
    const isKnown = this.#slots.has(keyOf(named))
    const operation = isKnown || (this.#callers.get(caller) ?? 0) < MAX_SLOTS_OF_CALLER ? named : null
    const make = () => toEntry({ ...denial, operation }, source)
    const slot = this.#slots.get(keyOf(operation))
    if (slot !== undefined) return add(slot, make)
    if (this.#slots.size < MAX_SLOTS) return this.#open(keyOf(operation), { entry: make(), caller, count: 1, toldAt: 0 })
    const others = this.#slots.get(action) ?? { entry: null, caller: '', count: 0, toldAt: 0 }
    this.#slots.set(action, others)
    add(others, () => anonymous(denial))
  }

  #open(key: string, slot: Slot) {
    this.#slots.set(key, slot)
    this.#callers.set(slot.caller, (this.#callers.get(slot.caller) ?? 0) + 1)
  }

  #close(key: string, { caller }: Slot) {
    this.#slots.delete(key)
    const left = (this.#callers.get(caller) ?? 0) - 1
    if (left > 0) this.#callers.set(caller, left)
    else this.#callers.delete(caller)
  }

  /** Sends what is due; a parcel that is on its way is waited for. Never rejects. */
  flush(all = false): Promise<void> {
    this.#sending ??= this.#send(all).finally(() => (this.#sending = undefined))
    return this.#sending
  }

  /** Sends the rest, once. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#sending
    this.#pausedUntil = 0
    await this.flush(true)
    const dropped = [...this.#slots.values()].reduce((sum, { count }) => sum + count, 0)
    if (dropped > 0) this.options.log.warn({ dropped }, 'refusals could not be told to the audit trail')
  }

  async #send(all: boolean) {
    const now = Date.now()
    if (now < this.#pausedUntil) return
    const { repeatMs = 10_000 } = this.options
    for (const [key, slot] of this.#slots) {
      if (slot.entry === null && slot.toldAt + repeatMs <= now) this.#close(key, slot)
    }
    const due = [...this.#slots.values()].filter(({ entry, toldAt }) => entry !== null && (all || toldAt + repeatMs <= now))
    for (let index = 0; index < due.length; index += PARCEL) {
      if (!(await this.#sendParcel(due.slice(index, index + PARCEL), now))) return
    }
  }

  /** @returns whether to go on */
  async #sendParcel(slots: Slot[], now: number): Promise<boolean> {
    const { send, log } = this.options
    const taken = slots.map((slot) => ({ slot, entry: slot.entry!, count: slot.count }))
    for (const { slot } of taken) Object.assign(slot, { entry: null, count: 0, toldAt: now })
    try {
      const answer = await send(taken.map(({ entry, count }) => counted(entry, count)))
      const sum = taken.reduce((total, { count }) => total + count, 0)
      if (answer === 'refused') log.error({ dropped: sum }, 'the audit trail refused the entries of refusals')
      else if (this.#failures > 0) log.info('refusals are told to the audit trail again')
      this.#failures = 0
      return true
    } catch (error) {
      for (const { slot, entry, count } of taken) Object.assign(slot, { entry, count: slot.count + count, toldAt: 0 })
      this.#failures += 1
      const pauseMs = Math.min(MAX_PAUSE_MS, 500 * 2 ** this.#failures)
      this.#pausedUntil = now + pauseMs
      if (this.#failures === 1) log.warn({ err: error, pauseMs }, 'refusals cannot be told to the audit trail; trying again')
      return false
    }
  }
}

/** A copy, not a part of the request's body, which it would keep in memory. */
const ownText = (operation: string | null) => operation && Buffer.from(operation.slice(0, MAX_NAME)).toString()

function add(slot: Slot, make: () => DeniedEntry): void {
  slot.count += 1
  slot.entry ??= make()
}

/** The first of several stands for them. */
const counted = ({ organizationId, record }: DeniedEntry, count: number): DeniedEntry =>
  count === 1 ? { organizationId, record } : { organizationId, record: { ...record, details: { ...record.details, count } } }

function toEntry({ action, reason, details, viewer, requestId, operation }: Denial, source: string | null): DeniedEntry {
  return {
    organizationId: viewer?.organizationId ?? null,
    record: {
      action,
      outcome: 'DENIED',
      details: { reason, ...details },
      actor: viewer && { kind: viewer.actorKind, id: viewer.actorId },
      scopes: [...(viewer?.scopes ?? [])],
      requestId,
      operation,
      source,
    },
  }
}

/** Of one caller among too many to tell apart. */
const anonymous = (denial: Denial): DeniedEntry =>
  toEntry({ ...denial, viewer: null, operation: null, reason: 'various', details: {} }, null)
