import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts'

/** What a lock file says about its holder. */
export interface LockHolder extends ProcessIdentity {
  id: string
  /** Where the holder can be reached, for the one who comes second. */
  where: string
}

export interface Lock {
  /** True when a dead process held it before: its children may still be there. */
  takenOver: boolean
  release(): void
}

/** How long a process may take between claiming a dead lock and replacing it. */
const CLAIM_MS = 5_000

export class LockedError extends Error {
  override name = 'LockedError'
  readonly holder: LockHolder

  constructor(holder: LockHolder) {
    super(`held by process ${holder.pid} (${holder.where})`)
    this.holder = holder
  }
}

/**
 * Takes the lock file or the lock of a dead process; of several that try at once one succeeds.
 * @param where what a second process is told about the holder
 * @throws {LockedError} when a live process holds it
 */
export function acquireLock(file: string, where: string): Lock {
  const own: LockHolder = { ...identify(process.pid)!, id: randomUUID(), where }
  const draft = `${file}.${own.id}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    for (;;) {
      if (tryLink(draft, file)) return lockOf(file, own, false)
      const holder = readHolder(file)
      if (holder !== undefined && isRunning(holder)) throw new LockedError(holder)
      if (takeOver(file, draft, holder?.id ?? 'unreadable')) return lockOf(file, own, true)
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The live holder of a lock file, if there is one. */
export function lockHolder(file: string): LockHolder | undefined {
  const holder = readHolder(file)
  return holder !== undefined && isRunning(holder) ? holder : undefined
}

/** Replaces a dead lock. The claim is named after the dead lock, so only one process at a time can replace it, and only while it stands. */
function takeOver(file: string, draft: string, deadId: string): boolean {
  const claim = `${file}.claim-${deadId}`
  if (!tryLink(draft, claim)) {
    if (ageMs(claim) > CLAIM_MS) rmSync(claim, { force: true })
    return false
  }
  try {
    if ((readHolder(file)?.id ?? 'unreadable') !== deadId) return false
    renameSync(draft, file)
    return true
  } finally {
    rmSync(claim, { force: true })
  }
}

const lockOf = (file: string, own: LockHolder, takenOver: boolean): Lock => ({
  takenOver,
  release: () => {
    if (readHolder(file)?.id === own.id) rmSync(file, { force: true })
  },
})

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readHolder(file: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockHolder
  } catch {
    return undefined
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return 0
  }
}
