import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons'
import { interrupt, type LangGraphRunnableConfig } from '@langchain/langgraph'
import type { ReviewRequest, WaitRequest } from './interrupts.ts'

/**
 * Stops the step at a question until it is answered; its second run, from its top, gets the answer here. LangGraph's `interrupt` finds its
 * task by an async context that only this needs: steps run without it, which spares them half of LangGraph's own work.
 */
export const ask = <A>(config: LangGraphRunnableConfig, request: ReviewRequest | WaitRequest): A =>
  AsyncLocalStorageProviderSingleton.runWithConfig<A>(config, () => interrupt<ReviewRequest | WaitRequest, A>(request))
