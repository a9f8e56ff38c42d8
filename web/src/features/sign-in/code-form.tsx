import ArrowBackOutlined from '@mui/icons-material/ArrowBackOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useRef, useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { CodeField } from '../../ui/code/code-field.tsx'
import { CODE_LENGTH, countdown } from '../../ui/code/code.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { RequestOtpDocument, VerifyOtpDocument } from './sign-in.documents.ts'
import { Failure } from './failure.tsx'
import type { Challenge } from './sign-in-page.tsx'

/** A new code can be asked for after this long. */
const RESEND_AFTER_MS = 30_000

export interface CodeFormProps {
  challenge: Challenge
  onResent(challenge: Challenge): void
  onBack(): void
  onSignedIn(): void
}

export function CodeForm({ challenge, onResent, onBack, onSignedIn }: CodeFormProps) {
  const [code, setCode] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const [{ fetching, error }, verify] = useMutation(VerifyOtpDocument)
  const [refused, setRefused] = useState('')

  const submit = async (digits: string) => {
    if (digits.length < CODE_LENGTH || fetching) return
    const { data } = await verify({ input: { challengeId: challenge.challengeId, code: digits } })
    if (data) return onSignedIn()
    setRefused(digits)
    field.current?.select()
  }
  const type = (digits: string) => {
    setCode(digits)
    if (digits.length === CODE_LENGTH && digits !== refused) void submit(digits)
  }

  return (
    <Box
      component="form"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault()
        void submit(code)
      }}
      sx={{ display: 'grid', gap: 2 }}
    >
      <Box>
        <Typography variant="h1">Enter the code</Typography>
        <Typography sx={{ color: 'text.secondary', mt: 0.75 }}>
          If <strong>{challenge.address}</strong> belongs to a member, a code is on its way to it. It works in this browser only.
        </Typography>
      </Box>
      <CodeField value={code} onChange={type} error={error !== undefined} describedBy="code-help" inputRef={field} />
      <Failure error={error} />
      <Button type="submit" variant="contained" size="large" loading={fetching} disabled={code.length < CODE_LENGTH}>
        Sign in
      </Button>
      <Resend
        challenge={challenge}
        onResent={(next) => {
          setCode('')
          setRefused('')
          onResent(next)
          field.current?.focus()
        }}
      />
      <Button onClick={onBack} startIcon={<ArrowBackOutlined />} sx={{ justifySelf: 'start' }}>
        {challenge.channel === 'SMS' ? 'Use another number' : 'Use another address'}
      </Button>
    </Box>
  )
}

function Resend({ challenge, onResent }: Pick<CodeFormProps, 'challenge' | 'onResent'>) {
  const now = useNow()
  const [sentAt, setSentAt] = useState(Date.now)
  const [{ fetching, error }, request] = useMutation(RequestOtpDocument)
  const left = Date.parse(challenge.expiresAt) - now
  const wait = sentAt + RESEND_AFTER_MS - now

  const resend = async () => {
    const { data } = await request({ input: { channel: challenge.channel, address: challenge.address } })
    if (!data) return
    setSentAt(Date.now())
    onResent({ ...challenge, ...data.requestOtp })
  }

  return (
    <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 1, flexWrap: 'wrap' }}>
      <Typography id="code-help" variant="body2" sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
        {left > 0 ? `Good for another ${countdown(left)}` : 'This code has expired. Ask for a new one.'}
      </Typography>
      <Button size="small" onClick={() => void resend()} loading={fetching} disabled={wait > 0 && left > 0}>
        {wait > 0 && left > 0 ? `Send again in ${Math.ceil(wait / 1_000)} s` : 'Send a new code'}
      </Button>
      <Box sx={{ width: '100%' }}>
        <Failure error={error} />
      </Box>
    </Box>
  )
}
