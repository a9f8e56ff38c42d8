import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import type { Transaction } from '../tenant.ts'

/** Of one kind in one organisation, so that their lists stay short. */
const MAX_TRIGGERS = 200

/** @throws {BadUserInputError} naming every fault; null is none */
export function refuseFaults(faults: (FieldFault | false)[]): void {
  const found = faults.filter((fault) => fault !== false)
  if (found.length > 0) throw new BadUserInputError('The trigger cannot be saved.', found)
}

export const nameFault = (name: string): FieldFault | false =>
  !/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name.trim()) && { path: 'name', message: 'must have 1 to 100 characters' }

export const rangeFault = (path: string, value: number, min: number, max: number): FieldFault | false =>
  (value < min || value > max) && { path, message: `must be between ${min} and ${max}` }

/** @throws {BadUserInputError} when the organisation has as many as it may */
export async function checkRoom({ query }: Transaction, table: string, organizationId: string): Promise<void> {
  const [row] = await query<{ count: number }>(`select count(*)::int as count from ${table} where organization_id = $1`, [
    organizationId,
  ])
  if (row!.count >= MAX_TRIGGERS)
    throw new BadUserInputError(`An organisation has at most ${MAX_TRIGGERS} of these.`, [{ path: 'name', message: 'too many' }])
}
