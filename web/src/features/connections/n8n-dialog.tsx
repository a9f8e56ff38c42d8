import { useState } from 'react'
import { ConnectionDialog, DialogField } from './connection-dialog.tsx'
import type { Connection } from './connection-kinds.ts'

export function N8nDialog({ current, onClose }: { current: Connection | undefined; onClose(): void }) {
  const [n8nWebhook, setWebhook] = useState({ url: '', headerName: '', headerValue: '' })
  const change = (field: keyof typeof n8nWebhook) => (value: string) => setWebhook((before) => ({ ...before, [field]: value }))
  return (
    <ConnectionDialog
      title={current ? 'Replace the n8n webhook' : 'Connect an n8n webhook'}
      replaces={current !== undefined}
      input={{ kind: 'N8N_WEBHOOK', n8nWebhook }}
      onClose={onClose}
    >
      {(fault) => (
        <>
          <DialogField
            label="Production URL of the webhook"
            field="url"
            fault={fault}
            required
            autoFocus
            help="From the node “Webhook” in n8n, with the method POST. It begins with https://."
            onChange={change('url')}
          />
          <DialogField
            label="Header name (optional)"
            field="headerName"
            fault={fault}
            help="If the webhook asks for header authentication, for example X-Signalbox-Key."
            onChange={change('headerName')}
          />
          <DialogField
            label="Header value (optional)"
            field="headerValue"
            fault={fault}
            secret
            help="The secret that n8n compares."
            onChange={change('headerValue')}
          />
        </>
      )}
    </ConnectionDialog>
  )
}
