import type { EntityManager } from '@mikro-orm/postgresql'
import { BadUserInputError, ConflictError, ForbiddenError, type FieldFault } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import type { Outcome, RecordOutcomeInput, RecordOutcomePayload } from './outcome.types.ts'

/** Before its time is made a date. */
type OutcomeRow = Omit<Outcome, 'at'> & { at: string }

const COLUMNS = 'key, case_id as "caseId", kind, at, value'
/** Clocks of other systems may run ahead by so much. */
const CLOCK_SKEW_MS = 5 * 60_000

export class OutcomeService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: () => Viewer,
  ) {}

  /**
   * Records one outcome in the active organisation and corrects everything that rests on it, in one transaction.
   * @throws {ConflictError} when the key stands for something else; {ForbiddenError} when the case is another readable organisation's
   */
  async record(input: RecordOutcomeInput): Promise<RecordOutcomePayload> {
    checkOutcome(input)
    return this.em.transactional(async (em) => {
      await this.#checkCase(em, input.caseId)
      const stored = await this.#insert(em, input)
      if (stored !== null) {
        const { organizationId } = this.viewer()
        const keys = JSON.stringify([{ organization_id: organizationId, case_id: input.caseId }])
        await em.execute('select telemetry.refresh_cases(?::jsonb)', [keys])
        await em.execute("select pg_notify('telemetry_changed', ?)", [organizationId])
        return { outcome: stored, created: true }
      }
      const outcome = await this.#find(em, input.key)
      if (!isSame(outcome, input)) throw new ConflictError('This key already stands for another outcome.', outcome)
      return { outcome, created: false }
    })
  }

  /** An agency's member who has not switched to the client would otherwise write where nobody looks for it. */
  async #checkCase(em: EntityManager, caseId: string): Promise<void> {
    const owners = await em.execute<{ own: boolean }[]>(
      'select organization_id = ?::uuid as own from telemetry.cases where case_id = ? and organization_id = any (?::uuid[])',
      [this.viewer().organizationId, caseId, `{${this.viewer().organizationIds.join(',')}}`],
    )
    if (owners.length > 0 && !owners.some(({ own }) => own)) {
      throw new ForbiddenError('This case belongs to another organisation: switch to it first.')
    }
  }

  async #insert(em: EntityManager, { key, caseId, kind, at, value }: RecordOutcomeInput): Promise<Outcome | null> {
    const { organizationId, actorId } = this.viewer()
    const [row] = await em.execute<OutcomeRow[]>(
      `insert into telemetry.outcome (organization_id, key, case_id, kind, at, value, recorded_by) values (?, ?, ?, ?, ?::timestamptz, ?, ?)
       on conflict do nothing returning ${COLUMNS}`,
      [organizationId, key, caseId, kind, at.toISOString(), value ?? null, actorId],
    )
    return row === undefined ? null : { ...row, at: new Date(row.at) }
  }

  async #find(em: EntityManager, key: string): Promise<Outcome> {
    const [row] = await em.execute<OutcomeRow[]>(
      `select ${COLUMNS} from telemetry.outcome where organization_id = ? and key = ?`,
      [this.viewer().organizationId, key],
    )
    return { ...row!, at: new Date(row!.at) }
  }
}

const isSame = (stored: Outcome, input: RecordOutcomeInput) =>
  stored.caseId === input.caseId &&
  stored.kind === input.kind &&
  stored.at.getTime() === input.at.getTime() &&
  stored.value === (input.value ?? null)

function checkOutcome({ key, caseId, kind, at, value }: RecordOutcomeInput): void {
  const faults: FieldFault[] = []
  for (const [name, text] of Object.entries({ key, caseId })) {
    if (text.trim() === '' || text.length > 200 || text.includes('\0')) {
      faults.push({ path: `input.${name}`, message: 'must have 1 to 200 characters' })
    }
  }
  if (at.getTime() > Date.now() + CLOCK_SKEW_MS) faults.push({ path: 'input.at', message: 'must not be in the future' })
  const fault = valueFault(kind, value ?? null)
  if (fault !== null) faults.push({ path: 'input.value', message: fault })
  if (faults.length > 0) throw new BadUserInputError('The outcome cannot be recorded as it is.', faults)
}

function valueFault(kind: RecordOutcomeInput['kind'], value: number | null): string | null {
  if (kind === 'RATED')
    return value !== null && Number.isInteger(value) && value >= 1 && value <= 5 ? null : 'must be a whole number from 1 to 5'
  if (kind === 'HUMAN_MINUTES')
    return value !== null && value >= 0 && value <= 100_000 ? null : 'must be minutes from 0 to 100,000'
  return value === null ? null : `must be absent for ${kind}`
}
