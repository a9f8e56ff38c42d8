import { types } from 'node:util'
import { IsolationLevel, type EntityManager, type MikroORM } from '@mikro-orm/postgresql'
import { CompiledQuery } from 'kysely'
import { NotFoundError, UnavailableError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { requireViewer } from '@signalbox/shared/scopes'
import { tenantSession } from '@signalbox/shared/tenancy'
import type { Viewer } from '@signalbox/shared/viewer'

/** One transaction under the caller's tenancy. */
export interface Transaction {
  em: EntityManager
  /** Runs SQL with `$1` parameters in this transaction. */
  query<R>(sql: string, parameters?: unknown[]): Promise<R[]>
}

/** The database as one caller may see it: each piece of work is one transaction with the caller's session settings. */
export class Tenant {
  constructor(
    private readonly orm: MikroORM,
    private readonly caller: Viewer | null,
  ) {}

  /** @throws {UnauthenticatedError} when nobody is signed in */
  get viewer(): Viewer {
    return requireViewer(this.caller)
  }

  /** A manager of its own: a subscription lives long, so nothing is read from an identity map of an earlier event. */
  fork(): EntityManager {
    const { organizationId, organizationIds } = this.viewer
    return this.orm.em.fork({ session: tenantSession(organizationId, organizationIds) })
  }

  /** @throws {UnavailableError} when the database cannot be reached */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#perform(work, IsolationLevel.READ_COMMITTED)
  }

  /** As `transaction`, but everything is read as of one moment. It writes nothing. */
  snapshot<T>(read: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#perform(read, IsolationLevel.REPEATABLE_READ)
  }

  async #perform<T>(work: (transaction: Transaction) => Promise<T>, isolationLevel: IsolationLevel): Promise<T> {
    try {
      return await this.fork().transactional((em) => work(toTransaction(em)), { isolationLevel })
    } catch (error) {
      throw isConnectionFailure(error) ? new UnavailableError('workflow database') : error
    }
  }
}

/** One transaction of a manager that has its session settings. */
export const inTransaction = <T>(manager: EntityManager, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
  manager.transactional((em) => work(toTransaction(em)))

function toTransaction(em: EntityManager): Transaction {
  const kysely = em.getKysely()
  return {
    em,
    query: async <R>(sql: string, parameters: unknown[] = []) =>
      (await kysely.executeQuery<R>(CompiledQuery.raw(sql, parameters))).rows,
  }
}

/** The manager source of one organisation, for the machine's own work in it. */
export const managersOf = (orm: MikroORM, organizationId: string) => ({
  fork: () => orm.em.fork({ session: tenantSession(organizationId) }),
})

const CONNECTION_FAILURES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
])

/** Whether the database went away, as opposed to having refused something. */
export function isConnectionFailure(error: unknown): boolean {
  // Not instanceof: tests run in a realm of their own, and errors of node's own modules come from outside of it.
  if (!types.isNativeError(error)) return false
  const { code, cause } = error as { code?: string; cause?: unknown }
  if (code !== undefined && CONNECTION_FAILURES.has(code)) return true
  if (/connection terminated|timeout exceeded when trying to connect|cannot use a pool/i.test(error.message)) return true
  if ('errors' in error) return (error.errors as unknown[]).some(isConnectionFailure)
  return cause !== undefined && isConnectionFailure(cause)
}

/** @throws {NotFoundError} for what cannot be an id of ours */
export function checkId(id: string, what: string): string {
  if (!isUuid(id)) throw new NotFoundError(what)
  return id
}
