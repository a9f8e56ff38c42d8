import type { Mail } from '../mail/mailer.ts'

/** The mail that carries a one-time code. */
export function codeMail(to: string, code: string, publicUrl: string): Mail {
  const site = new URL(publicUrl).host
  return {
    to,
    subject: `${code} is your Signalbox code`,
    text: [
      `Your code to sign in to Signalbox is ${code}`,
      '',
      `It works once, for 5 minutes, at ${site} only.`,
      'Nobody from Signalbox will ever ask you for it. If you did not want to sign in, ignore this mail.',
      '',
    ].join('\n'),
    html: htmlBody(code, site),
  }
}

const htmlBody = (code: string, site: string) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Your Signalbox code</title></head>
  <body style="margin:0;padding:32px 16px;background:#f4f5f7;font-family:system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1b1f24">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
      <table role="presentation" width="100%" style="max-width:440px;background:#ffffff;border-radius:12px;padding:32px" cellpadding="0" cellspacing="0">
        <tr><td style="font-size:15px;font-weight:600;color:#3f51b5">Signalbox</td></tr>
        <tr><td style="padding-top:20px;font-size:17px">Your code to sign in</td></tr>
        <tr><td style="padding:16px 0;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:36px;letter-spacing:8px;font-weight:700">${code}</td></tr>
        <tr><td style="font-size:14px;line-height:1.5;color:#57606a">It works once, for 5 minutes, at <strong>${site}</strong> only.<br>
          Nobody from Signalbox will ever ask you for it. If you did not want to sign in, ignore this mail.</td></tr>
      </table>
    </td></tr></table>
  </body>
</html>
`
