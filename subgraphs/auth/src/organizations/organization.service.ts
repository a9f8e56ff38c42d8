import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit } from '@signalbox/shared/audit'
import { BadUserInputError, ForbiddenError, NotFoundError } from '@signalbox/shared/errors'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { isUuid, newId } from '@signalbox/shared/ids'
import { requireViewer } from '@signalbox/shared/scopes'
import { tenantSession } from '@signalbox/shared/tenancy'
import type { Viewer } from '@signalbox/shared/viewer'
import DataLoader from 'dataloader'
import { requireName } from '../names.ts'
import { isInDashboard } from '../sessions/signed-in-person.ts'
import type { AgencyAccess, AgencyProgram } from './agency-access.type.ts'
import { heldMemberships } from './held-memberships.ts'
import type { Invitation } from './invitation.entity.ts'
import type { InvitationService } from './invitation.service.ts'
import type { CreateOrganizationInput, UpdateOrganizationInput } from './organization.inputs.ts'
import { Organization } from './organization.entity.ts'
import { reachableOrganizations } from './rights.ts'
import { OrganizationKind, Role } from './roles.ts'

/** Of one agency. What `LONGEST_TOKEN` of shared/src/viewer.ts has room for. */
const MAX_CLIENTS = 400

/** Somebody of a client's agency, as `auth.agency_people` gives it. */
interface AgencyPersonRow {
  agency_name: string
  user_id: string | null
  role: Role
  since: string
}

export class OrganizationService {
  readonly #organizations: DataLoader<string, Organization | null>

  constructor(
    private readonly em: EntityManager,
    private readonly viewer: Viewer | null,
    private readonly audit: Audit,
    private readonly invitations: InvitationService,
  ) {
    this.#organizations = new DataLoader(async (ids) => {
      const found = new Map(
        (await em.find(Organization, { id: { $in: ids } })).map((organization) => [organization.id, organization]),
      )
      return ids.map((id) => found.get(id) ?? null)
    })
  }

  /** The organisation, or null when there is none that the viewer reads. Calls of one request are batched. */
  async find(id: string): Promise<Organization | null> {
    return isUuid(id) && this.viewer !== null ? this.#organizations.load(id) : null
  }

  /** @throws {NotFoundError} */
  async get(id: string): Promise<Organization> {
    const organization = await this.find(id)
    if (organization === null) throw new NotFoundError('organization')
    return organization
  }

  /** Those of the given ones that the viewer reads, agencies first, then by name. */
  async list(ids: string[]): Promise<Organization[]> {
    return this.em.find(Organization, { id: { $in: ids } }, { orderBy: { kind: 'asc', name: 'asc', id: 'asc' } })
  }

  /** Every organisation that the viewer reads, or could act in after switching: an application cannot, and learns of no others. */
  async reachable(): Promise<Organization[]> {
    const viewer = requireViewer(this.viewer)
    const held = isInDashboard(viewer)
      ? reachableOrganizations(await heldMemberships(this.em, viewer.actorId))
      : viewer.organizationIds
    const em = this.em.fork({ session: tenantSession(viewer.organizationId, held) })
    return em.find(Organization, { id: { $in: held } }, { orderBy: { kind: 'asc', name: 'asc', id: 'asc' } })
  }

  /** The agency of a client, and its people and programs, which reach the client too; null for an agency. */
  async agencyAccess({ id }: Organization): Promise<AgencyAccess | null> {
    const rows = await this.em.execute<AgencyPersonRow[]>('select * from auth.agency_people(?)', [id])
    if (rows[0] === undefined) return null
    const people = rows.flatMap(({ user_id: userId, role, since }) =>
      userId === null ? [] : [{ userId, role, since: new Date(since) }],
    )
    const programs = await this.em.execute<AgencyProgram[]>('select * from auth.agency_programs(?)', [id])
    return { name: rows[0].agency_name, people, programs }
  }

  /**
   * Makes a client of the viewer's agency, with its first owner invited in the same step.
   * @throws {ForbiddenError} outside an agency @throws {BadUserInputError} when it has 400 clients @throws {UnavailableError} when the owner cannot be mailed; nothing is made then
   */
  async create(input: CreateOrganizationInput): Promise<{ organization: Organization; invitation: Invitation | null }> {
    const agency = await this.get(requireViewer(this.viewer).organizationId)
    if (agency.kind !== OrganizationKind.AGENCY)
      throw new ForbiddenError('Only an agency can take on clients. Switch to the agency first.')
    const organization = Object.assign(new Organization(), {
      id: newId(),
      name: requireName(input.name),
      kind: OrganizationKind.CLIENT,
      agencyId: agency.id,
      timeZone: requireTimeZone(input.timeZone ?? agency.timeZone),
    })
    let invitation: Invitation | null = null
    await saveOrganization(this.em, organization, async (em) => {
      await requireRoom(em, agency)
      const target = { type: 'Organization', id: organization.id }
      const entry = { action: 'organization.created', outcome: 'ALLOWED', target } as const
      for (const trail of [agency.id, organization.id]) await this.audit.record(em, trail, entry)
      if (!input.ownerEmail) return
      invitation = await this.invitations.inviteTo(em, organization, { email: input.ownerEmail, role: Role.CLIENT_OWNER })
    })
    return { organization, invitation }
  }

  /** Changes the active organisation. */
  update({ name, timeZone }: UpdateOrganizationInput): Promise<Organization> {
    const { organizationId: id } = requireViewer(this.viewer)
    return this.em.transactional(async (em) => {
      const organization = await em.findOne(Organization, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      if (organization === null) throw new NotFoundError('organization')
      if (name != null) organization.name = requireName(name)
      if (timeZone != null) organization.timeZone = requireTimeZone(timeZone)
      await em.flush()
      await announce(em, organization)
      const details = { name: name != null, timeZone: timeZone != null }
      const target = { type: 'Organization', id }
      await this.audit.record(em, id, { action: 'organization.changed', outcome: 'ALLOWED', target, details })
      return organization
    })
  }
}

