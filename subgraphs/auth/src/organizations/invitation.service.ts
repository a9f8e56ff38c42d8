import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { ConflictError, ForbiddenError, NotFoundError, RateLimitedError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { requireViewer } from '@signalbox/shared/scopes'
import type { Viewer } from '@signalbox/shared/viewer'
import { parseEmail } from '../mail/email-address.ts'
import type { Mailer } from '../mail/mailer.ts'
import { requireName } from '../names.ts'
import { requireSignedInPerson } from '../sessions/signed-in-person.ts'
import { User } from '../users/user.entity.ts'
import { accept, type OpenInvitation } from './accept-invitations.ts'
import { auditRefusal, requireFit, requireStillManages, requireWithinRights } from './granting.ts'
import { invitationMail } from './invitation-mail.ts'
import { Invitation, InvitationStatus } from './invitation.entity.ts'
import type { InviteMemberInput } from './invitation.inputs.ts'
import { Membership } from './membership.entity.ts'
import { Organization } from './organization.entity.ts'
import { ROLE_WORDS } from './roles.ts'

const LIFETIME_MS = 14 * 24 * 3_600_000
/** One address gets this many mails of one organisation, and then none for an hour. */
const MAX_SENDS = 5
const SENDS_MS = 3_600_000
const MAX_OPEN = 200

type InvitationState = 'OPEN' | 'JOINED' | 'USED' | 'WITHDRAWN' | 'EXPIRED'

/** Invitations by mail, into the viewer's active organisation: for one address, for one use, for 14 days. */
export class InvitationService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: Viewer | null,
    private readonly audit: Audit,
    private readonly mailer: Mailer,
    private readonly publicUrl: string,
  ) {}

  /** Those of an organisation that were neither accepted nor withdrawn, newest first; expired ones included. */
  list(organizationId: string): Promise<Invitation[]> {
    const open = { organizationId, acceptedAt: null, withdrawnAt: null }
    return this.em.find(Invitation, open, { orderBy: { sentAt: 'desc', id: 'desc' }, limit: MAX_OPEN })
  }

  /**
   * @throws {ForbiddenError} for a role with rights that the viewer does not hold
   * @throws {ConflictError} for a member, and for an address whose invitation is open
   * @throws {UnavailableError} when the mail cannot be sent; nobody is invited then
   */
  async invite(input: InviteMemberInput): Promise<Invitation> {
    const { organizationId } = requireViewer(this.viewer)
    const organization = await this.em.findOneOrFail(Organization, { id: organizationId })
    const { em: outside, audit } = this
    const attempt = { em: outside, audit, organizationId, action: 'member.invited', details: { role: input.role } } as const
    return auditRefusal(attempt, () => outside.transactional((em) => this.inviteTo(em, organization, input)))
  }

  /** The same in a transaction of the organisation's own tenancy, for one that has just been made. */
  async inviteTo(em: EntityManager, organization: Organization, { email: address, role, displayName }: InviteMemberInput) {
    const viewer = requireViewer(this.viewer)
    const email = parseEmail(address, 'email')
    requireFit(role, organization.kind)
    requireWithinRights(viewer, role)
    await requireStillManages(em, viewer)
    await refuseMember(em, organization.id, email)
    const former = await em.findOne(Invitation, { organizationId: organization.id, email })
    if (former?.status === InvitationStatus.OPEN) throw alreadyInvited(former)
    refuseHaste(former)
    await refuseTooMany(em, organization.id)
    const [saved] = await em.execute<{ id: string }[]>(SAVE, [
      organization.id,
      email,
      displayName ? requireName(displayName, 'displayName') : null,
      role,
      viewer.actorKind === 'USER' ? viewer.actorId : null,
      new Date(Date.now() + LIFETIME_MS),
    ])
    const invitation = await em.findOneOrFail(
      Invitation,
      { organizationId: organization.id, email },
      { refresh: true, disableIdentityMap: true },
    )
    if (saved === undefined) throw alreadyInvited(invitation)
    await this.#record(em, 'member.invited', invitation)
    await this.#send(invitation, organization)
    return invitation
  }

  /** Mails an open or expired invitation again; it is good for another 14 days. @throws {RateLimitedError} after five mails */
  resend(id: string): Promise<Invitation> {
    return this.em.transactional(async (em) => {
      const invitation = await this.#pending(em, id)
      requireWithinRights(requireViewer(this.viewer), invitation.role)
      refuseHaste(invitation)
      Object.assign(invitation, {
        sends: isRecent(invitation) ? invitation.sends + 1 : 1,
        sentAt: new Date(),
        expiresAt: new Date(Date.now() + LIFETIME_MS),
      })
      await em.flush()
      await this.#record(em, 'invitation.resent', invitation)
      await this.#send(invitation, await em.findOneOrFail(Organization, { id: invitation.organizationId }))
      return invitation
    })
  }

  /** @throws {ConflictError} for one that was accepted or withdrawn before */
  withdraw(id: string): Promise<Invitation> {
    return this.em.transactional(async (em) => {
      const invitation = await this.#pending(em, id)
      invitation.withdrawnAt = new Date()
      await em.flush()
      await this.#record(em, 'invitation.withdrawn', invitation)
      return invitation
    })
  }

  /**
   * Makes the viewer a member by an invitation for the viewer's own address. Does nothing for who is a member by it already.
   * @returns the organisation's id
   * @throws {ForbiddenError} for another address' invitation, {ConflictError} for one that is used, withdrawn or expired
   */
  async accept(id: string): Promise<string> {
    const { actorId } = requireSignedInPerson(this.viewer, 'Only a person can accept an invitation.')
    const [row] = isUuid(id)
      ? await this.em.execute<(OpenInvitation & { is_theirs: boolean; state: InvitationState })[]>(
          'select * from auth.invitation_for(?, ?)',
          [id, actorId],
        )
      : []
    if (row === undefined) throw new NotFoundError('invitation')
    if (!row.is_theirs) throw new ForbiddenError(OTHER_ADDRESS)
    if (row.state === 'JOINED') return row.organization_id
    const accepted = row.state === 'OPEN' && (await accept(this.em, { ...row, id }, actorId, this.audit))
    if (!accepted) throw over(row.state === 'OPEN' ? 'USED' : row.state)
    return row.organization_id
  }

  /** One of the active organisation, locked, that was neither accepted nor withdrawn. @throws {NotFoundError} @throws {ConflictError} */
  async #pending(em: EntityManager, id: string): Promise<Invitation> {
    const viewer = requireViewer(this.viewer)
    await requireStillManages(em, viewer)
    const { organizationId } = viewer
    const known = isUuid(id)
      ? await em.execute<unknown[]>('select 1 from auth.invitations where organization_id = ? and id = ? for update', [
          organizationId,
          id,
        ])
      : []
    if (known.length === 0) throw new NotFoundError('invitation')
    const invitation = await em.findOneOrFail(Invitation, { organizationId, id })
    if (invitation.acceptedAt) throw over('USED')
    if (invitation.withdrawnAt) throw over('WITHDRAWN')
    return invitation
  }

  #record(em: EntityManager, action: AuditAction, { organizationId, id, role }: Invitation) {
    return this.audit.record(em, organizationId, {
      action,
      outcome: 'ALLOWED',
      target: { type: 'Invitation', id },
      details: { role },
    })
  }

  #send({ email, role, id, expiresAt }: Invitation, { name }: Organization): Promise<void> {
    const { publicUrl } = this
    return this.mailer.send(invitationMail({ to: email, organization: name, role, invitationId: id, expiresAt, publicUrl }))
  }
}

