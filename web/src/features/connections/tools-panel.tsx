import AddOutlined from '@mui/icons-material/AddOutlined'
import BuildOutlined from '@mui/icons-material/BuildOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useState } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../ui/dialogs/confirm-dialog.tsx'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { ToolCard } from './tool-card.tsx'
import { ToolDialog } from './tool-dialog.tsx'
import type { Account, Kind, Tool } from './tool-kinds.ts'
import { DeleteToolDocument } from './tools.documents.ts'
import { TryToolDialog } from './try-tool-dialog.tsx'

export interface ToolsPanelProps {
  tools: Tool[]
  kinds: Kind[]
  accounts: Account[]
}

type Open = { kind: 'creation' } | { kind: 'change' | 'trial' | 'deletion'; tool: Tool }

export function ToolsPanel({ tools, kinds, accounts }: ToolsPanelProps) {
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  return (
    <Panel
      title="Tools"
      aside={
        <Button variant="contained" startIcon={<AddOutlined />} onClick={() => setOpen({ kind: 'creation' })}>
          Add a tool
        </Button>
      }
    >
      {tools.length === 0 && (
        <EmptyState icon={<BuildOutlined />} title="No tools yet">
          A tool is one thing that your automations may do elsewhere: open a ticket, look up an order, send a mail. Nothing else
          is ever called.
        </EmptyState>
      )}
      <Box component="ul" aria-label="Tools" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
        {tools.map((tool) => (
          <ToolCard
            key={tool.id}
            tool={tool}
            kind={kinds.find(({ kind }) => kind === tool.kind)}
            account={accounts.find(({ id }) => id === tool.accountId)}
            onTry={() => setOpen({ kind: 'trial', tool })}
            onChange={() => setOpen({ kind: 'change', tool })}
            onDelete={() => setOpen({ kind: 'deletion', tool })}
          />
        ))}
      </Box>
      {open?.kind === 'creation' && <ToolDialog kinds={kinds} accounts={accounts} onClose={close} />}
      {open?.kind === 'change' && <ToolDialog tool={open.tool} kinds={kinds} accounts={accounts} onClose={close} />}
      {open?.kind === 'trial' && <TryToolDialog tool={open.tool} onClose={close} />}
      {open?.kind === 'deletion' && <DeleteToolDialog tool={open.tool} onClose={close} />}
    </Panel>
  )
}

function DeleteToolDialog({ tool, onClose }: { tool: Tool; onClose(): void }) {
  const [{ fetching, error }, remove] = useMutation(DeleteToolDocument)
  const confirm = async () => {
    const { data } = await remove({ input: { id: tool.id } })
    if (data) onClose()
  }
  return (
    <ConfirmDialog
      title={`Delete ${tool.name}?`}
      confirm="Delete"
      destructive
      busy={fetching}
      error={error}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      Automations that use it stop at that step until it is there again. What it did so far stays recorded with the runs.
    </ConfirmDialog>
  )
}
