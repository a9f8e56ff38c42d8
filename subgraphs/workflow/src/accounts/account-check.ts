import type { EgressPolicy } from '@signalbox/shared/egress'
import { checkHeaders } from '@signalbox/shared/egress/headers'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import { addressFault } from '../connectors/settings-check.ts'
import type { AccountSecret } from './account-secret.ts'
import type { HeaderAccountInput, OAuthAccountInput, SaveAccountInput } from './account.inputs.ts'
import { AccountKind } from './account.type.ts'

export interface CheckedAccount {
  name: string
  host: string
  hint: string
  secret: AccountSecret
}

/** @throws {BadUserInputError} naming each field that is wrong */
export function checkAccount(input: SaveAccountInput, policy: EgressPolicy): CheckedAccount {
  const { kind, header, oauth } = input
  const faults: FieldFault[] = []
  const name = input.name.trim()
  if (name === '' || name.length > 80) faults.push({ path: 'input.name', message: 'must have 1 to 80 characters' })
  const host = input.host.trim().toLowerCase()
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) || host.length > 253)
    faults.push({ path: 'input.host', message: 'must be a host such as api.example.com, without https:// and without a path' })
  const isHeader = kind === AccountKind.HEADER
  if (isHeader ? header == null || oauth != null : oauth == null || header != null)
    faults.push({ path: `input.${isHeader ? 'header' : 'oauth'}`, message: `is needed for the kind ${kind}, and nothing else` })
  else faults.push(...(isHeader ? headerFaults(header!) : oauthFaults(oauth!, policy)))
  if (faults.length > 0) throw new BadUserInputError('The account cannot be saved like this.', faults)
  return { name, host, ...(isHeader ? headerOf(header!) : oauthOf(oauth!)) }
}

function headerFaults({ name, value }: HeaderAccountInput): FieldFault[] {
  const [trimmed, secret] = [name.trim(), value.trim()]
  const isOurs = ['content-type', 'idempotency-key'].includes(trimmed.toLowerCase())
  const isSecret = secret !== '' && secret.length <= 4_000
  if (!isSecret) return [{ path: 'input.header.value', message: 'must have 1 to 4,000 characters' }]
  try {
    checkHeaders({ [trimmed]: secret })
    if (!isOurs) return []
  } catch {
    // Said below.
  }
  return [{ path: 'input.header.name', message: 'name and value must be a header that a service may ask for' }]
}

function oauthFaults(
  { authorizeUrl, tokenUrl, clientId, clientSecret, scopes }: OAuthAccountInput,
  policy: EgressPolicy,
): FieldFault[] {
  const faults = [
    addressFault(authorizeUrl.trim(), 'input.oauth.authorizeUrl', policy),
    addressFault(tokenUrl.trim(), 'input.oauth.tokenUrl', policy),
  ]
  if (!isToken(clientId.trim(), 500)) faults.push({ path: 'input.oauth.clientId', message: 'must be as the provider gave it' })
  if (clientSecret != null && clientSecret.trim() !== '' && !isToken(clientSecret.trim(), 4_000))
    faults.push({ path: 'input.oauth.clientSecret', message: 'must be as the provider gave it' })
  if (!/^[\x21\x23-\x5b\x5d-\x7e ]{0,2000}$/.test(scopes))
    faults.push({ path: 'input.oauth.scopes', message: 'must be names with spaces between them' })
  return faults.filter((fault) => fault !== undefined)
}

/** RFC 6749, appendix A.1 and A.2: visible characters. */
const isToken = (text: string, longest: number) => text !== '' && text.length <= longest && /^[\x20-\x7e]+$/.test(text)

function headerOf({ name, value }: HeaderAccountInput): Pick<CheckedAccount, 'hint' | 'secret'> {
  const secret = { kind: AccountKind.HEADER as const, name: name.trim(), value: value.trim() }
  return { hint: `header ${secret.name}, ${endOf(secret.value)}`, secret }
}

function oauthOf({ clientSecret, ...given }: OAuthAccountInput): Pick<CheckedAccount, 'hint' | 'secret'> {
  const secret = {
    kind: AccountKind.OAUTH2 as const,
    authorizeUrl: given.authorizeUrl.trim(),
    tokenUrl: given.tokenUrl.trim(),
    clientId: given.clientId.trim(),
    clientSecret: clientSecret?.trim() || null,
    scopes: given.scopes.split(/\s+/).filter(Boolean).join(' '),
    clientAuthentication: given.clientAuthentication,
    tokens: null,
  }
  return { hint: `client ${secret.clientId.slice(0, 40)}`, secret }
}

/** The last four characters of a secret that is long enough to lose them. */
const endOf = (secret: string) => (secret.length >= 16 ? `ending in …${secret.slice(-4)}` : 'is set')
