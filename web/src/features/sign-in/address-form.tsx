import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation, useQuery } from 'urql'
import type { OtpChannel } from '../../gql/graphql.ts'
import { describeError } from '../../ui/errors.ts'
import { Failure } from './failure.tsx'
import { RequestOtpDocument, SignInChannelsDocument } from './sign-in.documents.ts'
import type { Challenge } from './sign-in-page.tsx'

export interface AddressFormProps {
  onSent(challenge: Challenge): void
}

const ways = {
  EMAIL: {
    button: 'E-mail',
    lead: 'We send a six-digit code to your e-mail address. No password.',
    field: { label: 'E-mail address', type: 'email', name: 'email', autoComplete: 'email' },
    help: undefined,
  },
  SMS: {
    button: 'Text message',
    lead: 'We send a six-digit code to the phone number of your profile.',
    field: { label: 'Phone number', type: 'tel', name: 'tel', autoComplete: 'tel' },
    help: 'With the country code: +41 79 123 45 67',
  },
} as const

export function AddressForm({ onSent }: AddressFormProps) {
  const [channel, setChannel] = useState<OtpChannel>('EMAIL')
  const [address, setAddress] = useState(addressOfLink)
  const [{ data: offered }] = useQuery({ query: SignInChannelsDocument })
  const [{ fetching, error }, request] = useMutation(RequestOtpDocument)
  const fault = error && describeError(error)
  const way = ways[channel]

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = await request({ input: { channel, address: address.trim() } })
    if (data) onSent({ ...data.requestOtp, channel, address: address.trim() })
  }

  return (
    <Box component="form" onSubmit={(event: SubmitEvent) => void submit(event)} sx={{ display: 'grid', gap: 2 }}>
      <Box>
        <Typography variant="h1">Sign in</Typography>
        <Typography sx={{ color: 'text.secondary', mt: 0.75 }}>{way.lead}</Typography>
      </Box>
      {(offered?.signInChannels.length ?? 0) > 1 && (
        <Ways
          channel={channel}
          onChange={(next) => {
            setChannel(next)
            setAddress('')
          }}
        />
      )}
      <TextField
        key={channel}
        {...way.field}
        helperText={way.help}
        autoFocus
        required
        size="medium"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        error={fault?.fields.some(({ path }) => path.endsWith('address')) ?? false}
      />
      <Failure error={error} />
      <Button type="submit" variant="contained" size="large" loading={fetching}>
        Send the code
      </Button>
    </Box>
  )
}

function Ways({ channel, onChange }: { channel: OtpChannel; onChange(channel: OtpChannel): void }) {
  return (
    <ToggleButtonGroup
      exclusive
      fullWidth
      size="small"
      value={channel}
      onChange={(_event, next: OtpChannel | null) => next && onChange(next)}
      aria-label="How the code is sent"
    >
      {(['EMAIL', 'SMS'] as const).map((each) => (
        <ToggleButton key={each} value={each}>
          {ways[each].button}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

/** An invitation's link brings the address along: `#email=ada%40example.com`. */
const addressOfLink = () => new URLSearchParams(location.hash.slice(1)).get('email') ?? ''
