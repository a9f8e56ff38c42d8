import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { PAGE_PERMISSIONS, pagePolicy } from './security-headers.ts'

/** Where the page takes the nonce from, for the styles that its scripts write into it. */
const NONCE_META = /<meta name="csp-nonce" content="[^"]*" ?\/?>/

/**
 * Serves the built dashboard. Files under `assets/` carry a hash in their name and never change; the page itself is made anew each time,
 * with a nonce of its own. Returns what answers a browser that navigates to one of the dashboard's own addresses.
 */
export async function serveDashboard(app: FastifyInstance, webDir: string, publicUrl: string) {
  const template = await readFile(join(webDir, 'index.html'), 'utf8')
  const sendPage = (reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64')
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': pagePolicy(publicUrl, nonce),
        'permissions-policy': PAGE_PERMISSIONS,
      })
      .send(template.replace(NONCE_META, `<meta name="csp-nonce" content="${nonce}" />`))
  }
  await app.register(fastifyStatic, {
    root: webDir,
    wildcard: false,
    index: false,
    globIgnore: ['index.html'],
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes(`${sep}assets${sep}`)
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/', (_request, reply) => sendPage(reply))
  return (request: { headers: { accept?: string | undefined } }, reply: FastifyReply) =>
    request.headers.accept?.includes('text/html') === true ? sendPage(reply) : undefined
}
