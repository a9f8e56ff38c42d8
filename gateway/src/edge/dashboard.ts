import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { readFile } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { pagePolicy } from './security-headers.ts'

/**
 * Serves the built dashboard. Files under `assets/` carry a hash in their name and never change; the page itself is asked for anew each
 * time. Returns what a browser gets that navigates to one of the dashboard's own addresses.
 */
export async function serveDashboard(app: FastifyInstance, webDir: string, publicUrl: string) {
  const page = join(webDir, 'index.html')
  const policy = pagePolicy(publicUrl)
  await app.register(fastifyStatic, {
    root: webDir,
    wildcard: false,
    index: ['index.html'],
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes(`${sep}assets${sep}`)
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      if (basename(path) === 'index.html') reply.header('content-security-policy', policy)
    },
  })
  const body = await readFile(page, 'utf8')
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', 'content-security-policy': policy }
  return (accept: string) => (accept.includes('text/html') ? { headers, body } : undefined)
}
