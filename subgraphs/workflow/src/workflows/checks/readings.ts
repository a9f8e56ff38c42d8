import { compileExpression, ExpressionError, type Expression } from '../../expressions/expression.ts'
import { patternOf } from '../../expressions/functions.ts'
import { inspect } from '../../expressions/inspect.ts'
import type { NodeDefinition, WorkflowDefinition } from '../definition.ts'
import { END, START, type Flow } from './flow.ts'
import { faultOfConstant, faultOfFinal, faultOfInput, faultOfResult } from './known-values.ts'
import { listed, type Report } from './report.ts'
import { textsOf, type Place, type Text } from './texts.ts'

/** What can be read at a place. */
interface Scope {
  extra: readonly string[]
  /** Steps that can have run there, and those that certainly have; null: any. */
  possible: Set<string> | null
  certain: Set<string> | null
}

/** Every expression and template can be read, and reads only what there is at its place. */
export function checkReadings(definition: WorkflowDefinition, flow: Flow, waysHold: boolean, report: Report): void {
  const nodes = new Map(definition.nodes.map((node) => [node.name, node]))
  const scopes = new Map<string, Scope>()
  const scopeOf = (place: Place) => {
    const key = JSON.stringify(place)
    const known = scopes.get(key) ?? scopeAt(place, flow, waysHold)
    scopes.set(key, known)
    return known
  }
  for (const text of textsOf(definition)) {
    const say = (message: string) => report(text.path, message)
    for (const expression of expressionsOf(text, say)) {
      checkKind(text, expression, say)
      const provided = inspect(expression).provided
      for (const fault of new Set(expression.references.flatMap((path) => faultsOfReading(path, text.place, provided))))
        say(fault)
    }
  }

  function faultsOfReading(path: string[], place: Place, provided: Set<string>): string[] {
    const [name, ...rest] = path as [string, ...string[]]
    const { extra, possible, certain } = scopeOf(place)
    const single = (fault: string | null) => (fault === null ? [] : [fault])
    if (extra.includes(name)) return name === 'final' ? single(finalFault(place, rest)) : []
    if (name === 'input') return single(faultOfInput(definition, rest))
    if (place.at === 'limits') return [`reads ${name}, but there is only input before a run begins`]
    if (name === 'constants') return single(faultOfConstant(definition, rest))
    if (name === 'visits')
      return rest[0] === undefined || nodes.has(rest[0]) ? [] : [`reads visits.${rest[0]}, but there is no step ${rest[0]}`]
    const node = nodes.get(name)
    if (node === undefined)
      return [
        `reads ${name}, which is not known here: there are ${listed(['input', 'constants', 'visits', ...extra, ...nodes.keys()])}`,
      ]
    if (possible !== null && !possible.has(name)) return [`reads ${name}, which never runs before this: it would always be null`]
    const isBody = flow.mapOf(name) !== undefined
    const fault = faultOfResult(node, rest, isBody)
    if (fault !== null) return [fault]
    if (rest.length === 0 || certain === null || certain.has(name) || provided.has(name)) return []
    return [
      `reads ${path.join('.')}, but ${name} may not have run: provide for it, as in ${name} == null ? … : ${path.join('.')}`,
    ]
  }

  function finalFault(place: Place, [member]: string[]): string | null {
    const node = place.at === 'node' ? nodes.get(place.name) : undefined
    return member === undefined || node === undefined ? null : faultOfFinal(node satisfies NodeDefinition, 'final', member)
  }
}

function scopeAt(place: Place, flow: Flow, waysHold: boolean): Scope {
  if (place.at === 'agent' || place.at === 'limits') return { extra: [], possible: null, certain: null }
  const item = place.at === 'node' && flow.mapOf(place.name) !== undefined ? ['item', 'index'] : []
  const extra = place.at === 'node' ? [...item, ...place.extra] : []
  // While the ways are wrong, what comes before what is a guess.
  if (!waysHold) return { extra, possible: null, certain: null }
  if (place.at === 'result')
    return { extra, possible: flow.before(END), certain: new Set([...flow.surelyBefore(END), ...flow.surelyAfter(START)]) }
  const name = place.at === 'node' ? place.name : place.from
  const [possible, certain] = [flow.before(name), flow.surelyBefore(name)]
  return place.at === 'node' ? { extra, possible, certain } : { extra, possible: possible.add(name), certain: certain.add(name) }
}

/** The expressions of a text; those that cannot be read are reported. */
function expressionsOf({ text, is }: Text, say: (message: string) => void): Expression[] {
  const sources = is === 'template' ? slots(text, say) : [text]
  return sources.flatMap((source) => {
    try {
      return [compileExpression(source)]
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      say(`cannot be read: ${error.message}`)
      return []
    }
  })
}

function slots(template: string, say: (message: string) => void): string[] {
  const parts = template.split('{{').slice(1)
  if (parts.some((part) => !part.includes('}}'))) say('has a {{ without its }}')
  return parts.filter((part) => part.includes('}}')).map((part) => part.slice(0, part.indexOf('}}')).trim())
}

function checkKind({ is }: Text, expression: Expression, say: (message: string) => void): void {
  for (const pattern of inspect(expression).patterns) {
    const fault = faultOfPattern(pattern)
    if (fault !== null) say(`has a pattern that cannot be read: ${fault}`)
  }
  const checked = expression.typeCheck()
  if ('fault' in checked) say(`can never be evaluated: ${checked.fault}`)
  else if (is === 'condition' && !['bool', 'dyn', 'null'].includes(checked.type))
    say(`must be true or false, and this is always ${checked.type}: compare it with something`)
}

/** Why RE2 does not take a regular expression; null when it does. */
export function faultOfPattern(pattern: string): string | null {
  try {
    patternOf(pattern)
    return null
  } catch (error) {
    return (error as Error).message.split('\n')[0]!
  }
}
