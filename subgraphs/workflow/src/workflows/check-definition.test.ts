import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { checkDefinition } from './check-definition.ts'
import { brokenDefinitions, runnableDefinitions, validDefinitions } from './definition-arbitraries.ts'

const faultsOf = (document: unknown) => {
  const checked = checkDefinition(document)
  return 'faults' in checked ? checked.faults : []
}

/** Whether the path leads to something in the document, or to a member that is missing from something in it. */
function leadsThere(document: unknown, path: string): boolean {
  if (path === '') return true
  if (typeof document !== 'object' || document === null) return false
  const members = Object.entries(document).filter(([key]) => path === key || path.startsWith(`${key}.`))
  if (members.length === 0) return !path.includes('.')
  return members.some(([key, inner]) => path === key || leadsThere(inner, path.slice(key.length + 1)))
}

const pathsThatLeadNowhere = (document: unknown) => faultsOf(document).filter(({ path }) => !leadsThere(document, path))

describe('checking any definition', () => {
  it('accepts every valid one', () => {
    fc.assert(
      fc.property(fc.oneof(validDefinitions, runnableDefinitions), (document) => expect(faultsOf(document)).toEqual([])),
      { numRuns: 80 },
    )
  })

  it('never fails on a broken one, and every fault names a place in it', () => {
    let refused = 0
    fc.assert(
      fc.property(brokenDefinitions, (document) => {
        refused += faultsOf(document).length > 0 ? 1 : 0
        expect(pathsThatLeadNowhere(document)).toEqual([])
      }),
      { numRuns: 150 },
    )
    expect(refused).toBeGreaterThan(100)
  })

  it('never fails on anything else', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, maxDepth: 4 }), (document) => {
        expect(faultsOf(document).length).toBeGreaterThan(0)
      }),
      { numRuns: 150 },
    )
  })
})