/**
 * Stores a new organisation in its own tenancy, with its event; does nothing when the id is taken.
 * @param also what belongs into the same transaction
 */
export async function saveOrganization(
  em: EntityManager,
  organization: Organization,
  also: (tenant: EntityManager) => Promise<void> = async () => {},
): Promise<void> {
  const { id, name, kind, agencyId, timeZone } = organization
  await em.fork({ session: tenantSession(id) }).transactional(async (tenant) => {
    const created = await tenant.execute<unknown[]>(
      `insert into auth.organizations (id, name, kind, agency_id, time_zone) values (?, ?, ?, ?, ?) on conflict do nothing returning id`,
      [id, name, kind, agencyId, timeZone],
    )
    if (created.length === 0) return
    await announce(tenant, organization)
    await also(tenant)
  })
}

/**
 * The access token of an agency's member names every client, and has to fit into the headers of a request. Call it with the new client
 * stored: of many at once, those that are one too many are refused.
 */
async function requireRoom(em: EntityManager, { id }: Organization): Promise<void> {
  const [{ clients }] = await em.execute<[{ clients: number }]>('select auth.client_count(?) as clients', [id])
  if (clients <= MAX_CLIENTS) return
  const message = `An agency has at most ${MAX_CLIENTS} clients. Ask the operator for a second agency.`
  throw new BadUserInputError(message, [{ path: 'input.name', message: `no room: there are ${MAX_CLIENTS} clients` }])
}

const announce = (em: EntityManager, { id, name, kind, agencyId, timeZone }: Organization) =>
  appendEvent(em, id, 'organization.saved', { organizationId: id, name, kind, agencyId, timeZone })

function requireTimeZone(timeZone: string): string {
  if (!Intl.supportedValuesOf('timeZone').includes(timeZone) && timeZone !== 'UTC') {
    throw new BadUserInputError('There is no such time zone.', [
      { path: 'timeZone', message: 'must be an IANA name: Europe/Berlin' },
    ])
  }
  return timeZone
}
