import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import type {
  AccountKind,
  ClientAuthentication,
  HeaderAccountInput,
  OAuthAccountInput,
  SaveAccountInput,
} from '../../gql/graphql.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import type { Fault } from '../../ui/errors.ts'
import { DialogField, DialogFrame } from './connection-dialog.tsx'
import type { Account } from './tool-kinds.ts'
import { SaveAccountDocument } from './tools.documents.ts'

export interface AccountDialogProps {
  /** The one that is replaced; none: a new one. */
  account?: Account
  returnUrl: string
  onClose(): void
}

const ways: Record<AccountKind, string> = { HEADER: 'With a key', OAUTH2: 'With a permission (OAuth 2.0)' }
const places: Record<ClientAuthentication, string> = { HEADER: 'In the header: usual', BODY: 'In the form' }

export function AccountDialog({ account, returnUrl, onClose }: AccountDialogProps) {
  const [kind, setKind] = useState<AccountKind>(account?.kind ?? 'HEADER')
  const [common, setCommon] = useState({ name: account?.name ?? '', host: account?.host ?? '' })
  const [header, setHeader] = useState({ name: 'Authorization', value: '' })
  const [oauth, setOAuth] = useState<OAuthAccountInput>({
    authorizeUrl: '',
    tokenUrl: '',
    clientId: '',
    clientSecret: '',
    scopes: '',
    clientAuthentication: 'HEADER',
  })
  const [{ fetching, error }, save] = useMutation(SaveAccountDocument)
  const input: SaveAccountInput = { id: account?.id ?? null, kind, ...common, ...(kind === 'HEADER' ? { header } : { oauth }) }
  const submit = async () => {
    const { data } = await save({ input })
    if (data) onClose()
  }
  return (
    <DialogFrame
      title={account ? `Replace ${account.name}` : 'Add an account'}
      replaces={account !== undefined}
      busy={fetching}
      error={error}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <TextField
            label="How it proves itself"
            select
            value={kind}
            onChange={(event) => setKind(event.target.value as AccountKind)}
          >
            {(['HEADER', 'OAUTH2'] as const).map((way) => (
              <MenuItem key={way} value={way}>
                {ways[way]}
              </MenuItem>
            ))}
          </TextField>
          <DialogField
            label="Name"
            field="input.name"
            fault={fault}
            required
            autoFocus
            initial={common.name}
            help="For example: Shop"
            onChange={(name) => setCommon((before) => ({ ...before, name }))}
          />
          <DialogField
            label="Service"
            field="input.host"
            fault={fault}
            required
            initial={common.host}
            help="The only place that it is sent to, for example api.example.com."
            onChange={(host) => setCommon((before) => ({ ...before, host }))}
          />
          {kind === 'HEADER' ? (
            <HeaderFields fault={fault} onChange={(part) => setHeader((before) => ({ ...before, ...part }))} />
          ) : (
            <OAuthFields
              fault={fault}
              returnUrl={returnUrl}
              place={oauth.clientAuthentication ?? 'HEADER'}
              onChange={(part) => setOAuth((before) => ({ ...before, ...part }))}
            />
          )}
        </>
      )}
    </DialogFrame>
  )
}

interface HeaderFieldsProps {
  fault: Fault | undefined
  onChange(part: Partial<HeaderAccountInput>): void
}

const HeaderFields = ({ fault, onChange }: HeaderFieldsProps) => (
  <>
    <DialogField
      label="Header name"
      field="header.name"
      fault={fault}
      required
      initial="Authorization"
      help="As the service asks for it, for example X-Api-Key."
      onChange={(name) => onChange({ name })}
    />
    <DialogField
      label="Header value"
      field="header.value"
      fault={fault}
      required
      secret
      help="The key. For Authorization, usually “Bearer” and the key."
      onChange={(value) => onChange({ value })}
    />
  </>
)

interface OAuthFieldsProps {
  fault: Fault | undefined
  returnUrl: string
  place: ClientAuthentication
  onChange(part: Partial<OAuthAccountInput>): void
}

function OAuthFields({ fault, returnUrl, place, onChange }: OAuthFieldsProps) {
  const field = (name: 'authorizeUrl' | 'tokenUrl' | 'clientId' | 'clientSecret' | 'scopes') => ({
    field: `oauth.${name}`,
    fault,
    onChange: (value: string) => onChange({ [name]: value }),
  })
  return (
    <>
      <Box>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Register Signalbox at the service first, with this address to return to:
        </Typography>
        <Typography sx={{ overflowWrap: 'anywhere' }}>
          <code>{returnUrl}</code> <CopyButton text={returnUrl} what="the address to return to" />
        </Typography>
      </Box>
      <DialogField {...field('clientId')} label="Client id" required help="As the service shows it." />
      <DialogField {...field('clientSecret')} label="Client secret" secret help="Empty if the service gave none." />
      <DialogField
        {...field('authorizeUrl')}
        label="Authorization address"
        required
        help="Where you agree. It begins with https://."
      />
      <DialogField
        {...field('tokenUrl')}
        label="Token address"
        required
        help="It begins with https:// and often ends with /token."
      />
      <DialogField {...field('scopes')} label="Permissions (optional)" help="As the service names them, with spaces between." />
      <TextField
        label="Where the service expects id and secret"
        select
        value={place}
        onChange={(event) => onChange({ clientAuthentication: event.target.value as ClientAuthentication })}
      >
        {(['HEADER', 'BODY'] as const).map((one) => (
          <MenuItem key={one} value={one}>
            {places[one]}
          </MenuItem>
        ))}
      </TextField>
    </>
  )
}
