import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { WebhookSignatureForm } from '../../gql/graphql.ts'
import { faultOf, type Fault } from '../../ui/errors.ts'
import { signatureWords } from './words.ts'

export type SigningForm = WebhookSignatureForm | 'NONE'

export interface SigningFieldsProps {
  form: SigningForm
  onForm(form: SigningForm): void
  /** Null where it is not asked for. */
  secret: string | null
  onSecret(secret: string): void
  fault: Fault | undefined
}

/** How a sender proves who it is. */
export function SigningFields({ form, onForm, secret, onSecret, fault }: SigningFieldsProps) {
  const message = faultOf(fault, 'secret')
  return (
    <>
      <TextField
        select
        label="How the sender signs"
        value={form}
        onChange={(event) => onForm(event.target.value as SigningForm)}
        helperText={
          form === 'NONE'
            ? 'Only for senders that cannot sign: whoever knows the address is believed.'
            : 'A signature proves who sent it, and that nobody changed it on the way.'
        }
      >
        {Object.entries(signatureWords).map(([value, words]) => (
          <MenuItem key={value} value={value}>
            {words}
          </MenuItem>
        ))}
        <MenuItem value="NONE">It does not sign</MenuItem>
      </TextField>
      {secret !== null && form !== 'NONE' && (
        <TextField
          label="The sender’s own secret (optional)"
          type="password"
          autoComplete="new-password"
          value={secret}
          onChange={(event) => onSecret(event.target.value)}
          error={message !== undefined}
          helperText={message ?? 'Some senders, like Stripe, make one. Left empty, one is made for you.'}
        />
      )}
    </>
  )
}
