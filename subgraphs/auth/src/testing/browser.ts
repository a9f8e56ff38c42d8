/** A browser as far as the sign-in pages need one: it keeps cookies by path, follows redirects within the site, and fills in forms. */
export class Browser {
  readonly #jar = new Map<string, { value: string; path: string }>()
  /** Where it is. */
  url: URL
  /** Of the last answer. */
  status = 0
  headers = new Headers()
  html = ''

  /**
   * @param issuer the provider's address as it says it itself
   * @param address where it is served
   */
  constructor(
    private readonly issuer: URL,
    private readonly address: string,
  ) {
    this.url = issuer
  }

  /** Every address that it was sent to, the last one outside of the site included, which it does not visit. */
  get visited(): string[] {
    return this.#visited
  }
  readonly #visited: string[] = []

  open(url: string, init: RequestInit = {}): Promise<URL> {
    return this.#go(new URL(url, this.issuer), { headers: { accept: 'text/html' }, ...init })
  }

  /** Sends the page's form by one of its buttons, with what a person typed or chose. */
  press(step: string, typed: Record<string, string> = {}): Promise<URL> {
    return this.#go(this.url, {
      method: 'POST',
      headers: { accept: 'text/html', origin: this.issuer.origin },
      body: new URLSearchParams({ ...this.fields, ...typed, step }),
    })
  }

  /** The form's hidden fields, and the choice that is made for the person. */
  get fields(): Record<string, string> {
    const inputs = [...this.html.matchAll(/<input type="(hidden|radio)" name="(\w+)" value="([^"]*)"\s*(checked)?/g)]
    return Object.fromEntries(
      inputs
        .filter(([, type, , , checked]) => type === 'hidden' || checked)
        .map(([, , name, value]) => [name!, unescape(value!)]),
    )
  }

  /** What a person reads. */
  get text(): string {
    const body = /<main>(.*)<\/main>/s.exec(this.html)?.[1] ?? this.html
    return unescape(body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).trim()
  }

  cookie(name: string, value?: string): string | undefined {
    if (value !== undefined) this.#jar.set(name, { path: '/', ...this.#jar.get(name), value })
    return this.#jar.get(name)?.value
  }

  async #go(url: URL, init: RequestInit): Promise<URL> {
    this.#visited.push(url.href)
    if (url.origin !== this.issuer.origin) return (this.url = url)
    const headers = { ...(init.headers as Record<string, string>), cookie: this.#cookiesFor(url) }
    const response = await fetch(`${this.address}${url.pathname}${url.search}`, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
    Object.assign(this, { url, status: response.status, headers: response.headers, html: await response.text() })
    const location = response.headers.get('location')
    return location === null ? url : this.#go(new URL(location, url), { headers: { accept: 'text/html' } })
  }

  #cookiesFor({ pathname }: URL): string {
    return [...this.#jar]
      .filter(([, { path }]) => path === '/' || pathname === path || pathname.startsWith(`${path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  #keep(cookie: string) {
    const [pair = '', ...attributes] = cookie.split('; ')
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const path = attributes.find((attribute) => attribute.startsWith('path='))?.slice(5) ?? '/'
    if (attributes.some((attribute) => attribute.startsWith('expires=Thu, 01 Jan 1970'))) this.#jar.delete(name)
    else this.#jar.set(name, { value, path })
  }
}

const unescape = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
