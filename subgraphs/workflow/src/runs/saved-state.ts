/** A checkpoint's channels as LangGraph writes them: our state, and what says which steps come next. */
interface SavedCheckpointData {
  channel_values: Record<string, unknown>
}

/** What a person sees and may change of a saved state. */
export interface EditableState {
  input: Record<string, unknown>
  results: Record<string, unknown>
  [key: string]: unknown
}

const START = '__start__'

/** The state without LangGraph's own channels; before the first step it is what the run was started with. */
export function stateOf(data: Buffer): EditableState {
  const { channel_values: values } = JSON.parse(data.toString('utf8')) as SavedCheckpointData
  const own = Object.entries(values).filter(([channel]) => !/^(__|branch:|join:)/.test(channel))
  const given = values[START] as { input?: Record<string, unknown> } | undefined
  const state = Object.fromEntries(own) as Partial<EditableState>
  return { ...state, input: given?.input ?? state.input ?? {}, results: state.results ?? {} }
}

/** The steps that would run next, `__start__` before the first; none at the end. */
export function nextOf(data: Buffer): string[] {
  const { channel_values: values } = JSON.parse(data.toString('utf8')) as SavedCheckpointData
  const next = Object.entries(values).flatMap(([channel, value]) => {
    if (channel === START) return [START]
    if (channel.startsWith('branch:to:')) return [channel.slice('branch:to:'.length)]
    if (channel === '__pregel_tasks') return (value as { node?: string }[]).flatMap(({ node }) => node ?? [])
    return channel.startsWith('join:') && isComplete(channel, value) ? [channel.slice(channel.lastIndexOf(':') + 1)] : []
  })
  return [...new Set(next)]
}

/** `join:<a>+<b>:<step>` holds those of its steps that have come. */
const isComplete = (channel: string, seen: unknown) =>
  Array.isArray(seen) && seen.length === channel.slice('join:'.length, channel.lastIndexOf(':')).split('+').length

/** The same checkpoint with another input and other results. */
export function withState(data: Buffer, { input, results }: EditableState): Buffer {
  const saved = JSON.parse(data.toString('utf8')) as SavedCheckpointData
  const values = saved.channel_values
  const changed = START in values ? { [START]: { ...(values[START] as object), input, results } } : { input, results }
  return Buffer.from(JSON.stringify({ ...saved, channel_values: { ...values, ...changed } }))
}

/** JSON Merge Patch (RFC 7396): null takes a member away, an object changes members, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
