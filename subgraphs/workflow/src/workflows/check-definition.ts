import { checkParts } from './checks/parts.ts'
import { plainCopy } from './checks/plain-copy.ts'
import { checkReadings } from './checks/readings.ts'
import { Faults, type DefinitionFault } from './checks/report.ts'
import { checkSchemas } from './checks/schemas.ts'
import { parseShape } from './checks/shape.ts'
import { Flow } from './checks/flow.ts'
import { checkWays } from './checks/ways.ts'
import type { WorkflowDefinition } from './definition.ts'

/** The document with its defaults as far as its shape is right, else as it is: what is compared with a version. */
export const withDefaults = (document: unknown): unknown => parseShape(document, () => {}) ?? document

export type CheckedDefinition = { definition: WorkflowDefinition } | { faults: DefinitionFault[] }

/**
 * The document as a definition with its defaults, or everything that is wrong with it, each fault with its path (`nodes.3.timeoutMs`). It
 * throws nothing, whatever it is given. First the document must be JSON of a bearable size, then have the right shape; only then are its
 * ways, names and expressions looked at.
 */
export function checkDefinition(document: unknown): CheckedDefinition {
  const faults = new Faults()
  const copy = plainCopy(document, faults.report)
  if (faults.any) return { faults: faults.list }
  const definition = parseShape(copy, faults.report)
  if (definition === null) return { faults: faults.list }
  checkSchemas(definition, faults.report)
  checkParts(definition, faults.report)
  const flow = new Flow(definition)
  const before = faults.list.length
  checkWays(definition, flow, faults.report)
  checkReadings(definition, flow, faults.list.length === before, faults.report)
  return faults.any ? { faults: faults.list } : { definition }
}
