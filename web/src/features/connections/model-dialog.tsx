import { useState } from 'react'
import { ConnectionDialog, DialogField } from './connection-dialog.tsx'
import type { Connection } from './connection-kinds.ts'

const OPENAI = 'https://api.openai.com/v1'

export function ModelDialog({ current, onClose }: { current: Connection | undefined; onClose(): void }) {
  const [openAi, setModel] = useState({ baseUrl: OPENAI, apiKey: '', model: '' })
  const change = (field: keyof typeof openAi) => (value: string) => setModel((before) => ({ ...before, [field]: value }))
  return (
    <ConnectionDialog
      title={current ? 'Replace the model' : 'Connect a model'}
      replaces={current !== undefined}
      input={{ kind: 'OPENAI', openAi }}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <DialogField
            label="Address of the server"
            field="baseUrl"
            fault={fault}
            required
            initial={OPENAI}
            help="OpenAI, or any server that speaks its protocol. It begins with https:// and ends with the version."
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
            help="As the provider names it, for example gpt-4.1-mini."
            onChange={change('model')}
          />
        </>
      )}
    </ConnectionDialog>
  )
}
