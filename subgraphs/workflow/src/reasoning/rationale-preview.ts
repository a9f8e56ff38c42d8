/** Where the rationale begins, and what of it is written so far without half an escape at the end. */
const RATIONALE = /"rationale"\s*:\s*"((?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)/
/** A longer answer is no preview for anybody. */
const LONGEST = 8_000

/** Of a decision's JSON, piece by piece, hands on what its rationale says. */
export function rationalePreview(onToken: ((text: string) => void) | undefined): ((json: string) => void) | undefined {
  if (onToken === undefined) return undefined
  let [json, shown] = ['', 0]
  return (piece) => {
    if (json.length > LONGEST) return
    json += piece
    const rationale = RATIONALE.exec(json)?.[1]
    if (rationale === undefined) return
    // oxlint-disable-next-line no-control-regex
    const text = JSON.parse(`"${rationale.replaceAll(/[\u0000-\u001f]/g, ' ')}"`) as string
    if (text.length > shown) onToken(text.slice(shown))
    shown = text.length
  }
}
