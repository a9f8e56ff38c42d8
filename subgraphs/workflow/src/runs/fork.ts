import { BadUserInputError, NotFoundError } from '@signalbox/shared/errors'
import type { Transaction } from '../tenant.ts'
import { toText } from '../json.ts'
import type { WorkflowVersion } from '../workflows/workflow-version.entity.ts'
import type { Run } from './run.entity.ts'
import { isObject, mergePatch, nextOf, stateOf, withState, type EditableState } from './saved-state.ts'

/** @throws {NotFoundError} */
export async function readCheckpoint({ query }: Transaction, run: Run, checkpointId: string): Promise<{ data: Buffer }> {
  const [saved] = await query<{ data: Buffer }>(
    `select data from checkpoint.checkpoints where organization_id = $1 and run_id = $2 and namespace = '' and id = $3`,
    [run.organizationId, run.id, toText(checkpointId)],
  )
  if (saved === undefined) throw new NotFoundError('saved state of this run')
  return saved
}

/**
 * A saved state as a fork on the given version begins with it.
 * @param patch a merge patch on `{ input, results }`
 * @throws {BadUserInputError} when nothing follows the state, the version lacks a step that would, or the patch does not fit
 */
export function forkedState(data: Buffer, patch: unknown, { number, definition }: WorkflowVersion) {
  const next = nextOf(data)
  if (next.length === 0) throw refused('checkpointId', 'Nothing follows this state: the run was at its end.')
  const names = new Set(['__start__', ...definition.nodes.map(({ name }) => name)])
  const unknown = next.filter((name) => !names.has(name))
  if (unknown.length > 0) {
    const steps = unknown.map((name) => `"${name}"`).join(' and ')
    throw refused('version', `Version ${number} has no step ${steps}, with which a run would go on from this state.`)
  }
  const state = patched(stateOf(data), patch, names)
  return { data: withState(data, state), input: state.input, next: wordsOf(next) }
}

function patched(state: EditableState, patch: unknown, names: Set<string>): EditableState {
  if (!isObject(patch)) throw refused('state', 'The change must be an object with `input` or `results`.')
  const stray = Object.keys(patch).find((key) => key !== 'input' && key !== 'results')
  if (stray !== undefined) throw refused(`state.${stray}`, 'Only `input` and `results` can be changed.')
  const { input, results } = mergePatch({ input: state.input, results: state.results }, patch) as Partial<EditableState>
  if (!isObject(input)) throw refused('state.input', 'The input must be an object.')
  const kept = results ?? {}
  if (!isObject(kept)) throw refused('state.results', 'The results must be an object by step.')
  // Results that other versions left are kept as they are; new ones belong to a step.
  const odd = Object.keys(kept).find((key) => !(key in state.results) && !names.has(key.replace(/\[\d+\]$/, '')))
  if (odd !== undefined) throw refused(`state.results.${odd}`, `There is no step "${odd}".`)
  return { ...state, input, results: kept }
}

const wordsOf = (next: string[]) =>
  next.map((name) => (name === '__start__' ? 'the first step' : `the step "${name}"`)).join(' and ')

const refused = (path: string, message: string) => new BadUserInputError(message, [{ path, message }])
