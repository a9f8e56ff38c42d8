import AddOutlined from '@mui/icons-material/AddOutlined'
import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import HourglassEmptyOutlined from '@mui/icons-material/HourglassEmptyOutlined'
import ReportProblemOutlined from '@mui/icons-material/ReportProblemOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { AccountDialog } from './account-dialog.tsx'
import type { Account } from './tool-kinds.ts'
import { ConnectAccountDocument, DeleteAccountDocument } from './tools.documents.ts'

type Open = { kind: 'creation' } | { kind: 'change' | 'deletion'; account: Account }

export function AccountsPanel({ accounts, returnUrl }: { accounts: Account[]; returnUrl: string }) {
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  return (
    <Panel
      title="Accounts"
      aside={
        <Button variant="outlined" startIcon={<AddOutlined />} onClick={() => setOpen({ kind: 'creation' })}>
          Add an account
        </Button>
      }
    >
      <Typography sx={{ color: 'text.secondary', mb: accounts.length > 0 ? 1.5 : 0 }}>
        Keys and permissions at other services, for your tools. Each is sent to its own service only and never shown again.
      </Typography>
      <Box component="ul" aria-label="Accounts" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
        {accounts.map((account) => (
          <AccountCard
            key={account.id}
            account={account}
            onChange={() => setOpen({ kind: 'change', account })}
            onDelete={() => setOpen({ kind: 'deletion', account })}
          />
        ))}
      </Box>
      {open?.kind === 'creation' && <AccountDialog returnUrl={returnUrl} onClose={close} />}
      {open?.kind === 'change' && <AccountDialog account={open.account} returnUrl={returnUrl} onClose={close} />}
      {open?.kind === 'deletion' && <DeleteAccountDialog account={open.account} onClose={close} />}
    </Panel>
  )
}

const states = {
  NEW: { word: 'Not connected yet', tone: 'neutral', Icon: HourglassEmptyOutlined },
  CONNECTED: { word: 'Ready', tone: 'success', Icon: CheckCircleOutlined },
  ATTENTION: { word: 'Needs attention', tone: 'warning', Icon: ReportProblemOutlined },
} as const

function AccountCard({ account, onChange, onDelete }: { account: Account; onChange(): void; onDelete(): void }) {
  const { id, name, kind, host, hint, state, attention, lastUsedAt } = account
  const [{ fetching, error }, connect] = useMutation(ConnectAccountDocument)
  const go = async () => {
    const { data } = await connect({ input: { id } })
    if (data) window.location.assign(data.connectAccount.url)
  }
  return (
    <Box component="li" sx={{ border: 1, borderColor: 'divider', borderRadius: '12px', p: 2, display: 'grid', gap: 1 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap' }}>
        <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <StatusChip {...states[state]} />
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
        {host} · {hint} ·{' '}
        {lastUsedAt ? (
          <>
            last used <Age at={lastUsedAt} />
          </>
        ) : (
          'not used yet'
        )}
      </Typography>
      {attention && <Alert severity="warning">{attention} Connect it again.</Alert>}
      {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        {kind === 'OAUTH2' && (
          <Button
            size="small"
            variant={state === 'CONNECTED' ? 'outlined' : 'contained'}
            loading={fetching}
            onClick={() => void go()}
            aria-label={`Connect ${name}`}
          >
            {state === 'NEW' ? 'Connect' : 'Connect again'}
          </Button>
        )}
        <Button size="small" variant="outlined" onClick={onChange} aria-label={`Replace ${name}`}>
          Replace
        </Button>
        <Button size="small" color="error" onClick={onDelete} aria-label={`Delete ${name}`}>
          Delete
        </Button>
      </Box>
    </Box>
  )
}

function DeleteAccountDialog({ account, onClose }: { account: Account; onClose(): void }) {
  const [{ fetching, error }, remove] = useMutation(DeleteAccountDocument)
  const confirm = async () => {
    const { data } = await remove({ input: { id: account.id } })
    if (data) onClose()
  }
  return (
    <ConfirmDialog
      title={`Delete ${account.name}?`}
      confirm="Delete"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      Its secret is erased for good. At the other service, the key or permission stays until it is withdrawn there.
    </ConfirmDialog>
  )
}
