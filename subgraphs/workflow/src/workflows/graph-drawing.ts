import type { WorkflowDefinition } from './definition.ts'
import type { StateGraph } from './state-graph.ts'

const WORDS: Record<string, string> = {
  'needs-person': 'a person must decide',
  'decided-automatically': 'sure enough',
  accepted: 'approved, edited or answered',
  rejected: 'rejected',
  done: 'the reply holds',
  'search-wider': 'the reply is not grounded: search wider',
  'give-to-person': 'still not grounded: ask a person',
}

/** The graph of a definition, as it is shown: before it ever ran, and with a run's state in it. */
export function drawGraph({ nodes, edges }: Pick<WorkflowDefinition, 'nodes' | 'edges'>): StateGraph {
  const drawn = edges.map(({ from, to, when }) => ({ from, to, condition: when === undefined ? null : (WORDS[when] ?? when) }))
  return {
    nodes: nodes.map(({ name, kind, agent, description }) => ({
      name,
      kind,
      agent: agent ?? null,
      description: description ?? null,
    })),
    edges: drawn,
    mermaid: [
      'flowchart TD',
      '  __start__([start])',
      ...nodes.map(({ name }) => `  ${mermaidId(name)}["${name}"]`),
      '  __end__([end])',
      ...drawn.map(
        ({ from, to, condition }) => `  ${mermaidId(from)} -->${condition === null ? '' : `|"${condition}"|`} ${mermaidId(to)}`,
      ),
    ].join('\n'),
  }
}

const mermaidId = (name: string) => name.replaceAll('-', '_')
