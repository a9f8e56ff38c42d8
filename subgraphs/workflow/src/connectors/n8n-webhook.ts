import { EgressRefusedError, isEgressError, type Egress, type EgressResponse } from '@signalbox/shared/egress'

/** Where an n8n workflow listens. */
export interface N8nWebhookConfig {
  url: string
  /** n8n's header authentication, where the webhook asks for it. */
  header?: { name: string; value: string } | undefined
  /** The way out. */
  egress: Egress
  /** Milliseconds until an answer must be there; 10 s unless given. */
  timeoutMs?: number
}

export interface N8nWebhookCall {
  /** The same for every repetition of one effect, so that the receiver can tell them apart. */
  idempotencyKey: string
  body: unknown
  signal?: AbortSignal
}

/** The other side refused or could not be reached; `retryable` says whether the same call may succeed later. */
export class WebhookError extends Error {
  override name = 'WebhookError'

  constructor(
    message: string,
    readonly retryable: boolean,
    readonly status: number | null = null,
  ) {
    super(message)
  }
}

/**
 * Posts JSON to an n8n webhook, once. 409 counts as done: n8n's Wait node answers it when its resume address is used a second time.
 * @throws {WebhookError} for no answer in time, for a redirect and for any status outside 200–299 and 409
 */
export async function callN8nWebhook(config: N8nWebhookConfig, call: N8nWebhookCall): Promise<{ status: number }> {
  const response = await send(config, call)
  if (response.ok || response.status === 409) return { status: response.status }
  const retryable = response.status >= 500 || response.status === 408 || response.status === 429
  throw new WebhookError(`The webhook answered ${response.status}.`, retryable, response.status)
}

async function send(
  { url, header, egress, timeoutMs = 10_000 }: N8nWebhookConfig,
  { idempotencyKey, body, signal }: N8nWebhookCall,
): Promise<EgressResponse> {
  try {
    return await egress.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
        ...(header && { [header.name.toLowerCase()]: header.value }),
      },
      body: JSON.stringify(body),
      maxRedirects: 0,
      ignoreBody: true,
      timeoutMs,
      ...(signal && { signal }),
    })
  } catch (error) {
    if (!isEgressError(error)) throw error
    if (error instanceof EgressRefusedError) throw new WebhookError(`The webhook was not called. ${error.message}`, false)
    const late = error.code === 'TIMEOUT'
    throw new WebhookError(
      late ? `The webhook did not answer within ${timeoutMs} ms.` : 'The webhook could not be reached.',
      true,
    )
  }
}
