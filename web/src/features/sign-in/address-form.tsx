import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { RequestOtpDocument } from './sign-in.documents.ts'
import type { Challenge } from './sign-in-page.tsx'

export interface AddressFormProps {
  onSent(challenge: Challenge): void
}

export function AddressForm({ onSent }: AddressFormProps) {
  const [address, setAddress] = useState(addressOfLink)
  const [{ fetching, error }, request] = useMutation(RequestOtpDocument)
  const fault = error && describeError(error)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await request({ input: { channel: 'EMAIL', address: address.trim() } })
    if (data) onSent({ ...data.requestOtp, address: address.trim() })
  }

  return (
    <Box component="form" onSubmit={(event: SubmitEvent) => void submit(event)} sx={{ display: 'grid', gap: 2 }}>
      <Box>
        <Typography variant="h1">Sign in</Typography>
        <Typography sx={{ color: 'text.secondary', mt: 0.75 }}>
          We send a six-digit code to your e-mail address. No password.
        </Typography>
      </Box>
      <TextField
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="email"
        autoFocus
        required
        size="medium"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        error={fault?.fields.some(({ path }) => path.endsWith('address')) ?? false}
      />
      {fault && <Alert severity="error">{fault.detail}</Alert>}
      <Button type="submit" variant="contained" size="large" loading={fetching}>
        Send the code
      </Button>
    </Box>
  )
}

/** An invitation's link brings the address along: `#email=ada%40example.com`. */
const addressOfLink = () => new URLSearchParams(location.hash.slice(1)).get('email') ?? ''
