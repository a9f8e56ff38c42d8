import { as } from '../failures.ts'
import { performEffects, type Effect } from '../effects.ts'
import { groundingOf } from '../grounding.ts'
import { outputOf, textOf, type State } from '../state.ts'
import type { Step, StepContext } from './node.ts'

interface EffectResult {
  artifactId?: string
  status?: number
}

/**
 * Does what was decided: stores the result and tells n8n. A reply that nobody approved and that its evidence does not carry is held
 * back, so that reflection can send the run back before anything went out.
 */
export const act: Step = async (state, context) => {
  const { session, node, definition } = context
  if (state.answer === null && groundingOf(state.draft, textOf(state), state.evidence) < definition.policy.minGrounding) {
    return {
      update: { delivery: { delivered: false, artifactId: null, n8nStatus: null } },
      summary: 'Held the reply back: what was found does not carry it.',
    }
  }
  const results = await performEffects(session, node.name, node.agent ?? null, effectsOf(state, context))
  const delivery = {
    delivered: true,
    artifactId: results.find((result) => result.artifactId !== undefined)?.artifactId ?? null,
    n8nStatus: results.find((result) => result.status !== undefined)?.status ?? null,
  }
  return {
    update: { delivery },
    summary:
      delivery.n8nStatus === null
        ? 'Stored the decision and the reply.'
        : 'Stored the decision and the reply, and handed them to n8n.',
  }
}

function effectsOf(state: State, { session, definition }: StepContext): Effect<EffectResult>[] {
  const { leased, tools } = session
  const { organizationId, runId } = leased
  const result = {
    runId,
    workflow: leased.slug,
    request: state.request,
    ...outputOf(state),
    evidence: state.evidence.slice(0, 10),
    agents: definition.agents.map(({ name }) => name),
  }
  const body = Buffer.from(JSON.stringify(result, null, 2))
  const store: Effect<EffectResult> = {
    key: 'artifact:decision.json',
    kind: 'ARTIFACT',
    title: 'store the decision and the reply',
    perform: () =>
      as('TOOL', 'The result could not be stored.', async () => {
        const artifact = await tools.putArtifact(organizationId, runId, {
          name: 'decision.json',
          mediaType: 'application/json',
          body,
        })
        return { artifactId: artifact.id }
      }),
  }
  const { callN8n } = tools
  if (callN8n === null) return [store]
  const tell: Effect<EffectResult> = {
    key: 'n8n',
    kind: 'N8N',
    title: 'hand the decision to n8n',
    perform: () => as('TOOL', 'n8n did not take the decision.', () => callN8n({ idempotencyKey: `${runId}:n8n`, body: result })),
  }
  return [store, tell]
}
