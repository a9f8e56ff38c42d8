import type { Calibration } from './calibration.ts'
import { calibrate, type Trial } from './confidence.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import { EVIDENCE, vote } from './vote.ts'

/** Documents that are left out, one at a time: enough to know a precision of 0.95 to half a point. */
const SAMPLE = 2_500
const PAGE = 50

/**
 * Leave-one-out cross-validation: each labelled document of a sample is asked as if it were new, through the very search that
 * serves runs, with its stored embedding and without itself.
 * @param sampleOf gives the ids of labelled documents
 */
export async function calibrateBase(
  base: KnowledgeBase,
  targetPrecision: number,
  index: KnowledgeIndex,
  sampleOf: (size: number) => Promise<string[]>,
): Promise<Calibration> {
  const ids = await sampleOf(SAMPLE)
  const trials: Trial[] = []
  for (let at = 0; at < ids.length; at += PAGE) {
    for (const { documentId, text, label, embedding } of await index.examples(base.organizationId, ids.slice(at, at + PAGE))) {
      const found = await index.search({
        organizationId: base.organizationId,
        knowledgeBaseId: base.id,
        text,
        embedding,
        limit: EVIDENCE,
        exceptDocumentId: documentId,
      })
      const elected = vote(found)
      trials.push({ share: elected?.share ?? 0, right: elected?.label === label })
    }
  }
  return calibrate(trials, targetPrecision)
}
