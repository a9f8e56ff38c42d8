/** US dollars for a million tokens, by the beginning of the model's name, longest first; as listed by the vendor in 2026. */
const PRICES: [prefix: string, input: number, output: number][] = [
  ['gpt-4.1-nano', 0.1, 0.4],
  ['gpt-4.1-mini', 0.4, 1.6],
  ['gpt-4.1', 2, 8],
  ['gpt-4o-mini', 0.15, 0.6],
  ['gpt-4o', 2.5, 10],
  ['gpt-5-nano', 0.05, 0.4],
  ['gpt-5-mini', 0.25, 2],
  ['gpt-5', 1.25, 10],
]

/** What a call cost, as a decimal string with 8 places at most. A model without a known price, such as a local one, costs 0. */
export function costOf(model: string, inputTokens: number, outputTokens: number): string {
  const price = PRICES.filter(([prefix]) => model.startsWith(prefix)).sort(([a], [b]) => b.length - a.length)[0]
  if (price === undefined) return '0'
  const [, input, output] = price
  return ((inputTokens * input + outputTokens * output) / 1e6).toFixed(8).replace(/\.?0+$/, '')
}
