export interface Connectable {
  clientId: string
  scopes: readonly string[]
  redirectUris: readonly string[]
}

/** What to enter where, for the ways in which programs are connected. `origin` is the dashboard's own: `https://signalbox.example`. */
export const n8nFields = ({ clientId, scopes }: Connectable, origin: string): [string, string][] => [
  ['Authentication', 'OAuth2'],
  ['Grant type', 'Client Credentials'],
  ['Access token URL', `${origin}/oidc/token`],
  ['Client ID', clientId],
  ['Client secret', 'the secret above'],
  ['Scope', scopes.join(' ')],
  ['Endpoint', `${origin}/graphql`],
]

/** Two commands; the secret is read from the variable `SECRET`, so that it stays out of the shell's history. */
export const curlSnippet = ({ clientId, scopes }: Connectable, origin: string): string =>
  [
    `read -rs SECRET   # paste the secret, then Enter`,
    `TOKEN=$(curl -s -u "${clientId}:$SECRET" \\`,
    `  -d grant_type=client_credentials -d "scope=${scopes.join(' ')}" \\`,
    `  ${origin}/oidc/token | sed -E 's/.*"access_token":"([^"]+)".*/\\1/')`,
    `curl -s ${origin}/graphql -H "authorization: Bearer $TOKEN" \\`,
    `  -H 'content-type: application/json' -d '{"query":"{ viewer { scopes } }"}'`,
  ].join('\n')

export const publicFields = ({ clientId, scopes, redirectUris }: Connectable, origin: string): [string, string][] => [
  ['Discovery', `${origin}/oidc/.well-known/openid-configuration`],
  ['Flow', 'Authorization code with PKCE (S256), no secret'],
  ['Client ID', clientId],
  ['Redirect URI', redirectUris.join(' or ')],
  ['Scope', ['openid', ...scopes].join(' ')],
]
