import type { Egress } from '@signalbox/shared/egress'
import { OfflineModel } from './offline-model.ts'
import { OpenAiModel } from './openai-model.ts'
import type { ReasoningModel } from './reasoning-model.ts'

export interface ReasoningEnv {
  OPENAI_BASE_URL?: string | undefined
  OPENAI_API_KEY?: string | undefined
  OPENAI_MODEL?: string | undefined
}

/** The configured model: `offline` unless a key or an address of an OpenAI-compatible server is set. */
export function createReasoningModel(
  { OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL }: ReasoningEnv,
  egress: Egress,
): ReasoningModel {
  if (OPENAI_API_KEY === undefined && OPENAI_BASE_URL === undefined) return new OfflineModel()
  return new OpenAiModel({
    baseUrl: OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    apiKey: OPENAI_API_KEY ?? 'none',
    model: OPENAI_MODEL ?? 'gpt-4.1-mini',
    egress,
  })
}
