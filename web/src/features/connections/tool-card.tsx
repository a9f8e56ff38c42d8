import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import Typography from '@mui/material/Typography'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import type { Account, Kind, Tool } from './tool-kinds.ts'
import { SaveToolDocument } from './tools.documents.ts'

export interface ToolCardProps {
  tool: Tool
  kind: Kind | undefined
  account: Account | undefined
  onTry(): void
  onChange(): void
  onDelete(): void
}

export function ToolCard({ tool, kind, account, onTry, onChange, onDelete }: ToolCardProps) {
  const { id, name, description, ratePerMinute, enabled, settings, accountId } = tool
  const [{ fetching, error }, save] = useMutation(SaveToolDocument)
  const input = { id, name, description, kind: tool.kind, settings, accountId, ratePerMinute, enabled: !enabled }
  const facts = [kind?.title, account && `as ${account.name}`, `at most ${ratePerMinute} times a minute`].filter(Boolean)
  return (
    <Box component="li" sx={{ border: 1, borderColor: 'divider', borderRadius: '12px', p: 2, display: 'grid', gap: 1 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap', justifyContent: 'space-between' }}>
        <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <FormControlLabel
          label={enabled ? 'In use' : 'Switched off'}
          sx={{ mr: 0 }}
          control={
            <Switch
              checked={enabled}
              disabled={fetching}
              onChange={() => void save({ input })}
              slotProps={{ input: { 'aria-label': `${name} is in use` } }}
            />
          }
        />
      </Box>
      <Typography sx={{ overflowWrap: 'anywhere' }}>{description}</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {facts.join(' · ')}
      </Typography>
      {error && <Alert severity="error">{describeError(error).detail}</Alert>}
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Button size="small" variant="outlined" onClick={onTry} disabled={!enabled} aria-label={`Try ${name}`}>
          Try
        </Button>
        <Button size="small" variant="outlined" onClick={onChange} aria-label={`Change ${name}`}>
          Change
        </Button>
        <Button size="small" color="error" onClick={onDelete} aria-label={`Delete ${name}`}>
          Delete
        </Button>
      </Box>
    </Box>
  )
}
