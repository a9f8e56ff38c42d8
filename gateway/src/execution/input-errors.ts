import {
  coerceInputValue,
  getNamedType,
  getNullableType,
  GraphQLError,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

interface Fault {
  /** `input.tags[1]` */
  path: string
  message: string
}

/** At most so many faults are named in one refusal. */
const NAMED_FAULTS = 10

/**
 * The faults in an operation's variables, as one error: where each is and what is expected there. What was sent stands nowhere in it: it
 * may be a secret, and errors go to logs.
 * @returns BAD_USER_INPUT with `fields: [{ path, message }]`, or nothing
 */
export function variableFaults(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): GraphQLError | undefined {
  const faults: Fault[] = []
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value
    const type = typeFromAST(schema, typeNode as never)
    if (!isInputType(type)) continue
    const isGiven = Object.hasOwn(variables, name)
    if (!isGiven && (defaultValue !== undefined || !isNonNullType(type))) continue
    if (!isGiven) faults.push({ path: name, message: `is needed: ${String(type)}` })
    else faults.push(...faultsIn(variables[name], type, name))
  }
  if (faults.length === 0) return undefined
  const fields = faults.slice(0, NAMED_FAULTS)
  const message = `The variables do not fit: ${fields.map((fault) => `$${fault.path} ${fault.message}`).join('; ')}.`
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', fields, http: { status: 400 } } })
}

function faultsIn(value: unknown, type: GraphQLInputType, name: string): Fault[] {
  const faults: Fault[] = []
  coerceInputValue(value, type, (path, _value, { message }) => {
    const [, missing, missingType] = /^Field "(\w+)" of required type "([^"]+)" was not provided/.exec(message) ?? []
    const at = pathOf(name, path)
    if (missing !== undefined) faults.push({ path: `${at}.${missing}`, message: `is needed: ${missingType}` })
    else if (/^Field "[^"]*" is not defined by type/.test(message)) faults.push({ path: at, message: unknownField(type, path) })
    else faults.push({ path: at, message: `must be of the type ${String(expectedAt(type, path))}` })
  })
  return faults
}

/** Names of fields that do not exist are the sender's own words: they are not told. */
const unknownField = (type: GraphQLInputType, path: readonly (string | number)[]) =>
  `has a field that ${String(getNamedType(expectedAt(type, path)))} does not have`

const pathOf = (name: string, path: readonly (string | number)[]) =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${key}`), name)

/** The type that is expected at a path into a value of this type. */
function expectedAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  return path.reduce<GraphQLInputType>((current, key) => {
    const open = getNullableType(current)
    if (isListType(open)) return typeof key === 'number' ? open.ofType : current
    return isInputObjectType(open) ? (open.getFields()[key]?.type ?? current) : current
  }, type)
}

/**
 * Takes the values out of what graphql-js says of literals in a document, and the suggestions: the schema is private, and a literal may
 * be a secret.
 */
export const withoutValues = (message: string): string =>
  message
    .replace(/ ?Did you mean [^?]*\?/g, '')
    .replace(/^Expected value of type "([^"]+)", found .*$/s, 'Expected a value of type "$1".')
    .replace(/^Enum "([^"]+)" cannot represent .*$/s, 'Expected a value of type "$1".')
    .replace(/^Value ".*" does not exist in "([^"]+)" enum\..*$/s, 'Expected a value of type "$1".')
    .replace(/^(\w+) cannot represent .*$/s, 'Expected a value of type "$1".')
    .replace(/^(Syntax Error: .*?(?:Unexpected|found) (?:Name|Int|Float|String|BlockString|Comment)) ".*$/s, '$1.')
    .replace(/^(Syntax Error: (?:Unexpected character|Invalid [\w ]+)): .*$/s, '$1.')
