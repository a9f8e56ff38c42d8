import { useState } from 'react'
import { ConnectionDialog, DialogField } from './connection-dialog.tsx'
import { kinds, type Connection } from './connection-kinds.ts'

const providers = {
  OPENAI: {
    address: 'https://api.openai.com/v1',
    server: 'OpenAI, or any server that speaks its protocol. It begins with https:// and ends with the version.',
    example: 'gpt-4.1-mini',
  },
  ANTHROPIC: {
    address: 'https://api.anthropic.com/v1',
    server: 'Anthropic, or a server that speaks its protocol. It begins with https:// and ends with the version.',
    example: 'claude-haiku-4-5',
  },
}

export interface ModelDialogProps {
  kind: keyof typeof providers
  current: Connection | undefined
  onClose(): void
}

export function ModelDialog({ kind, current, onClose }: ModelDialogProps) {
  const { address, server, example } = providers[kind]
  const { name, title } = kinds[kind]
  const [model, setModel] = useState({ baseUrl: address, apiKey: '', model: '' })
  const change = (field: keyof typeof model) => (value: string) => setModel((before) => ({ ...before, [field]: value }))
  return (
    <ConnectionDialog
      title={current ? `Replace ${name}` : `Connect an ${title}`}
      replaces={current !== undefined}
      input={kind === 'OPENAI' ? { kind, openAi: model } : { kind, anthropic: model }}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <DialogField
            label="Address of the server"
            field="baseUrl"
            fault={fault}
            required
            initial={address}
            help={server}
            onChange={change('baseUrl')}
          />
          <DialogField
            label="API key"
            field="apiKey"
            fault={fault}
            required
            secret
            autoFocus
            help="As the provider shows it, once."
            onChange={change('apiKey')}
          />
          <DialogField
            label="Model"
            field="model"
            fault={fault}
            required
            help={`As the provider names it, for example ${example}.`}
            onChange={change('model')}
          />
        </>
      )}
    </ConnectionDialog>
  )
}
