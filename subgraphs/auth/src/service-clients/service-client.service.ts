import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { BadUserInputError, ConflictError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid, newId } from '@signalbox/shared/ids'
import { requireViewer, SCOPES } from '@signalbox/shared/scopes'
import type { Viewer } from '@signalbox/shared/viewer'
import DataLoader from 'dataloader'
import { randomUUID } from 'node:crypto'
import { randomToken, type Secrets } from '../keys/secrets.ts'
import { requireName } from '../names.ts'
import { requireRedirectUris } from './redirect-uri.ts'
import { ServiceClientSecret } from './service-client-secret.entity.ts'
import type { CreateServiceClientInput } from './service-client.inputs.ts'
import { ServiceClient, ServiceClientKind } from './service-client.entity.ts'

const MAX_OVERLAP_HOURS = 168
const MAX_SECRETS = 5

/** Programs with access to an organisation, by a client id and secrets of which only keyed hashes are kept. */
export class ServiceClientService {
  readonly #clients: DataLoader<string, ServiceClient | null>
  readonly #secrets: DataLoader<string, ServiceClientSecret[]>

  constructor(
    private readonly em: EntityManager,
    private readonly viewer: Viewer | null,
    private readonly secrets: Secrets,
    private readonly audit: Audit,
  ) {
    this.#clients = new DataLoader(async (ids) => {
      const found = new Map((await em.find(ServiceClient, { id: { $in: ids } })).map((client) => [client.id, client]))
      return ids.map((id) => found.get(id) ?? null)
    })
    this.#secrets = new DataLoader(async (ids) => {
      const works = { serviceClientId: { $in: ids }, $or: [{ expiresAt: null }, { expiresAt: { $gt: new Date() } }] }
      const found = await em.find(ServiceClientSecret, works, { orderBy: { id: 'desc' } })
      return ids.map((id) => found.filter(({ serviceClientId }) => serviceClientId === id))
    })
  }

  /** The service client, revoked or not, or null when the viewer reads none such. Calls of one request are batched. */
  async find(id: string): Promise<ServiceClient | null> {
    return isUuid(id) && this.viewer !== null ? this.#clients.load(id) : null
  }

  /** Those of an organisation that are not revoked. */
  list(organizationId: string): Promise<ServiceClient[]> {
    return this.em.find(ServiceClient, { organizationId, revokedAt: null }, { orderBy: { createdAt: 'asc', id: 'asc' } })
  }

  /** The secrets that work; none of a client that is revoked. Calls of one request are batched. */
  async secretsOf({ id, revokedAt }: ServiceClient): Promise<ServiceClientSecret[]> {
    return revokedAt === null ? this.#secrets.load(id) : []
  }

  /** Makes one in the active organisation. @returns it with its secret, which is kept nowhere; null for a public one */
  create(input: CreateServiceClientInput): Promise<{ serviceClient: ServiceClient; secret: string | null }> {
    const viewer = requireViewer(this.viewer)
    const serviceClient = Object.assign(new ServiceClient(), {
      organizationId: viewer.organizationId,
      id: newId(),
      clientId: `sb-${randomUUID()}`,
      name: requireName(input.name),
      kind: input.kind,
      scopes: requireScopes(input.scopes, viewer),
      redirectUris: redirectUrisOf(input),
      createdAt: new Date(),
      expiresAt: requireFuture(input.expiresAt ?? null),
      revokedAt: null,
      lastUsedAt: null,
    })
    return this.em.transactional(async (em) => {
      await em.persist(serviceClient).flush()
      const secret = input.kind === ServiceClientKind.PUBLIC ? null : await this.#addSecret(em, serviceClient)
      await this.#record(em, serviceClient, 'service_client.created', {
        kind: input.kind,
        scopes: serviceClient.scopes.join(' '),
      })
      return { serviceClient, secret }
    })
  }

  /**
   * Adds a secret; the former ones work on for the overlap, or until their own end if that is sooner.
   * @throws {ConflictError} when too many work already
   */
  async rotateSecret(id: string, overlapHours: number): Promise<{ serviceClient: ServiceClient; secret: string }> {
    requireOverlap(overlapHours)
    return this.em.transactional(async (em) => {
      const serviceClient = await this.#own(em, id)
      if (serviceClient.kind === ServiceClientKind.PUBLIC) {
        throw new BadUserInputError('A public client has no secret.', [{ path: 'id', message: 'must be a CONFIDENTIAL client' }])
      }
      const key = [serviceClient.organizationId, serviceClient.id]
      const ended = await em.execute<{ expires_at: string }[]>(
        `update auth.service_client_secrets set expires_at = least(expires_at, now() + make_interval(hours => ?))
         where organization_id = ? and service_client_id = ? and (expires_at is null or expires_at > now()) returning expires_at`,
        [overlapHours, ...key],
      )
      if (overlapHours > 0 && ended.length >= MAX_SECRETS) {
        const message = `This client has ${ended.length} secrets that work. Replace them at once (overlapHours: 0), or wait until one ends.`
        throw new ConflictError(message, { secrets: ended.length })
      }
      const secret = await this.#addSecret(em, serviceClient)
      await this.#record(em, serviceClient, 'service_client.secret_rotated', { overlapHours })
      return { serviceClient, secret }
    })
  }

  /** Ends a service client: it gets no token any more, and those that it has, or people have through it, are refused within a second. */
  async revoke(id: string): Promise<ServiceClient> {
    return this.em.transactional(async (em) => {
      const serviceClient = await this.#own(em, id)
      serviceClient.revokedAt = new Date()
      await em.flush()
      await em.execute('select auth.revoke(?)', [`actor:${serviceClient.id}`])
      await em.execute('select auth.end_client_grants(?)', [serviceClient.id])
      await this.#record(em, serviceClient, 'service_client.revoked', {})
      return serviceClient
    })
  }

  async #addSecret(em: EntityManager, { organizationId, id }: ServiceClient): Promise<string> {
    const secret = randomToken()
    const hash = this.secrets.tokenHash('client secret', secret)
    await em.execute(
      'insert into auth.service_client_secrets (organization_id, id, service_client_id, hash, hint) values (?, ?, ?, ?, ?)',
      [organizationId, newId(), id, hash, secret.slice(-4)],
    )
    return secret
  }

  #record(
    em: EntityManager,
    { organizationId, id }: ServiceClient,
    action: AuditAction,
    details: Record<string, string | number>,
  ) {
    return this.audit.record(em, organizationId, { action, outcome: 'ALLOWED', target: { type: 'ServiceClient', id }, details })
  }

  /** One of the active organisation that is not revoked. @throws {NotFoundError} */
  async #own(em: EntityManager, id: string): Promise<ServiceClient> {
    const { organizationId } = requireViewer(this.viewer)
    const found = isUuid(id) ? await em.findOne(ServiceClient, { organizationId, id, revokedAt: null }) : null
    if (found === null) throw new NotFoundError('service client')
    return found
  }
}

