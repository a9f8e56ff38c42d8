import type { Mail } from './mail-store.ts'

/** The inbox as one page without scripts of others: readable at 390 px, light and dark, new mail appears by itself. */
export function inboxPage(mails: Mail[], signalboxUrl: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Signalbox inbox</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Inbox</h1>
<p>Every mail that Signalbox sends on this machine arrives here and nowhere else. <a href="${escape(signalboxUrl)}">Open Signalbox</a></p>
</header>
<main id="mails" aria-live="polite">${mailList(mails)}</main>
<script>${SCRIPT}</script>
</body>
</html>
`
}

/** The list alone: what the page asks for again and again. */
export function mailList(mails: Mail[]): string {
  if (mails.length === 0) return '<p class="empty">No mail yet. Ask for a sign-in code, and it will be here in a moment.</p>'
  return mails.map(article).join('\n')
}

function article({ id, to, from, subject, text, at }: Mail): string {
  const code = /\b\d{6}\b/.exec(text)?.[0]
  return `<article id="${escape(id)}">
<h2>${escape(subject)}</h2>
<p class="meta"><span>to <b>${escape(to)}</b></span> <span>from ${escape(from)}</span> <time datetime="${at}">${at.replace('T', ' ').slice(0, 19)} UTC</time></p>
${code === undefined ? '' : `<p class="code"><output>${code}</output></p>`}
<pre>${escape(text.trim())}</pre>
</article>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #f6f7f9; --card: #fff; --line: #d8dee4; --accent: #0b57d0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #9aa4b0; --paper: #14171b; --card: #1d2127; --line: #333a43; --accent: #8ab4f8; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1.25rem 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { margin: 0; font-size: 1.5rem; }
header p { margin: .25rem 0 1.25rem; color: var(--soft); }
a { color: var(--accent); }
article { margin: 0 0 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); overflow-wrap: anywhere; }
h2 { margin: 0 0 .25rem; font-size: 1.1rem; }
.meta { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: 0 0 .5rem; color: var(--soft); font-size: .875rem; }
.code output { font: 700 2rem/1.2 ui-monospace, monospace; letter-spacing: .2em; user-select: all; }
.code { margin: .5rem 0; }
pre { margin: 0; white-space: pre-wrap; font: inherit; }
.empty { color: var(--soft); text-align: center; padding: 3rem 0; }
`

const SCRIPT = `
const mails = document.getElementById('mails')
setInterval(async () => {
  if (document.hidden) return
  try {
    const answer = await fetch('/list')
    const html = await answer.text()
    if (answer.ok && html !== mails.dataset.last) {
      if (mails.dataset.last !== undefined) mails.innerHTML = html
      mails.dataset.last = html
    }
  } catch {}
}, 1500)
`
