import type { Logger } from '@signalbox/shared/logger'
import { ModelError } from './model-error.ts'
import { previewOnce } from './model-request.ts'
import type {
  CallOptions,
  ChooseToolRequest,
  DecideRequest,
  DraftRequest,
  ExtractRequest,
  ModelDecision,
  ModelDraft,
  ModelExtraction,
  ReasoningModel,
  ToolChoice,
} from './reasoning-model.ts'

/**
 * Several models, each for when the one before it fails for the moment or is wrongly set up. A refusal, a tool that may not be used and a call
 * that was given up are final: no other model is asked. The usage names the one that answered; rationale and log say that it was not the first.
 */
export class ModelChain implements ReasoningModel {
  readonly name: string
  readonly isLocal: boolean

  /** @param models one or more, the preferred first */
  constructor(
    private readonly models: ReasoningModel[],
    private readonly log: Logger,
  ) {
    this.name = models.map(({ name }) => name).join(' > ')
    this.isLocal = models.every(({ isLocal }) => isLocal === true)
  }

  /** A chain of what each model becomes. */
  map(change: (model: ReasoningModel) => ReasoningModel): ModelChain {
    return new ModelChain(this.models.map(change), this.log)
  }

  async decide(request: DecideRequest): Promise<ModelDecision> {
    const { answer, note } = await this.#ask(request, (model, options) => model.decide({ ...request, ...options }))
    return { ...answer, rationale: `${answer.rationale}${note}` }
  }

  async draft(request: DraftRequest): Promise<ModelDraft> {
    return (await this.#ask(request, (model, options) => model.draft({ ...request, ...options }))).answer
  }

  async extract(request: ExtractRequest): Promise<ModelExtraction> {
    return (await this.#ask(request, (model, options) => model.extract({ ...request, ...options }))).answer
  }

  async chooseTool(request: ChooseToolRequest): Promise<ToolChoice> {
    const { answer, note } = await this.#ask(request, (model, options) => model.chooseTool({ ...request, ...options }))
    return { ...answer, rationale: `${answer.rationale}${note}` }
  }

  async #ask<T>({ signal, onToken }: CallOptions, ask: (model: ReasoningModel, options: CallOptions) => Promise<T>) {
    const preview = previewOnce(onToken)
    const failed: string[] = []
    for (const [index, model] of this.models.entries()) {
      signal?.throwIfAborted()
      try {
        const answer = await ask(model, { signal, onToken: preview() })
        return { answer, note: failed.length === 0 ? '' : ` (Answered by ${model.name}, because ${failed.join('; ')}.)` }
      } catch (error) {
        const next = this.models[index + 1]
        const mayGoOn = error instanceof ModelError && (error.retryable || error.misconfigured)
        if (signal?.aborted === true || !mayGoOn || next === undefined) throw error
        this.log.warn({ err: error, model: model.name, next: next.name }, 'a model failed; the next one of the chain is asked')
        failed.push(`${model.name} failed: ${error.message.replace(/\.$/, '')}`)
      }
    }
    throw new Error('a chain has at least one model')
  }
}
