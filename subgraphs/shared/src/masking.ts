import { isIPv4, isIPv6 } from 'node:net'

/** Characters of one string that are looked at; the rest of a longer one is cut, so that no input makes a log line expensive. */
export const MAX_MASKED_LENGTH = 16_384
const MAX_DEPTH = 8

interface Rule {
  /** A cheap look: without it the text cannot have a match. */
  mayHave: RegExp
  /** Every repetition is bounded or starts at a character that the one before it cannot be: time grows with the length only. */
  find: RegExp
  replace: string | ((match: string, ...groups: string[]) => string)
}

const SECRET_NAMES =
  'access_?token|refresh_?token|id_?token|token|client_?secret|secret|password|passwd|passphrase|api[_-]?key|private_?key|assertion|code_verifier|x-amz-signature|x-amz-credential|x-amz-security-token'

/** How e-mail addresses, IBANs, card numbers and phone numbers are written; an IBAN and a card number also have a checksum that fits. */
export const EMAIL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?:\p{L}{2,63}|xn--[\w-]{2,59})/gu
export const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?\b/g
export const CARD = /(?<![\w.-])[2-6]\d(?:[ -]?\d){11,17}(?![\w-]|\.\d)/g
export const PHONE_INTERNATIONAL = /(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){7,14}(?!\w)/g
export const PHONE_NATIONAL =
  /(?<![\w.:-])(?:\(\d{2,5}\)[ -]?\d{3,4}[ -]?\d{3,6}|\d{3}[ .-]\d{3}[ .-]\d{4}|0\d{2,4}[ /-]\d{5,9}|00[1-9]\d{0,2}(?:[ -]\d{2,5}){2,5})(?![\w:-]|\.\d)/g

