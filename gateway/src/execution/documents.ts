import { GraphQLError, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import { toValidationError } from './client-errors.ts'
import { LIMITS, limitsRule } from './limits.ts'

const RULES = [...specifiedRules, limitsRule]
const REMEMBERED = 1_000

/** Parses and validates documents that come over WebSocket, as Apollo Server does for HTTP, and remembers those that hold. */
export class Documents {
  readonly #known = new Map<string, DocumentNode>()

  constructor(private readonly schema: GraphQLSchema) {}

  /** @returns the document, the same object for the same text; or why it is none of this schema's */
  prepare(query: string): DocumentNode | GraphQLError[] {
    const known = this.#known.get(query)
    if (known !== undefined) return known
    let document: DocumentNode
    try {
      document = parse(query, { maxTokens: LIMITS.tokens })
    } catch (error) {
      return [toParseError(error as GraphQLError)]
    }
    const errors = validate(this.schema, document, RULES)
    if (errors.length > 0) return errors.map(toValidationError)
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(query, document)
    return document
  }
}

const toParseError = (error: GraphQLError) =>
  new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    extensions: { code: 'GRAPHQL_PARSE_FAILED' },
  })
