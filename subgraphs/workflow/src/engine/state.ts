import { Annotation } from '@langchain/langgraph'
import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import type { ReviewAnswer } from './review-request.ts'

/** How the run goes about the request. */
export interface Approach {
  query: string
  /** Names of the bases to look in; the first one's calibration judges the decision. */
  knowledgeBases: string[]
  /** Passages to retrieve from each base. */
  limit: number
}

export interface Decision {
  intent: string
  action: string
  confidence: number
  /** The confidence from which no person is needed; null: always one. */
  threshold: number | null
  rationale: string
  /** Why a person must decide; null when nobody must. */
  personNeeded: string | null
}

/** What `act` did or, when the reply did not hold, did not do. */
export interface Delivery {
  delivered: boolean
  artifactId: string | null
  n8nStatus: number | null
}

export interface Verdict {
  outcome: 'done' | 'search-wider' | 'give-to-person'
  reason: string
}

const value = <T>(initial: () => T) => Annotation<T>({ reducer: (_before, after) => after, default: initial })

/** The graph's state; no step may be named like one of its keys. */
export const TriageState = Annotation.Root({
  request: value<Record<string, unknown>>(() => ({})),
  approach: value<Approach | null>(() => null),
  evidence: value<KnowledgeHit[]>(() => []),
  decision: value<Decision | null>(() => null),
  draft: value<string>(() => ''),
  answer: value<ReviewAnswer | null>(() => null),
  delivery: value<Delivery | null>(() => null),
  verdict: value<Verdict | null>(() => null),
  /** How often reflection asked for a wider search. */
  widened: value<number>(() => 0),
})

export type State = typeof TriageState.State
export type Update = typeof TriageState.Update

/** The text of the request: its `text`, or all its strings. */
export const textOf = ({ request }: Pick<State, 'request'>): string =>
  typeof request['text'] === 'string'
    ? request['text']
    : Object.values(request)
        .filter((part) => typeof part === 'string')
        .join('\n')

/** The run's output, by the built-in output schema. */
export function outputOf({ decision, draft, answer }: State) {
  const rejected = answer?.action === 'REJECT'
  return {
    intent: decision?.intent ?? '',
    confidence: decision?.confidence ?? 0,
    reply: rejected ? '' : draft,
    action: rejected ? 'rejected' : (decision?.action ?? ''),
    automated: answer === null,
  }
}
