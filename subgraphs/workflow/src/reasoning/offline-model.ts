import { confidenceOf } from '../knowledge/confidence.ts'
import { vote } from '../knowledge/vote.ts'
import { extractOffline } from './offline-extraction.ts'
import { chooseToolOffline } from './offline-tool-choice.ts'
import type {
  ChooseToolRequest,
  DecideRequest,
  DraftRequest,
  ExtractRequest,
  ModelDecision,
  ModelDraft,
  ModelExtraction,
  ReasoningModel,
  TokenUsageData,
  ToolChoice,
} from './reasoning-model.ts'

const NAME = 'offline'
const FREE: TokenUsageData = { model: NAME, inputTokens: 0, outputTokens: 0, costUsd: '0', priced: true }
/** The label when there is nothing to decide by. */
const UNKNOWN = ''
const QUOTE = 400

/**
 * The model that needs no key and no network: it decides as the nearest labelled examples did, as sure as cross-validation over them
 * allows, drafts by quoting what was retrieved, extracts by patterns and names, and chooses the tool whose description is nearest. It says so.
 */
export class OfflineModel implements ReasoningModel {
  readonly name = NAME
  readonly isLocal = true

  async decide({ evidence, calibration, onToken, signal }: DecideRequest): Promise<ModelDecision> {
    signal?.throwIfAborted()
    const elected = vote(evidence)
    if (elected === null) {
      return { label: UNKNOWN, confidence: 0, rationale: 'Offline model: no labelled example resembles this text.', usage: FREE }
    }
    const { label, share, supporters, voters, runnerUp } = elected
    const others = runnerUp === null ? '' : `; next “${runnerUp.label}” with ${percent(runnerUp.share)}`
    const basis =
      calibration === null
        ? 'not calibrated'
        : `right in ${percent(confidenceOf(share, calibration))} of such cases by cross-validation`
    const rationale = `Offline model: ${supporters.length} of the ${voters} nearest examples say “${label}” (${percent(share)} of the vote${others}), ${basis}.`
    onToken?.(rationale)
    return { label, confidence: confidenceOf(share, calibration), rationale, usage: FREE }
  }

  async draft({ label, evidence, onToken, signal }: DraftRequest): Promise<ModelDraft> {
    signal?.throwIfAborted()
    const sameLabel = evidence.filter((hit) => hit.label === label)
    const article = [...sameLabel, ...evidence].find((hit) => hit.title !== null && (hit.label === label || hit.label === null))
    const closest = article ?? sameLabel[0]
    const lines = [`Draft by the offline model, quoted from your knowledge base. Topic: ${label.replaceAll(/[_-]+/g, ' ')}.`]
    if (article !== undefined) lines.push(`${article.title}: ${shortened(article.text)}`)
    else if (closest !== undefined) lines.push(`Closest example: “${shortened(closest.text)}”`)
    const text = lines.join('\n')
    onToken?.(text)
    return { text, usage: FREE }
  }

  async extract({ text, fields, signal }: ExtractRequest): Promise<ModelExtraction> {
    signal?.throwIfAborted()
    return { ...extractOffline(text, fields), usage: FREE }
  }

  async chooseTool({ text, tools, onToken, signal }: ChooseToolRequest): Promise<ToolChoice> {
    signal?.throwIfAborted()
    const choice = chooseToolOffline(text, tools)
    onToken?.(choice.rationale)
    return { ...choice, usage: FREE }
  }
}

const percent = (share: number) => `${Math.round(share * 100)} %`

/** Whole sentences up to the limit, else cut at a space. */
function shortened(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim()
  if (flat.length <= QUOTE) return flat
  const head = flat.slice(0, QUOTE)
  const end = Math.max(head.lastIndexOf('. '), head.lastIndexOf('? '), head.lastIndexOf('! '))
  return end > QUOTE / 2 ? head.slice(0, end + 1) : `${head.slice(0, head.lastIndexOf(' ')).toWellFormed()} …`
}
