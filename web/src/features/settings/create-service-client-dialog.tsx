import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormLabel from '@mui/material/FormLabel'
import MenuItem from '@mui/material/MenuItem'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import type { ServiceClientKind } from '../../gql/graphql.ts'
import { describeError, faultOf } from '../../ui/errors.ts'
import type { HandOver } from './hand-over-dialog.tsx'
import { ScopeChoice } from './scope-choice.tsx'
import { CreateServiceClientDocument } from './settings.documents.ts'

const lifetimes = [
  { days: 90, label: '90 days' },
  { days: 365, label: 'A year' },
  { days: 30, label: '30 days' },
  { days: 0, label: 'Until it is revoked' },
]
const DAY_MS = 24 * 3_600_000

export interface CreateServiceClientDialogProps {
  onMade(made: HandOver): void
  onClose(): void
}

export function CreateServiceClientDialog({ onMade, onClose }: CreateServiceClientDialogProps) {
  const [name, setName] = useState('')
  const [kind, setKind] = useState<ServiceClientKind>('CONFIDENTIAL')
  const [scopes, setScopes] = useState<string[]>(['wrm:read'])
  const [redirects, setRedirects] = useState('')
  const [days, setDays] = useState(90)
  const [{ fetching, error }, create] = useMutation(CreateServiceClientDocument)
  const fault = error && describeError(error)
  const redirectFaults = fault?.fields.filter(({ path }) => path.endsWith('redirectUris')).map(({ message }) => message)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const expiresAt = days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString()
    const redirectUris = kind === 'PUBLIC' ? redirects.split(/\s+/).filter(Boolean) : []
    const { data } = await create({ input: { name: name.trim(), kind, scopes, expiresAt, redirectUris } })
    if (data) onMade(data.createServiceClient)
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby="create-client-title">
      <DialogTitle id="create-client-title">Let a program in</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)}>
        <DialogContent sx={{ display: 'grid', gap: 2.5, pt: 1 }}>
          <TextField
            label="Name"
            required
            autoFocus
            placeholder="n8n of the support team"
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={faultOf(fault, 'name') !== undefined}
            helperText={faultOf(fault, 'name')}
          />
          <KindChoice value={kind} onChange={setKind} />
          {kind === 'PUBLIC' && (
            <TextField
              label="Addresses to send people back to"
              required
              multiline
              minRows={2}
              placeholder="https://app.example.com/callback"
              value={redirects}
              onChange={(event) => setRedirects(event.target.value)}
              error={redirectFaults !== undefined && redirectFaults.length > 0}
              helperText={redirectFaults?.length ? redirectFaults.join(' ') : 'One a line, exactly as the application sends it.'}
            />
          )}
          <ScopeChoice value={scopes} onChange={setScopes} fault={faultOf(fault, 'scopes')} />
          <TextField select label="Good for" value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {lifetimes.map((one) => (
              <MenuItem key={one.days} value={one.days}>
                {one.label}
              </MenuItem>
            ))}
          </TextField>
          {fault && <Alert severity="error">{fault.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching} disabled={scopes.length === 0}>
            Let it in
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function KindChoice({ value, onChange }: { value: ServiceClientKind; onChange(kind: ServiceClientKind): void }) {
  return (
    <div>
      <FormLabel id="client-kind">What is it?</FormLabel>
      <RadioGroup
        aria-labelledby="client-kind"
        sx={{ gap: 0.75, mt: 0.5, '& .MuiRadio-root': { py: 0.25 } }}
        value={value}
        onChange={(event) => onChange(event.target.value as ServiceClientKind)}
      >
        <FormControlLabel
          value="CONFIDENTIAL"
          control={<Radio />}
          label="A server that acts by itself, like n8n: it gets a secret"
        />
        <FormControlLabel
          value="PUBLIC"
          control={<Radio />}
          label="An application that people sign in with: it keeps no secret"
        />
      </RadioGroup>
    </div>
  )
}
