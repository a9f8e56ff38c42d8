import { RESERVED_NAMES, type NodeDefinition, type NodeOf, type WorkflowDefinition } from '../definition.ts'
import { faultOfPattern } from './readings.ts'
import { listed, type Path, type Report } from './report.ts'

/** The parts of a definition for themselves: names, and what they name in other parts. */
export function checkParts(definition: WorkflowDefinition, report: Report): void {
  const { nodes, agents, tools, knowledgeBases, policy } = definition
  unique(nodes, ['nodes'], report)
  unique(agents, ['agents'], report)
  for (const [at, { name }] of nodes.entries()) {
    if (RESERVED_NAMES.includes(name))
      report(['nodes', at, 'name'], `must not be ${name}, which means something else in expressions`)
  }
  for (const [at, agent] of agents.entries()) {
    declared(agent.tools, tools, ['agents', at, 'tools'], 'tools', report)
    declared(agent.knowledgeBases, knowledgeBases, ['agents', at, 'knowledgeBases'], 'knowledgeBases', report)
  }
  declared(policy.review.tools, tools, ['policy', 'review', 'tools'], 'tools', report)
  rising(
    policy.review.amounts.map(({ above }) => above),
    (at) => ['policy', 'review', 'amounts', at, 'above'],
    report,
  )
  for (const [at, node] of nodes.entries())
    checkNode(node, definition, (path, message) => report(['nodes', at, ...path], message))
}

function checkNode(node: NodeDefinition, { agents, tools }: WorkflowDefinition, report: Report) {
  const names = agents.map(({ name }) => name)
  if (node.agent !== undefined) declared([node.agent], names, ['agent'], 'agents', report, true)
  if (node.retry && node.retry.maxMs < node.retry.initialMs) report(['retry', 'maxMs'], 'must be at least initialMs')
  switch (node.kind) {
    case 'decide':
      if (node.writer !== undefined) declared([node.writer], names, ['writer'], 'agents', report, true)
      return checkFields(node, report)
    case 'act': {
      for (const [at, { tool }] of node.calls.entries()) declared([tool], tools, ['calls', at, 'tool'], 'tools', report, true)
      const chooser = agents.find(({ name }) => name === node.agent)
      if (node.choose && (chooser?.tools.length ?? 0) === 0)
        report(['choose'], 'needs an agent that has tools: name it in `agent`, and its tools under agents')
      if (!node.choose && node.calls.length === 0) report([], 'does nothing: give it `calls` or `choose`')
      return
    }
    case 'review':
      return checkReview(node, report)
    case 'wait':
      return checkWait(node, report)
    default:
  }
}

function checkFields({ fields }: NodeOf<'decide'>, report: Report) {
  unique(fields ?? [], ['fields'], report)
  for (const [at, { pattern }] of (fields ?? []).entries()) {
    const fault = pattern === undefined ? null : faultOfPattern(pattern)
    if (fault !== null) report(['fields', at, 'pattern'], `cannot be read (RE2): ${fault}`)
  }
}

function checkReview({ dueHours, remindHours, escalations, onExpiry, quorum, actions }: NodeOf<'review'>, report: Report) {
  if (new Set(actions).size < actions.length) report(['actions'], 'names an action twice')
  if (onExpiry && onExpiry.afterHours < dueHours)
    report(['onExpiry', 'afterHours'], `must not be before it is due: at least ${dueHours} hours`)
  for (const [at, before] of remindHours.entries()) {
    if (before >= dueHours) report(['remindHours', at], `must be less than the ${dueHours} hours in which it is due`)
  }
  rising(
    escalations.map(({ afterHours }) => afterHours),
    (at) => ['escalations', at, 'afterHours'],
    report,
  )
  for (const [at, { afterHours, role, assignee }] of escalations.entries()) {
    if (onExpiry && afterHours >= onExpiry.afterHours)
      report(['escalations', at, 'afterHours'], `must be before it expires: less than ${onExpiry.afterHours} hours`)
    if (role === undefined && assignee === undefined) report(['escalations', at], 'must say to whom: a role or an assignee')
  }
  if (typeof quorum === 'number' && quorum > 1 && !actions.includes('APPROVE'))
    report(['quorum'], 'lets several people agree, but APPROVE is not among the actions')
}

function checkWait({ seconds, until, event }: NodeOf<'wait'>, report: Report) {
  const given = [seconds, until, event].filter((one) => one !== undefined).length
  if (given === 0) report([], 'must say how long: `seconds`, `until` or `event`')
  else if (given > 1 && (event === undefined || until !== undefined))
    report([], 'must have one of `seconds`, `until` and `event`; only an event may have `seconds` beside it, as its limit')
}

function unique(parts: { name: string }[], path: Path, report: Report) {
  const seen = new Set<string>()
  for (const [at, { name }] of parts.entries()) {
    if (seen.has(name)) report([...path, at, 'name'], `must be unique: ${name} stands earlier`)
    seen.add(name)
  }
}

function declared(used: string[], known: string[], path: Path, where: string, report: Report, single = false) {
  for (const [at, name] of used.entries()) {
    if (!known.includes(name))
      report(single ? path : [...path, at], `is not declared: ${where} of the definition has ${listed(known)}`)
  }
}

function rising(values: number[], pathOf: (at: number) => Path, report: Report) {
  for (const [at, value] of values.entries()) {
    if (at > 0 && value <= values[at - 1]!) report(pathOf(at), 'must be more than the one before it')
  }
}
