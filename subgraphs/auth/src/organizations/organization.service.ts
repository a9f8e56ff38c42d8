import type { EntityManager } from '@mikro-orm/postgresql'
import { BadUserInputError, ForbiddenError, NotFoundError } from '@signalbox/shared/errors'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { requireViewer } from '@signalbox/shared/scopes'
import { tenantSession } from '@signalbox/shared/tenancy'
import type { Viewer } from '@signalbox/shared/viewer'
import DataLoader from 'dataloader'
import { isUuid, newId } from '@signalbox/shared/ids'
import { requireName } from '../names.ts'
import { heldMemberships } from './held-memberships.ts'
import type { CreateOrganizationInput } from './organization.inputs.ts'
import { Organization } from './organization.entity.ts'
import { reachableOrganizations } from './rights.ts'
import { OrganizationKind } from './roles.ts'

export class OrganizationService {
  readonly #organizations: DataLoader<string, Organization | null>

  constructor(
    private readonly em: EntityManager,
    private readonly viewer: Viewer | null,
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

  /** Every organisation that the viewer reads, or could act in after switching. */
  async reachable(): Promise<Organization[]> {
    const viewer = requireViewer(this.viewer)
    const held =
      viewer.actorKind === 'USER'
        ? reachableOrganizations(await heldMemberships(this.em, viewer.actorId))
        : viewer.organizationIds
    const em = this.em.fork({ session: tenantSession(viewer.organizationId, held) })
    return em.find(Organization, { id: { $in: held } }, { orderBy: { kind: 'asc', name: 'asc', id: 'asc' } })
  }

  /** Makes a client of the viewer's agency. @throws {ForbiddenError} outside an agency */
  async create(input: CreateOrganizationInput): Promise<Organization> {
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
    await saveOrganization(this.em, organization)
    return organization
  }
}

/** Stores a new organisation in its own tenancy, with its event; does nothing when the id is taken. */
export async function saveOrganization(em: EntityManager, organization: Organization): Promise<void> {
  const { id, name, kind, agencyId, timeZone } = organization
  await em.fork({ session: tenantSession(id) }).transactional(async (tenant) => {
    const created = await tenant.execute<unknown[]>(
      `insert into auth.organizations (id, name, kind, agency_id, time_zone) values (?, ?, ?, ?, ?) on conflict do nothing returning id`,
      [id, name, kind, agencyId, timeZone],
    )
    if (created.length > 0)
      await appendEvent(tenant, id, 'organization.saved', { organizationId: id, name, kind, agencyId, timeZone })
  })
}

function requireTimeZone(timeZone: string): string {
  if (!Intl.supportedValuesOf('timeZone').includes(timeZone) && timeZone !== 'UTC') {
    throw new BadUserInputError('There is no such time zone.', [
      { path: 'timeZone', message: 'must be an IANA name: Europe/Berlin' },
    ])
  }
  return timeZone
}
