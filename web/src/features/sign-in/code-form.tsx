import ArrowBackOutlined from '@mui/icons-material/ArrowBackOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useRef, useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { CODE_LENGTH, countdown, digitsOf } from './code.ts'
import { RequestOtpDocument, VerifyOtpDocument } from './sign-in.documents.ts'
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
  const type = (text: string) => {
    const digits = digitsOf(text)
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
          If <strong>{challenge.address}</strong> belongs to a member, a code is on its way to it.
        </Typography>
      </Box>
      <TextField
        label="Six-digit code"
        name="code"
        size="medium"
        autoFocus
        inputRef={field}
        value={code}
        onChange={(event) => type(event.target.value)}
        error={error !== undefined}
        slotProps={{
          htmlInput: {
            inputMode: 'numeric',
            autoComplete: 'one-time-code',
            'aria-describedby': 'code-help',
            style: { fontSize: '1.6rem', letterSpacing: '0.4em', fontVariantNumeric: 'tabular-nums', textAlign: 'center' },
          },
        }}
      />
      <Box aria-live="assertive">{error && <Alert severity="error">{describeError(error).detail}</Alert>}</Box>
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
        Use another address
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
    const { data } = await request({ input: { channel: 'EMAIL', address: challenge.address } })
    if (!data) return
    setSentAt(Date.now())
    onResent({ ...data.requestOtp, address: challenge.address })
  }

  return (
    <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 1, flexWrap: 'wrap' }}>
      <Typography id="code-help" variant="body2" sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
        {left > 0 ? `Good for another ${countdown(left)}` : 'This code has expired. Ask for a new one.'}
      </Typography>
      <Button size="small" onClick={() => void resend()} loading={fetching} disabled={wait > 0 && left > 0}>
        {wait > 0 && left > 0 ? `Send again in ${Math.ceil(wait / 1_000)} s` : 'Send a new code'}
      </Button>
      {error && (
        <Alert severity="error" sx={{ width: '100%' }}>
          {describeError(error).detail}
        </Alert>
      )}
    </Box>
  )
}
