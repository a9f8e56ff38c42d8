import type { Context } from 'koa'

/** Bytes; ours hold an address, a code and ids. */
const LONGEST = 4_096

/** The fields of a posted form (`application/x-www-form-urlencoded`), or null for anything else and for one that is too long. */
export async function readForm(ctx: Context): Promise<URLSearchParams | null> {
  if (!ctx.is('application/x-www-form-urlencoded')) return null
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LONGEST) return null
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
