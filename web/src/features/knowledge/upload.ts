import { refreshSession, requestHeaders } from '../../ui/session/refresh-session.ts'
import type { IntakeResult } from './knowledge-words.ts'

/** Why a file was not taken, in a sentence. */
export class UploadRefused extends Error {
  override name = 'UploadRefused'
}

interface Reply {
  status: number
  body: (Partial<IntakeResult> & { errors?: { message: string }[] }) | null
}

/**
 * Sends a file into a base. A session that ran out is renewed once.
 * @param onProgress share of the bytes that are on their way, 0 to 1
 * @throws {UploadRefused}
 */
export async function uploadFile(baseId: string, file: File, onProgress: (share: number) => void): Promise<IntakeResult> {
  let reply = await send(baseId, file, onProgress)
  if (reply.status === 401 && (await refreshSession()) === 'renewed') reply = await send(baseId, file, onProgress)
  if (reply.status === 201 && reply.body) return reply.body as IntakeResult
  throw new UploadRefused(reply.body?.errors?.[0]?.message ?? wordsFor(reply.status))
}

function wordsFor(status: number): string {
  if (status === 413) return 'The file is larger than the platform takes.'
  if (status === 0) return 'There was no answer. Check the connection and send it again.'
  return 'The platform did not take it. Send it again in a moment.'
}

/** Not `fetch`, which does not tell how much has been sent. */
function send(baseId: string, file: File, onProgress: (share: number) => void): Promise<Reply> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const query = new URLSearchParams({ knowledgeBase: baseId, name: file.name })
    request.open('POST', `/artifacts/knowledge?${query}`)
    for (const [name, value] of Object.entries(requestHeaders)) request.setRequestHeader(name, value)
    request.setRequestHeader('content-type', file.type || 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total)
    request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) })
    request.onerror = () => resolve({ status: 0, body: null })
    request.send(file)
  })
}

function parsed(text: string): Reply['body'] {
  try {
    return JSON.parse(text) as Reply['body']
  } catch {
    return null
  }
}
