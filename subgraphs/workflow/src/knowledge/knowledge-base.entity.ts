import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'
import { Calibration, CalibrationStatus } from './calibration.ts'

/** A calibration that has not ended by then belongs to a process that died. */
export const CALIBRATION_LIMIT_MS = 600_000

@Entity({ schema: 'workflow', tableName: 'knowledge_bases' })
@ObjectType({ description: 'Documents of one organisation that runs retrieve from and decide by.' })
export class KnowledgeBase {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'text' })
  @Field(() => String, { description: 'Unique in its organisation; mutations take it or the id.' })
  name!: string

  @Property({ type: 'text' })
  @Field(() => String)
  embeddingModel!: string

  @Property({ type: 'json', nullable: true })
  @Field(() => Calibration, { nullable: true, description: 'The last one that ended well.' })
  calibration!: Calibration | null

  @Property({ type: 'text', fieldName: 'calibration_status' })
  storedCalibrationStatus!: CalibrationStatus

  @Property({ type: 'timestamptz', nullable: true })
  calibrationStartedAt!: Date | null

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date

  @Field(() => CalibrationStatus)
  get calibrationStatus(): CalibrationStatus {
    const abandoned = (this.calibrationStartedAt?.getTime() ?? 0) < Date.now() - CALIBRATION_LIMIT_MS
    return this.storedCalibrationStatus === CalibrationStatus.RUNNING && abandoned
      ? CalibrationStatus.FAILED
      : this.storedCalibrationStatus
  }
}
