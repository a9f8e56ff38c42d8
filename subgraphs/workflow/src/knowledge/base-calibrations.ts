import { ConflictError } from '@signalbox/shared/errors'
import { calibrateBase } from './calibrate-base.ts'
import { CalibrationStatus } from './calibration.ts'
import { DocumentStore } from './document-store.ts'
import { CALIBRATION_LIMIT_MS, type KnowledgeBase } from './knowledge-base.entity.ts'
import type { KnowledgeBases } from './knowledge-bases.ts'
import { checkRange } from './knowledge.faults.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import type { CalibrateKnowledgeBaseInput } from './knowledge.inputs.ts'

/** One calibration a base at a time. */
export class BaseCalibrations {
  constructor(
    private readonly bases: KnowledgeBases,
    private readonly index: KnowledgeIndex,
  ) {}

  /** @returns the base as it is now, and a promise of the end @throws {ConflictError} while one is running */
  async begin({ knowledgeBase, targetPrecision }: CalibrateKnowledgeBaseInput, organizationId: string) {
    checkRange('input.targetPrecision', targetPrecision, 0.5, 0.999)
    const { id } = await this.bases.own(knowledgeBase, organizationId)
    const claimed = await this.bases.run((em) =>
      em.execute<object[]>(
        `update workflow.knowledge_bases set calibration_status = 'RUNNING', calibration_started_at = date_trunc('milliseconds', clock_timestamp())
         where organization_id = ? and id = ? and (calibration_status <> 'RUNNING' or calibration_started_at < clock_timestamp() - ? * interval '1 ms')
         returning id`,
        [organizationId, id, CALIBRATION_LIMIT_MS],
      ),
    )
    if (claimed.length === 0)
      throw new ConflictError('This knowledge base is being calibrated already.', {
        calibrationStatus: CalibrationStatus.RUNNING,
      })
    const base = await this.bases.own(id, organizationId)
    return { base, done: this.#calibrate(base, targetPrecision) }
  }

  async #calibrate(base: KnowledgeBase, targetPrecision: number): Promise<void> {
    try {
      const calibration = await calibrateBase(base, targetPrecision, this.index, (size) =>
        this.bases.run((em) => new DocumentStore(em, base).labelledSample(size)),
      )
      await this.#end(base, CalibrationStatus.READY, JSON.stringify(calibration))
    } catch (error) {
      await this.#end(base, CalibrationStatus.FAILED, null).catch(() => {})
      throw error
    }
  }

  async #end(base: KnowledgeBase, status: CalibrationStatus, calibration: string | null): Promise<void> {
    await this.bases.run((em) =>
      em.execute(
        `update workflow.knowledge_bases set calibration_status = ?, calibration = coalesce(?::jsonb, calibration)
         where organization_id = ? and id = ? and calibration_started_at = ?`,
        [status, calibration, base.organizationId, base.id, base.calibrationStartedAt],
      ),
    )
  }
}