function requireScopes(scopes: string[], viewer: Viewer): string[] {
  const wanted = new Set(scopes)
  const refused = [...wanted].filter((scope) => !(SCOPES as readonly string[]).includes(scope) || !viewer.scopes.has(scope))
  if (wanted.size === 0 || refused.length > 0) {
    const message = wanted.size === 0 ? 'choose at least one' : `not yours to give: ${refused.join(', ').slice(0, 200)}`
    throw new BadUserInputError('A service client needs scopes that you hold yourself.', [{ path: 'scopes', message }])
  }
  return [...wanted]
}

function redirectUrisOf({ kind, redirectUris }: CreateServiceClientInput): string[] {
  if (kind === ServiceClientKind.PUBLIC) return requireRedirectUris(redirectUris)
  if (redirectUris.length > 0) {
    throw new BadUserInputError('A client with a secret acts for its organisation, and sends nobody anywhere.', [
      { path: 'redirectUris', message: 'leave it empty, or make the client PUBLIC' },
    ])
  }
  return []
}

function requireFuture(expiresAt: Date | null): Date | null {
  if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
    throw new BadUserInputError('The end lies in the past.', [{ path: 'expiresAt', message: 'must be in the future' }])
  }
  return expiresAt
}

function requireOverlap(hours: number) {
  if (hours >= 0 && hours <= MAX_OVERLAP_HOURS) return
  throw new BadUserInputError('The former secrets may go on working for a week at most.', [
    { path: 'overlapHours', message: `must be from 0 to ${MAX_OVERLAP_HOURS}` },
  ])
}