/** In the order in which they are applied: what holds others (a URL, a cookie) first. */
const RULES: Rule[] = [
  { mayHave: /eyJ/, find: /\beyJ[\w-]{4,8192}\.[\w-]{2,8192}(?:\.[\w-]{0,8192}){0,3}/g, replace: '[token]' },
  { mayHave: /cookie/i, find: /\b((?:set-)?cookie["']?\s{0,4}[:=]\s{0,4})[^\r\n"']{1,8192}/gi, replace: '$1[cookie]' },
  { mayHave: /__(?:Host|Secure)-/, find: /\b(__(?:Host|Secure)-[\w-]{1,64}=)[^;\s"',]{1,8192}/g, replace: '$1[cookie]' },
  {
    mayHave: /bearer|basic|dpop/i,
    find: /\b(bearer|basic|dpop)(\s{1,4})(?=\S{0,512}[\d=._~+/-]|\S{24})[\w.~+/=-]{6,8192}/gi,
    replace: '$1$2[credential]',
  },
  { mayHave: /:\/\//, find: /(:\/\/)[^\s/@?#"']{1,512}@/g, replace: '$1[credential]@' },
  {
    mayHave: /[?&]/,
    find: new RegExp(
      `([?&](?:${SECRET_NAMES}|code|otp|state|nonce|sig|signature|key|login_hint|email)=)[^&\\s"'#]{1,8192}`,
      'gi',
    ),
    replace: '$1[secret]',
  },
  {
    mayHave: /token|secret|pass|key|assertion|verifier|x-amz/i,
    find: new RegExp(`\\b((?:${SECRET_NAMES})["']?\\s{0,4}[:=]\\s{0,4}["']?)(?!\\[)[^\\s"',;&}\\]]{4,8192}`, 'gi'),
    replace: '$1[secret]',
  },
  {
    mayHave: /code|otp|pin\b/i,
    find: /\b((?:one-time |sign-in |verification |security |pass)?code|otp|pin)\b([^\d\n]{1,24})\d{3}[ -]?\d{3}(?![\w-])/gi,
    replace: '$1$2[code]',
  },
  { mayHave: /@/, find: EMAIL, replace: '[e-mail]' },
  { mayHave: /[A-Z]{2}\d{2}/, find: IBAN, replace: (text) => (isIban(text) ? '[iban]' : text) },
  { mayHave: /\d{4}/, find: CARD, replace: (digits) => (isCard(digits) ? '[card]' : digits) },
  { mayHave: /\+\d/, find: PHONE_INTERNATIONAL, replace: '[phone]' },
  { mayHave: /\d{3}/, find: PHONE_NATIONAL, replace: '[phone]' },
  {
    mayHave: /\b(?:phone|tel|mobile|sms)\b/i,
    find: /\b((?:phone|tel|mobile|sms)\b\D{1,12})\d(?:[ ()-]{0,2}\d){6,14}(?!\w)/gi,
    replace: '$1[phone]',
  },
  { mayHave: /\d\.\d{1,3}\.\d/, find: /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?(?!\w|\.\d)/g, replace: maskAddress },
  {
    mayHave: /:[\da-f]{0,4}:/i,
    find: /(?<![\w:.])[\da-f:]{2,39}(?:\.\d{1,3}){0,3}(?:\/\d{1,3})?(?![\w:])/gi,
    replace: maskAddress,
  },
]

/**
 * Personal data and secrets out of a text, by what they look like and not by where they stand: e-mail addresses, phone numbers, tokens,
 * credentials, one-time codes beside a word that names them, cookies, IBANs (ISO 13616) and card numbers (Luhn), secrets in URLs; of IP
 * addresses the network stays. Ids, hashes, times and counts are left alone.
 */
export function maskText(text: string): string {
  let masked = text
  if (text.length > MAX_MASKED_LENGTH) masked = `${text.slice(0, MAX_MASKED_LENGTH)}… [${text.length - MAX_MASKED_LENGTH} more]`
  for (const { mayHave, find, replace } of RULES) {
    if (mayHave.test(masked)) masked = masked.replace(find, replace as string)
  }
  return masked
}

/** Values under these names go whatever they look like. */
const SECRET_KEY = new RegExp(`^(?:${SECRET_NAMES}|authorization|(?:set-)?cookie|jwt|otp)$`, 'i')
const PERSONAL_KEY = /^(?:e-?mail|phone|recipient)$/i
const CODE = /^\d{4,10}$/

/** A copy of a value of JSON with every string masked; values under a name that says what they are go altogether. */
export function maskValue(value: unknown, name = '', depth = 0): unknown {
  if (typeof value === 'string') return maskNamed(value, name)
  if (value === null || typeof value !== 'object') return value
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (Array.isArray(value)) return value.map((item) => maskValue(item, name, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskValue(item, key, depth + 1)]))
}

function maskNamed(text: string, name: string): string {
  if (SECRET_KEY.test(name)) return '[secret]'
  if (PERSONAL_KEY.test(name)) return '[personal]'
  if (name === 'code' && CODE.test(text)) return '[code]'
  return maskText(text)
}

/**
 * The network of an address, as the platform keeps it: IPv4 without its last number (`203.0.113.0/24`), IPv6 by its first 48 bits
 * (`2001:db8:1::/48`). Null for what is no address.
 */
export function networkOf(address: string): string | null {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1]
  if (mapped !== undefined) return networkOf(mapped)
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  if (!isIPv6(address)) return null
  const [head, tail] = address.toLowerCase().split('::') as [string, string | undefined]
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) while (groups.length < 3) groups.push('0')
  return `${groups.slice(0, 3).join(':')}::/48`
}

/** This machine's own addresses say nothing about anybody. */
function maskAddress(address: string): string {
  if (address.startsWith('127.') || address === '0.0.0.0' || /^::1?$/.test(address)) return address
  return networkOf(address.replace(/\/.*/, '')) ?? address
}

/** Luhn (ISO/IEC 7812-1). */
export function isCard(digits: string): boolean {
  const numbers = digits.replaceAll(/\D/g, '')
  let sum = 0
  for (let index = 0; index < numbers.length; index += 1) {
    const digit = Number(numbers[numbers.length - 1 - index])
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 7064, MOD 97-10: the country and the check digits go to the end, letters count from 10. */
export function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '')
  let rest = 0
  for (const sign of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(sign, 36)
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
  }
  return rest === 1
}
