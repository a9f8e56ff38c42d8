import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'
import { ModelChain } from './model-chain.ts'
import type { CallOptions, ReasoningModel } from './reasoning-model.ts'
import { Redactor, type RedactionKind } from './redaction.ts'

const MARK_RULE = 'Marks such as [EMAIL_1] stand for values that were taken out. Where you need such a value, write its mark.'

/**
 * A model that is told nothing of these kinds: neither in texts and passages nor in instructions and tools. Its answers have the values back.
 * A model that runs in this process is left as it is, of a chain too, because nothing leaves with it.
 */
export function redactingModel(model: ReasoningModel, kinds: readonly RedactionKind[]): ReasoningModel {
  if (kinds.length === 0 || model.isLocal === true) return model
  if (model instanceof ModelChain) return model.map((one) => redactingModel(one, kinds))
  return {
    name: model.name,
    async decide(request) {
      const call = new RedactedCall(kinds)
      const { text, instructions, evidence, ...others } = request
      const answer = await model.decide({
        ...others,
        ...call.asked(text, instructions),
        evidence: call.passages(evidence),
        ...call.options(others),
      })
      return { ...answer, label: call.restore(answer.label), rationale: call.restore(answer.rationale) }
    },
    async draft(request) {
      const call = new RedactedCall(kinds)
      const { text, instructions, evidence, label, ...others } = request
      const asked = { ...call.asked(text, instructions), label: call.redact(label), evidence: call.passages(evidence) }
      const answer = await model.draft({ ...asked, ...call.options(others) })
      return { ...answer, text: call.restore(answer.text) }
    },
    async extract(request) {
      const call = new RedactedCall(kinds)
      const { text, instructions, fields, ...others } = request
      const described = fields.map((field) => ({ ...field, description: field.description && call.redact(field.description) }))
      const answer = await model.extract({ ...call.asked(text, instructions), fields: described, ...call.options(others) })
      return { ...answer, values: call.mapped(answer.values, (value) => call.restore(value)) }
    },
    async chooseTool(request) {
      const call = new RedactedCall(kinds)
      const { text, instructions, evidence, tools, ...others } = request
      const offered = tools.map((tool) => ({
        name: tool.name,
        description: call.redact(tool.description),
        parameters: call.mapped(tool.parameters, (value) => call.redact(value)),
      }))
      const asked = { ...call.asked(text, instructions), tools: offered, evidence: call.passages(evidence) }
      const answer = await model.chooseTool({ ...asked, ...call.options(others) })
      return {
        ...answer,
        arguments: call.mapped(answer.arguments, (value) => call.restore(value)),
        rationale: call.restore(answer.rationale),
      }
    },
  }
}

/** What one call takes out and puts back. */
class RedactedCall extends Redactor {
  asked(text: string, instructions: string) {
    return { text: this.redact(text), instructions: `${this.redact(instructions)}\n\n${MARK_RULE}` }
  }

  passages(evidence: KnowledgeHit[]): KnowledgeHit[] {
    const redacted = (text: string | null) => (text === null ? null : this.redact(text))
    return evidence.map((hit) => ({
      ...hit,
      title: redacted(hit.title),
      text: this.redact(hit.text),
      label: redacted(hit.label),
    }))
  }

  options({ signal, onToken }: CallOptions): CallOptions {
    return { signal, onToken: onToken && this.#restoring(onToken) }
  }

  /** Every text in a value of JSON; names stay. */
  mapped(value: Record<string, unknown>, change: (text: string) => string): Record<string, unknown> {
    const all = (item: unknown): unknown => {
      if (typeof item === 'string') return change(item)
      if (Array.isArray(item)) return item.map(all)
      if (item === null || typeof item !== 'object') return item
      return Object.fromEntries(Object.entries(item).map(([name, inner]) => [name, all(inner)]))
    }
    return all(value) as Record<string, unknown>
  }

  /** A mark may come in pieces: what may be the beginning of one waits for the rest. */
  #restoring(onToken: (text: string) => void): (text: string) => void {
    let waiting = ''
    return (piece) => {
      const text = waiting + piece
      const begun = /\[[A-Z_\d]{0,12}$/.exec(text)?.index ?? text.length
      waiting = text.slice(begun)
      if (begun > 0) onToken(this.restore(text.slice(0, begun)))
    }
  }
}
