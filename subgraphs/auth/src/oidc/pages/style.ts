import { createHash } from 'node:crypto'

/** The dashboard's colours (`web/src/ui/theme/palette.ts`), light or dark as the person's system is. No font is fetched. */
export const STYLE = `
:root { color-scheme: light dark; --back: #f5f1e8; --paper: #fffdf8; --text: #1a2521; --soft: #52605a; --line: rgba(26,48,40,.2);
  --main: #1f5a49; --on-main: #fff; --error: #b0281f; --focus: #a8431d }
@media (prefers-color-scheme: dark) { :root { --back: #0f1614; --paper: #17201d; --text: #e8eee9; --soft: #a5b3ac;
  --line: rgba(214,236,226,.24); --main: #8fd0b5; --on-main: #0b1a15; --error: #ff9a8c; --focus: #f2a184 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--back); color: var(--text);
  font: 15px/1.5 'Inter Variable', Inter, system-ui, sans-serif; overflow-wrap: anywhere }
header { background: #17382f; color: #f6efdd; padding: 16px 24px; display: flex; align-items: center; gap: 12px; font-weight: 680;
  font-size: 1.1rem; letter-spacing: -.01em }
header svg { width: 32px; height: 32px; flex: none }
main { width: 100%; max-width: 480px; margin: auto; padding: 24px 16px 48px }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 28px 24px; display: grid; gap: 18px }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2; font-weight: 680; letter-spacing: -.018em }
h2 { margin: 0 0 8px; font-size: 1rem; font-weight: 680 }
p { margin: 0 } h1 + p { margin-top: 6px } .soft { color: var(--soft) } .small { font-size: .875rem }
form { display: grid; gap: 16px; margin: 0 }
label { font-weight: 600 } label.choice { font-weight: 400; display: flex; gap: 10px; align-items: start; padding: 10px 12px;
  border: 1px solid var(--line); border-radius: 10px; cursor: pointer }
label.choice + label.choice { margin-top: 8px }
input[type=radio] { width: 18px; height: 18px; margin: 2px 0 0; accent-color: var(--main); flex: none }
input[type=text] { display: block; width: 100%; margin-top: 6px; padding: 11px 12px; font: inherit; font-weight: 400; color: inherit; background: var(--back);
  border: 1px solid var(--soft); border-radius: 10px }
input.code { font-size: 1.6rem; letter-spacing: .3em; text-align: center; font-variant-numeric: tabular-nums }
fieldset { border: 0; margin: 0; padding: 0 } legend { padding: 0; margin-bottom: 8px; font-weight: 680 }
ul { margin: 0; padding: 0 0 0 20px } li + li { margin-top: 6px }
.alert { border: 1px solid var(--error); border-left-width: 5px; border-radius: 10px; padding: 10px 14px; color: var(--error) }
.buttons { display: flex; flex-wrap: wrap; gap: 10px } .buttons button { flex: 1 1 140px }
button { font: inherit; font-weight: 600; min-height: 44px; padding: 8px 18px; border-radius: 8px; border: 1px solid var(--main); cursor: pointer;
  background: var(--main); color: var(--on-main) }
button.plain { background: none; color: var(--main) } button.link { border: 0; padding: 0; min-height: 24px; background: none; color: var(--main);
  text-decoration: underline; text-align: left; justify-self: start }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
`

/** What the content security policy allows this one style by (CSP 3, 8.4). */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`
