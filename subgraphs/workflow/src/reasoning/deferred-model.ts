import type { ReasoningModel } from './reasoning-model.ts'

/** A model that is opened when it is asked: its secret is decrypted no sooner, and a fault in it is the call's. */
export function deferredModel(name: string, open: () => Promise<ReasoningModel>): ReasoningModel {
  return {
    name,
    decide: async (request) => (await open()).decide(request),
    draft: async (request) => (await open()).draft(request),
    extract: async (request) => (await open()).extract(request),
    chooseTool: async (request) => (await open()).chooseTool(request),
  }
}
