import { describe, expect, it } from '@jest/globals'
import { vote } from './vote.ts'

const hit = (label: string | null, score: number, meaning = score, words = score) => ({
  documentId: `${label}-${score}-${meaning}`,
  title: null,
  text: '',
  label,
  score,
  meaning,
  words,
})

describe('the vote of the nearest examples', () => {
  it('follows the nearest, not the most', () => {
    const many = Array.from({ length: 8 }, (_, n) => hit('many', 0.4 + n / 1_000))
    expect(vote([...many, hit('near', 0.9), hit('near', 0.88)])!.label).toBe('near')
  })

  it('is less sure when meaning and words disagree', () => {
    const agreed = vote([hit('a', 0.8, 0.8, 0.8), hit('b', 0.6, 0.6, 0.6)])!
    const split = vote([hit('a', 0.8, 0.6, 0.9), hit('b', 0.6, 0.8, 0.4)])!
    expect(agreed.label).toBe('a')
    expect(split).toMatchObject({ label: 'a', runnerUp: { label: 'b' } })
    expect(split.share).toBeLessThan(agreed.share - 0.2)
  })

  it('is unsure where nothing is near, even when all say the same', () => {
    const far = vote(Array.from({ length: 5 }, () => hit('a', 0.1, 0.2, 0.02)))!
    const near = vote(Array.from({ length: 5 }, () => hit('a', 0.8, 0.8, 0.8)))!
    expect(far.share).toBeLessThan(0.6)
    expect(near.share).toBeGreaterThan(0.99)
  })

  it('takes hits without their parts, and ignores those without a label', () => {
    const plain = { documentId: '1', title: null, text: '', label: 'a', score: 0.7 }
    expect(vote([plain, hit(null, 0.99)])).toMatchObject({ label: 'a', voters: 1 })
    expect(vote([hit(null, 0.99)])).toBeNull()
    expect(vote([])).toBeNull()
  })
})
