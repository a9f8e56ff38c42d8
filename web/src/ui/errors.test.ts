import { describe, expect, it } from '@jest/globals'
import { GraphQLError } from 'graphql'
import { CombinedError } from 'urql'
import { describeError, faultOf } from './errors.ts'

const refused = (message: string, extensions: Record<string, unknown>) =>
  describeError(new CombinedError({ graphQLErrors: [new GraphQLError(message, { extensions })] }))

describe('a failure in words', () => {
  it('keeps what the platform says and what stands', () =>
    expect(refused('This review is no longer open.', { code: 'CONFLICT', current: { status: 'DECIDED' } })).toMatchObject({
      code: 'CONFLICT',
      title: 'Somebody was faster',
      detail: 'This review is no longer open.',
      current: { status: 'DECIDED' },
    }))
  it('is a missing answer when there is none', () =>
    expect(describeError(new CombinedError({ networkError: new Error('x') })).code).toBe('OFFLINE'))
  it('says how long to wait', () => {
    const waits = [1, 89.2, 91, 900, 3_600, 7_201]
    expect(waits.map((retryAfterSeconds) => refused('Too many', { code: 'RATE_LIMITED', retryAfterSeconds }).detail)).toEqual(
      ['1 second', '90 seconds', '2 minutes', '15 minutes', '60 minutes', '3 hours'].map(
        (wait) => `You can try again in ${wait}.`,
      ),
    )
    expect(refused('Too many', { code: 'RATE_LIMITED' }).detail).toBe('Too many')
  })
  it('survives a code that it does not know', () => expect(refused('No', { code: 'NEW_ONE' }).title).toBe('That did not work'))
  it('finds the fault of a field by the end of its path', () => {
    const fault = refused('Wrong', { code: 'BAD_USER_INPUT', fields: [{ path: 'input.text', message: 'is too short' }] })
    expect([faultOf(fault, 'text'), faultOf(fault, 'ext')]).toEqual(['is too short', undefined])
  })
})
