import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** Something that may stand nowhere: its name is told, its value never. */
export interface Secret {
  name: string
  value: string
}

export interface Haystack {
  /** A file, or a table's name. */
  name: string
  text: string
}

export interface Finding {
  secret: string
  /** How it stood there: `plain`, `base64`, `hex`. */
  form: string
  where: string
}

/** A value that is this short and only digits is looked for between boundaries, else it would be found in other numbers. */
const CODE = /^\d{4,8}$/

/** Private keys whatever their value: PEM, and the private part of a JWK, in JSON or as a string within JSON. */
const KEY_MATERIAL = [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, /\\*"d\\*"\s*:\s*\\*"[\w-]{40,}/]

/** Finds secrets in texts: as they are, escaped as JSON or for addresses, as hexadecimal digits and as base64 and base64url at any offset. */
export function scan(secrets: readonly Secret[], haystacks: readonly Haystack[]): Finding[] {
  const needles = secrets.flatMap(needlesOf)
  return haystacks.flatMap(({ name, text }) => {
    const views = { asIs: text, lowerCase: text.toLowerCase() }
    const found = needles.filter(({ form, matches }) => matches(form === 'hex' ? views.lowerCase : views.asIs))
    const keys = KEY_MATERIAL.some((pattern) => pattern.test(text))
      ? [{ secret: 'a private key', form: 'plain', where: name }]
      : []
    return [...found.map(({ secret, form }) => ({ secret, form, where: name })), ...keys]
  })
}

interface Needle {
  secret: string
  form: string
  matches(text: string): boolean
}

function needlesOf({ name, value }: Secret): Needle[] {
  if (CODE.test(value)) {
    const pattern = new RegExp(`(?<![\\w.])${value}(?![\\w.])`)
    return [{ secret: name, form: 'plain', matches: (text) => pattern.test(text) }]
  }
  if (value.length < 12) throw new Error(`${name} is too short to be looked for`)
  const forms: [form: string, text: string][] = [
    ['plain', value],
    ['plain', JSON.stringify(value).slice(1, -1)],
    ['plain', encodeURIComponent(value)],
    ['hex', Buffer.from(value).toString('hex')],
    ...[0, 1, 2].flatMap((offset): [string, string][] => [
      ['base64', withinBase64(value, offset, 'base64')],
      ['base64', withinBase64(value, offset, 'base64url')],
    ]),
  ]
  const distinct = new Map(forms.map(([form, text]) => [text, form]))
  return [...distinct].map(([text, form]) => ({ secret: name, form, matches: (haystack) => haystack.includes(text) }))
}

/** The digits that stand for the value alone when it begins that many bytes into a group of three. */
function withinBase64(value: string, offset: number, encoding: 'base64' | 'base64url'): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
  return whole.toString(encoding).slice(Math.ceil((offset * 8) / 6))
}

/** Every file below the folders, as text. */
export function readTree(...folders: string[]): Haystack[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
      const name = join(folder, path)
      return statSync(name).isFile() ? [{ name, text: readFileSync(name, 'latin1') }] : []
    }),
  )
}

/** Every row of every table, and the roles; bytes stand beside it decoded as well. @param url of a superuser */
export async function dumpDatabase(url: string, label: string): Promise<Haystack[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname not like 'pg_toast%'
         and (n.nspname <> 'pg_catalog' or c.relname in ('pg_authid', 'pg_db_role_setting', 'pg_description'))`,
    )
    const dump: Haystack[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`)
      const text = rows.map(({ row }) => row).join('\n')
      dump.push({ name: `${label} ${name}`, text: `${text}\n${decodedBytes(text)}` })
    }
    return dump
  } finally {
    await client.end()
  }
}

/** What `bytea` columns hold: JSON shows them as `\\x…`. */
const decodedBytes = (text: string) =>
  [...text.matchAll(/\\\\x((?:[\da-f]{2})+)/g)].map(([, digits]) => Buffer.from(digits!, 'hex').toString('latin1')).join('\n')
