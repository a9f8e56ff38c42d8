import { html, type Html } from './html.ts'
import { alert, type Page } from './layout.ts'
import { hidden, type FormFrame } from './sign-in-pages.ts'

export interface ConsentPage extends FormFrame {
  /** Who made the application known here. */
  owner: string
  person: string
  /** Where the person may act through it; empty: nowhere. */
  organizations: { id: string; name: string }[]
  /** How long at most: `30 days`. */
  lasts: string
  /** Half sentences. */
  rights: string[]
  fault?: string
}

/** Asks a person whether an application may act for them. */
export function consentPage(page: ConsentPage): Page {
  const { application, owner, redirectUri, token, person, fault } = page
  const possible = page.organizations.length > 0
  return {
    title: possible ? `Allow ${application}?` : `No access to ${application}`,
    status: fault === undefined ? 200 : 400,
    formTarget: redirectUri,
    body: html`
      <div>
        <h1>${possible ? `Allow ${application}?` : 'This is not for your account'}</h1>
        <p class="soft">An application of <strong>${owner}</strong>. You are signed in as <strong>${person}</strong>.</p>
      </div>
      ${alert(fault)}
      <form method="post">
        ${hidden({ token })} ${possible ? question(page) : refusal(page)}
        <div class="buttons">
          ${possible && html`<button name="step" value="allow">Allow</button>`}
          <button name="step" value="deny" class="plain">${possible ? 'Do not allow' : `Back to ${application}`}</button>
        </div>
        <button name="step" value="switch" class="link">Use another account</button>
      </form>
    `,
  }
}

const question = ({ application, organizations, rights, redirectUri, lasts }: ConsentPage): Html => html`
  <section>
    <h2>${application} would be able to</h2>
    <ul>
      ${rights.map((right) => html`<li>${right}</li>`)}
    </ul>
  </section>
  ${organizations.length === 1 ? onlyOne(organizations[0]!) : choice(organizations)}
  <p class="soft small">
    Never more than you may do yourself at that moment. It stays so for up to ${lasts}; you can end it any time among your
    sessions, under Settings. You go on to <strong>${targetOf(redirectUri)}</strong>.
  </p>
`

const onlyOne = ({ id, name }: { id: string; name: string }): Html =>
  html`<p>in <strong>${name}</strong>.</p>
    ${hidden({ organization: id })}`

const choice = (organizations: ConsentPage['organizations']): Html => html`
  <fieldset>
    <legend>In which organisation?</legend>
    ${organizations.map(
      ({ id, name }, index) =>
        html`<label class="choice">
          <input type="radio" name="organization" value="${id}" ${index === 0 ? html`checked` : ''} required /><span
            >${name}</span
          >
        </label>`,
    )}
  </fieldset>
`

const refusal = ({ application, owner }: ConsentPage): Html =>
  html`<p>
    Your role does not include what ${application} asks for in any organisation that it works for. Ask an administrator of
    ${owner}.
  </p>`

/** What a person recognises the application's place by. */
function targetOf(uri: string): string {
  const { protocol, host, hostname } = new URL(uri)
  if (hostname === '127.0.0.1' || hostname === '[::1]') return 'an application on this computer'
  return protocol === 'https:' ? host : `the application ${protocol.slice(0, -1)}`
}
