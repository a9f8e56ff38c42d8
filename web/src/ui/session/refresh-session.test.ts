/**
 * @jest-environment jsdom
 */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { onSessionRenewed, refreshSession } from './refresh-session.ts'

const answer = jest.fn<typeof fetch>()
const realFetch = globalThis.fetch
const says = (body: unknown) => answer.mockImplementation(async () => ({ json: async () => body }) as Response)

beforeEach(() => {
  answer.mockReset()
  localStorage.clear()
  globalThis.fetch = answer
})
afterEach(() => {
  globalThis.fetch = realFetch
})

describe('the renewal of a session', () => {
  it('is one call for all requests that fail together, and a new one later', async () => {
    says({ data: { refreshSession: { viewer: { role: 'CLIENT_OWNER' } } } })
    expect(await Promise.all([refreshSession(), refreshSession(), refreshSession()])).toEqual(['renewed', 'renewed', 'renewed'])
    expect(answer).toHaveBeenCalledTimes(1)
    await refreshSession()
    expect(answer).toHaveBeenCalledTimes(2)
  })

  it('proves with a header that it comes from the dashboard', async () => {
    says({ data: { refreshSession: { viewer: {} } } })
    await refreshSession()
    expect(answer.mock.calls[0]![1]!.headers).toMatchObject({ 'x-signalbox-csrf': '1', 'content-type': 'application/json' })
  })

  it('tells what the session may do now, until nobody listens any more', async () => {
    const rights = { role: 'CLIENT_VIEWER', scopes: ['wrm:read'], organization: { id: '1' } }
    const heard: unknown[] = []
    const stop = onSessionRenewed((now) => heard.push(now))
    says({ data: { refreshSession: { viewer: rights } } })
    await refreshSession()
    stop()
    await refreshSession()
    expect(heard).toEqual([rights])
  })

  it('is not asked for again when another tab had it while this one waited for its turn', async () => {
    const rights = { role: 'CLIENT_VIEWER', scopes: ['wrm:read'], organization: { id: '1' } }
    const lease = JSON.stringify({ holder: 'another tab', until: Date.now() + 60_000 })
    localStorage.setItem('signalbox-refresh', lease)
    const heard: unknown[] = []
    const stop = onSessionRenewed((now) => heard.push(now))
    const outcome = refreshSession()
    localStorage.setItem('signalbox-renewed', JSON.stringify({ askedAt: Date.now() + 1, rights }))
    localStorage.removeItem('signalbox-refresh')
    expect(await outcome).toBe('renewed')
    stop()
    expect(answer).not.toHaveBeenCalled()
    expect(heard).toEqual([rights])
  })

  it('is asked for when the other tab’s is older than what this one wants', async () => {
    localStorage.setItem('signalbox-renewed', JSON.stringify({ askedAt: Date.now() - 1, rights: {} }))
    says({ data: { refreshSession: { viewer: { role: 'CLIENT_OWNER' } } } })
    expect(await refreshSession()).toBe('renewed')
    expect(answer).toHaveBeenCalledTimes(1)
    localStorage.setItem('signalbox-renewed', 'rubbish')
    expect(await refreshSession()).toBe('renewed')
    expect(answer).toHaveBeenCalledTimes(2)
  })

  it('ends the session when the platform says so', async () => {
    says({ data: null, errors: [{ message: 'Sign in.', extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(await refreshSession()).toBe('ended')
  })

  it('does not end it when a part is down or no answer comes', async () => {
    says({ data: null, errors: [{ message: 'Down', extensions: { code: 'UNAVAILABLE' } }] })
    expect(await refreshSession()).toBe('unreachable')
    answer.mockRejectedValue(new TypeError('Failed to fetch'))
    expect(await refreshSession()).toBe('unreachable')
  })
})
