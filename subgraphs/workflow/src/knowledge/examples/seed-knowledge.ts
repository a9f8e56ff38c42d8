import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DEMO } from '@signalbox/shared/demo'
import { CalibrationStatus } from '../calibration.ts'
import type { KnowledgeBase } from '../knowledge-base.entity.ts'
import type { KnowledgeService } from '../knowledge.service.ts'

/** 280 questions to the support of a small bank and shop with their intents, written for this project. The path holds from `dist` too. */
export const SUPPORT_EXAMPLES = fileOf('support-examples.csv')
/** 70 messages from the contact form of a small software company with what their writers are after, written for this project. */
const LEAD_EXAMPLES = fileOf('lead-examples.csv')

export interface SupportExample {
  text: string
  label: string
}

/** Columns `text,label`; a text with a comma stands in quotes, and none holds a quote. */
export function readSupportExamples(file = SUPPORT_EXAMPLES): SupportExample[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const at = line.lastIndexOf(',')
    return { text: line.slice(0, at).replaceAll(/^"|"$/g, ''), label: line.slice(at + 1) }
  })
}

/** Fills and calibrates the demo's knowledge base. A second time changes nothing. */
export const seedKnowledge = (knowledge: KnowledgeService, organizationId: string = DEMO.clientId): Promise<KnowledgeBase> =>
  seedBase(knowledge, organizationId, { base: DEMO.knowledgeBase, file: SUPPORT_EXAMPLES, key: 'support' })

/** The same for the base of the workflow lead-qualification. */
export const seedLeads = (
  knowledge: KnowledgeService,
  base: string,
  organizationId: string = DEMO.clientId,
): Promise<KnowledgeBase> => seedBase(knowledge, organizationId, { base, file: LEAD_EXAMPLES, key: 'lead' })

async function seedBase(
  knowledge: KnowledgeService,
  organizationId: string,
  { base, file, key }: { base: string; file: string; key: string },
): Promise<KnowledgeBase> {
  const { name } = await knowledge.create(organizationId, base)
  const documents = readSupportExamples(file).map((example, at) => ({ key: `${key}-${at + 1}`, ...example }))
  const { added, updated, knowledgeBase } = await knowledge.ingest({ knowledgeBase: name, documents }, organizationId)
  const isCalibrated = knowledgeBase.calibrationStatus === CalibrationStatus.READY
  if (isCalibrated && added + updated === 0) return knowledgeBase
  return knowledge.calibrate({ knowledgeBase: knowledgeBase.id, targetPrecision: 0.95 }, organizationId)
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(`../../../src/knowledge/examples/${name}`, import.meta.url))
}
