import type { Calibration } from './calibration.ts'
import { calibrate, type Trial } from './confidence.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import { EVIDENCE, vote } from './vote.ts'

/** Documents that are left out, one at a time: enough to know a precision of 0.95 to a third of a point. */
const SAMPLE = 5_000
/**
 * From this score on a document all but repeats the one that is left out, as lists of examples do and new questions seldom: it has no
 * vote, or the trial would flatter. With it nearest neighbours on the embeddings alone score in trials what they score on unseen questions.
 */
const NEAR_COPY = 0.88
const NEAR_COPIES = 10
const PAGE = 50

/**
 * Leave-one-out cross-validation: each labelled document of a sample is asked as if it were new, through the very search that
 * serves runs, with its stored embedding, without itself and without near copies of itself.
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
        limit: EVIDENCE + NEAR_COPIES,
        exceptDocumentId: documentId,
      })
      const elected = vote(found.filter((hit) => hit.score < NEAR_COPY))
      trials.push({ share: elected?.share ?? 0, right: elected?.label === label })
    }
  }
  return calibrate(trials, targetPrecision)
}
