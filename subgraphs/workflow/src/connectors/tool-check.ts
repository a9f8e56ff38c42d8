import type { EgressPolicy } from '@signalbox/shared/egress'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import type { Connector } from './connector.ts'
import { BUILT_IN, CONNECTORS, connectorOf } from './registry.ts'
import { compileSchema, schemaFault } from './schema-check.ts'
import type { SaveToolInput } from './tool.inputs.ts'

/** Characters of a tool's settings as JSON. */
const MAX_SETTINGS = 600_000

/** @throws {BadUserInputError} naming each field that is wrong */
export function checkTool(
  input: SaveToolInput,
  policy: EgressPolicy,
): { connector: Connector; settings: object; description: string } {
  const { name, kind, ratePerMinute, settings } = input
  const connector = connectorOf(kind)
  const faults: FieldFault[] = []
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name))
    faults.push({ path: 'input.name', message: 'must be small letters, digits and _, beginning with a letter, at most 64' })
  else if (BUILT_IN.some((one) => one.kind === name && one.kind !== kind))
    faults.push({ path: 'input.name', message: 'is the name of a tool that is always there' })
  const description = input.description.trim()
  if (description === '' || description.length > 500)
    faults.push({ path: 'input.description', message: 'must have 1 to 500 characters' })
  if (ratePerMinute != null && (ratePerMinute < 1 || ratePerMinute > 6_000))
    faults.push({ path: 'input.ratePerMinute', message: 'must be between 1 and 6,000' })
  if (connector === undefined)
    faults.push({ path: 'input.kind', message: `must be one of ${CONNECTORS.map((one) => one.kind).join(', ')}` })
  else faults.push(...settingsFaults(connector, settings, policy))
  if (faults.length > 0) throw new BadUserInputError('The tool cannot be saved like this.', faults)
  return { connector: connector!, settings: settings as object, description }
}

function settingsFaults(connector: Connector, settings: unknown, policy: EgressPolicy): FieldFault[] {
  const below = ({ path, message }: FieldFault) => ({ path: ['input.settings', path].filter(Boolean).join('.'), message })
  if ((JSON.stringify(settings) ?? '').length > MAX_SETTINGS) return [below({ path: '', message: 'are too large' })]
  const fault = schemaFault(connector.settings, settings)
  if (fault !== undefined) return [below(fault)]
  const faults = connector.check?.(settings as object, policy) ?? []
  return (faults.length > 0 ? faults : parameterFaults(connector, settings as object)).map(below)
}

/** What calls are checked against must be a schema that can be checked. */
function parameterFaults(connector: Connector, settings: object): FieldFault[] {
  try {
    compileSchema(connector.parameters(settings))
    return []
  } catch {
    const path = 'document' in settings ? 'document' : 'parameters'
    return [{ path, message: 'describes its values in a way that cannot be checked' }]
  }
}
