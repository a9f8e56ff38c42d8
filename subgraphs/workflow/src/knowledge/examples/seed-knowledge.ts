import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DEMO } from '@signalbox/shared/demo'
import { CalibrationStatus } from '../calibration.ts'
import type { KnowledgeBase } from '../knowledge-base.entity.ts'
import type { KnowledgeService } from '../knowledge.service.ts'

/** 280 questions to the support of a small bank and shop with their intents, written for this project. The path holds from `dist` too. */
export const SUPPORT_EXAMPLES = fileURLToPath(new URL('../../../src/knowledge/examples/support-examples.csv', import.meta.url))

export interface SupportExample {
  text: string
  label: string
}

/** Columns `text,label`; a text with a comma stands in quotes, and none holds a quote. */
export function readSupportExamples(): SupportExample[] {
  const [, ...lines] = readFileSync(SUPPORT_EXAMPLES, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const at = line.lastIndexOf(',')
    return { text: line.slice(0, at).replaceAll(/^"|"$/g, ''), label: line.slice(at + 1) }
  })
}

/** Fills and calibrates the demo's knowledge base. A second time changes nothing. */
export async function seedKnowledge(knowledge: KnowledgeService, organizationId: string = DEMO.clientId): Promise<KnowledgeBase> {
  const { name } = await knowledge.create(organizationId, DEMO.knowledgeBase)
  const documents = readSupportExamples().map((example, at) => ({ key: `support-${at + 1}`, ...example }))
  const { added, updated, knowledgeBase } = await knowledge.ingest({ knowledgeBase: name, documents }, organizationId)
  const isCalibrated = knowledgeBase.calibrationStatus === CalibrationStatus.READY
  if (isCalibrated && added + updated === 0) return knowledgeBase
  return knowledge.calibrate({ knowledgeBase: knowledgeBase.id, targetPrecision: 0.95 }, organizationId)
}
