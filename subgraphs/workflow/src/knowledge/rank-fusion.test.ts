import { expect, it } from '@jest/globals'
import type { Scored } from './fusion.ts'
import { byRanks } from './rank-fusion.ts'

const hit = (documentId: string, meaning: number | null, words: number): Scored => ({
  documentId,
  title: null,
  text: documentId,
  label: null,
  meaning,
  words,
  score: 0.55 * (meaning ?? words) + 0.45 * words,
})

it('prefers what both orders have near the front over what one has at its front, and deals the scores out in that order', () => {
  const hits = [hit('meant', 0.99, 0), hit('both', 0.6, 0.5), hit('worded', 0.01, 0.52), hit('neither', 0.05, 0.01)]
  const fused = byRanks(hits)
  expect(fused.map(({ documentId }) => documentId)).toEqual(['both', 'worded', 'neither', 'meant'])
  expect(fused.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a))
  expect(fused.map(({ meaning }) => meaning)).toEqual([0.6, 0.01, 0.05, 0.99])
})

it('lets words stand for both where the meaning was another model’s', () => {
  expect(byRanks([hit('new', 0.9, 0.2), hit('old', null, 0.8)])[0]!.documentId).toBe('old')
})