/** A new invitation in the place of the former one, unless that was opened again in the meantime. */
const SAVE = `insert into auth.invitations as i (organization_id, email, display_name, role, invited_by, expires_at) values (?, ?, ?, ?, ?, ?)
  on conflict (organization_id, email) do update set id = uuidv7(), display_name = excluded.display_name, role = excluded.role,
    invited_by = excluded.invited_by, created_at = now(), sent_at = now(), expires_at = excluded.expires_at,
    accepted_at = null, accepted_by = null, withdrawn_at = null,
    sends = case when i.sent_at > now() - interval '1 hour' then i.sends + 1 else 1 end
  where not auth.is_open(i)
  returning id`

const OTHER_ADDRESS =
  'This invitation is for another address. Sign out, open the link again and sign in with the address that the mail was sent to.'

const ENDINGS: Record<Exclude<InvitationState, 'OPEN' | 'JOINED'>, string> = {
  USED: 'This invitation has been used; each works once. Ask for a new one if you need it.',
  WITHDRAWN: 'This invitation was withdrawn. Ask for a new one if you need it.',
  EXPIRED: 'This invitation has expired: each is good for 14 days. Ask for it to be sent again.',
}

const over = (state: keyof typeof ENDINGS) =>
  new ConflictError(ENDINGS[state], { status: state === 'USED' ? InvitationStatus.ACCEPTED : state })

const alreadyInvited = ({ id, role, expiresAt }: Invitation) =>
  new ConflictError(
    `This address is invited already, as ${ROLE_WORDS[role].name}. Send that invitation again, or withdraw it first.`,
    { invitationId: id, role, expiresAt: expiresAt.toISOString() },
  )

const isRecent = ({ sentAt }: Invitation) => sentAt.getTime() > Date.now() - SENDS_MS

/** @throws {RateLimitedError} */
function refuseHaste(former: Invitation | null) {
  if (former === null || former.sends < MAX_SENDS || !isRecent(former)) return
  throw new RateLimitedError(Math.ceil((former.sentAt.getTime() + SENDS_MS - Date.now()) / 1000))
}

async function refuseMember(em: EntityManager, organizationId: string, email: string) {
  const user = await em.findOne(User, { email })
  const membership = user && (await em.findOne(Membership, { organizationId, userId: user.id, endedAt: null }))
  if (!membership) return
  const { id: membershipId, role } = membership
  throw new ConflictError(
    `This person is a member already, as ${ROLE_WORDS[role].name}. Change the role in the list of members.`,
    {
      membershipId,
      role,
    },
  )
}

async function refuseTooMany(em: EntityManager, organizationId: string) {
  const open = await em.count(Invitation, { organizationId, acceptedAt: null, withdrawnAt: null })
  if (open < MAX_OPEN) return
  throw new ConflictError(`${MAX_OPEN} invitations wait for an answer. Withdraw some of them first.`, { open })
}
