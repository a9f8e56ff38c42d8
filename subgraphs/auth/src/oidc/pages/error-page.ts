import { html } from './html.ts'
import type { Page } from './layout.ts'

/** What a person can do about an error of the protocol, by its code (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). */
const ADVICE: Record<string, string> = {
  invalid_client: 'The application is not known here, or its access has ended. Ask the people who run it.',
  invalid_redirect_uri:
    'The application asked to send you to an address that is not one of its own, so you stay here. Ask the people who run it.',
  invalid_request: 'The application asked in a way that is not allowed here. Ask the people who run it.',
  temporarily_unavailable: 'Signing in is not possible at the moment. Try again in a minute.',
  server_error: 'Something went wrong on our side. Try again in a minute.',
  expired: 'This page is not good any more. Go back to the application and start again.',
}

/** An error that leads nowhere: nobody is sent on from here. */
export function errorPage(error: string, description: string | undefined, status: number): Page {
  return {
    title: 'This did not work',
    status,
    body: html`
      <h1>This did not work</h1>
      <p>${ADVICE[error] ?? ADVICE['invalid_request']}</p>
      <p class="soft small">For them: ${error}${description === undefined || description === error ? '' : ` – ${description}`}</p>
    `,
  }
}
