import { describe, expect, it } from '@jest/globals'
import { detailsInWords, targetWords } from './audit-details.ts'

describe('the details of an entry in words', () => {
  it('names roles and rights as the rest of the dashboard does', () => {
    expect(detailsInWords({ from: 'CLIENT_VIEWER', to: 'CLIENT_REVIEWER' })).toEqual(['From: Viewer', 'To: Reviewer'])
    expect(detailsInWords({ kind: 'PUBLIC', scopes: 'wrm:read audit:read' })).toEqual([
      'Kind: public',
      'Rights: See runs and workflows, Read the audit trail',
    ])
  })

  it('leaves out what is empty and keeps what it does not know', () => {
    expect(detailsInWords({ count: 1_200, timeZone: true, host: 'n8n.example.com', error: null, reason: '' })).toEqual([
      'Times: 1,200',
      'Time zone: yes',
      'Host: n8n.example.com',
    ])
    expect(detailsInWords(null)).toEqual([])
  })

  it('calls what was acted on by its name in the settings', () => {
    expect(['ServiceClient', 'SigningKey'].map(targetWords)).toEqual(['Program', 'Signing key'])
  })
})
