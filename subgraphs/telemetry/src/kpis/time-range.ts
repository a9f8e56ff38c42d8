import { DateTime } from '@signalbox/shared/federation'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import { Field, InputType } from 'type-graphql'

const MAX_DAYS = 5 * 366

@InputType({ description: 'From `from` (included) to `to` (not included), five years at most.' })
export class TimeRange {
  @Field(() => DateTime) from!: Date
  @Field(() => DateTime) to!: Date
}

/** @throws {BadUserInputError} when the range is empty, reversed or longer than five years */
export function checkRange({ from, to }: TimeRange, path = 'range'): void {
  const days = (to.getTime() - from.getTime()) / 86_400_000
  const faults: FieldFault[] = []
  if (!(days > 0)) faults.push({ path: `${path}.to`, message: 'must be after `from`' })
  if (days > MAX_DAYS) faults.push({ path: `${path}.from`, message: 'must be at most five years before `to`' })
  if (faults.length > 0) throw new BadUserInputError(`${faults[0]!.path} ${faults[0]!.message}.`, faults)
}
