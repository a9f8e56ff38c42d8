import { describe, expect, it } from '@jest/globals'
import { readAddress, toFilter, withFilter } from './run-filter.ts'

describe('the address of a run list', () => {
  it('holds the whole filter', () =>
    expect(toFilter(readAddress(new URLSearchParams('status=failed&workflow=support-triage&q= card ')))).toEqual({
      status: ['FAILED', 'EXPIRED'],
      workflow: ['support-triage'],
      search: 'card',
    }))
  it('asks for everything when nothing is said', () =>
    expect(toFilter(readAddress(new URLSearchParams('status=nonsense')))).toEqual({}))
  it('goes back to the newest page with another filter', () =>
    expect(withFilter(new URLSearchParams('after=x&q=card'), 'status', 'person').toString()).toBe('q=card&status=person'))
  it('drops what is emptied', () => expect(withFilter(new URLSearchParams('q=card'), 'q', '').toString()).toBe(''))
})
