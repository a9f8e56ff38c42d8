import { z } from 'zod'
import { END, START } from './checks/flow.ts'
import { plainCopy } from './checks/plain-copy.ts'
import type { NodeDefinition, WorkflowDefinition } from './definition.ts'
import type { StateGraph } from './state-graph.ts'

interface DrawnNode {
  name: string
  kind: string
  agent?: string | undefined
  description?: string | undefined
  each?: string | undefined
}
type DrawnEdge = WorkflowDefinition['edges'][number]

/** The graph of a definition, as it is shown: before it ever ran, and with a run's state in it. */
export function drawGraph({ nodes, edges }: { nodes: (NodeDefinition | DrawnNode)[]; edges: DrawnEdge[] }): StateGraph {
  const known = new Set([START, END, ...nodes.map(({ name }) => name)])
  const choosing = new Set(edges.filter(({ when }) => when !== undefined).map(({ from }) => from))
  const bodies = nodes.flatMap((node) =>
    node.kind === 'map' && 'each' in node && node.each !== undefined
      ? [{ from: node.name, to: node.each, condition: 'for each item' }]
      : [],
  )
  const ways = edges.map(({ from, to, when, label }) => ({
    from,
    to,
    condition: label ?? when ?? (choosing.has(from) ? 'otherwise' : null),
  }))
  const drawn = [...ways, ...bodies].filter(({ from, to }) => known.has(from) && known.has(to))
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
      ...nodes.map(({ name }) => `  ${mermaidId(name)}["${mermaidText(name)}"]`),
      '  __end__([end])',
      ...drawn.map(
        ({ from, to, condition }) =>
          `  ${mermaidId(from)} -->${condition === null ? '' : `|"${mermaidText(condition)}"|`} ${mermaidId(to)}`,
      ),
    ].join('\n'),
  }
}

/** As much of a document as can be drawn, whatever else is wrong with it. */
const drawable = z.object({
  nodes: z
    .array(
      z.object({
        name: z.string().min(1),
        kind: z.string(),
        agent: z.string().optional().catch(undefined),
        description: z.string().optional().catch(undefined),
        each: z.string().optional().catch(undefined),
      }),
    )
    .max(500)
    .refine((nodes) => new Set(nodes.map(({ name }) => name)).size === nodes.length),
  edges: z
    .array(
      z.object({
        from: z.string(),
        to: z.string(),
        when: z.string().optional().catch(undefined),
        label: z.string().optional().catch(undefined),
      }),
    )
    .max(2_000),
})

/** The graph of a document that may have faults; null while its steps and edges cannot be read. */
export function drawDraft(document: unknown): StateGraph | null {
  const { success, data } = drawable.safeParse(plainCopy(document, () => {}))
  return success ? drawGraph(data) : null
}

/** `end` ends a subgraph in Mermaid. */
const mermaidId = (name: string) => (name === 'end' ? 'end_' : name.replaceAll(/[^a-zA-Z0-9_]/g, '_'))
const mermaidText = (text: string) => text.replaceAll('"', '#quot;').replaceAll('\n', ' ')
