import { DateTime } from '@signalbox/shared/federation'
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum CalibrationStatus {
  NONE = 'NONE',
  RUNNING = 'RUNNING',
  READY = 'READY',
  FAILED = 'FAILED',
}
registerEnumType(CalibrationStatus, { name: 'CalibrationStatus', description: 'How far the calibration of a knowledge base is.' })

@ObjectType({ description: 'A vote of that score was right with that probability in cross-validation.' })
export class CalibrationPoint {
  @Field(() => Float) score!: number
  @Field(() => Float) probability!: number
}

/** What leave-one-out cross-validation over the base's own labelled documents found. Kept as JSON on the base. */
@ObjectType({
  description: 'How far decisions by the nearest examples of this base can be trusted, by leave-one-out cross-validation.',
})
export class Calibration {
  @Field(() => Float, { description: 'Decide without a person from this confidence on.' }) threshold!: number
  @Field(() => Float) targetPrecision!: number
  @Field(() => Float, { description: 'Share of all left-out documents whose label was proposed rightly.' }) accuracy!: number
  @Field(() => Float, { description: 'Share of left-out documents at or above the threshold.' }) coverage!: number
  @Field(() => Float, { nullable: true, description: 'Share of those that were right; null when there were none.' }) precision!:
    number | null
  @Field(() => Int, { description: 'Documents that were left out, one at a time.' }) n!: number
  @Field(() => [CalibrationPoint]) curve!: CalibrationPoint[]
  @Field(() => DateTime) calibratedAt!: Date
}
