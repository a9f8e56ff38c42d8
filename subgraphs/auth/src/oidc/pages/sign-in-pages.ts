import { html, type Html } from './html.ts'
import { alert, type Page } from './layout.ts'

/** What every form of an interaction carries. */
export interface FormFrame {
  /** Proves that the form is ours and this browser's. */
  token: string
  /** The application's own name for itself. */
  application: string
  redirectUri: string
}

export interface AddressPage extends FormFrame {
  address?: string
  canText: boolean
  fault?: string
}

export const hidden = (fields: Record<string, string>): Html[] =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)

export function addressPage({ token, application, redirectUri, address, canText, fault }: AddressPage): Page {
  const what = canText ? 'E-mail address or phone number' : 'E-mail address'
  return {
    title: 'Sign in',
    status: fault === undefined ? 200 : 400,
    formTarget: redirectUri,
    body: html`
      <div>
        <h1>Sign in</h1>
        <p class="soft">to go on to <strong>${application}</strong>. We send you a six-digit code. No password.</p>
      </div>
      ${alert(fault)}
      <form method="post" novalidate>
        ${hidden({ token })}
        <label>
          ${what}
          <input
            type="text"
            name="address"
            value="${address ?? ''}"
            autocomplete="username"
            inputmode="email"
            autocapitalize="none"
            spellcheck="false"
            maxlength="254"
            required
            autofocus
          />
        </label>
        <div class="buttons">
          <button name="step" value="address">Send the code</button>
          <button name="step" value="cancel" class="plain">Cancel</button>
        </div>
      </form>
    `,
  }
}

export interface CodePage extends FormFrame {
  address: string
  challengeId: string
  fault?: string
}

export function codePage({ token, application, redirectUri, address, challengeId, fault }: CodePage): Page {
  return {
    title: 'Enter the code',
    status: fault === undefined ? 200 : 400,
    formTarget: redirectUri,
    body: html`
      <div>
        <h1>Enter the code</h1>
        <p class="soft">
          If <strong>${address}</strong> belongs to a member, a code is on its way to it. It works once, for 5 minutes.
        </p>
      </div>
      ${alert(fault)}
      <form method="post" novalidate>
        ${hidden({ token, address, challengeId })}
        <label>
          Six-digit code
          <input
            type="text"
            class="code"
            name="code"
            autocomplete="one-time-code"
            inputmode="numeric"
            maxlength="12"
            required
            autofocus
          />
        </label>
        <div class="buttons">
          <button name="step" value="code">Sign in</button>
          <button name="step" value="cancel" class="plain">Cancel</button>
        </div>
        <button name="step" value="address" class="link">Send a new code</button>
        <button name="step" value="restart" class="link">Use another address</button>
        <p class="soft small">You go on to ${application} after that.</p>
      </form>
    `,
  }
}
