import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { describeError, faultOf } from '../../ui/errors.ts'
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx'
import { fromDraft, toDraft, type Draft, type ObjectSchema } from '../../ui/schema-form/schema.ts'
import { toSetUp, toToolName, type Account, type Kind, type Tool } from './tool-kinds.ts'
import { SaveToolDocument } from './tools.documents.ts'

export interface ToolDialogProps {
  /** The one that is changed; none: a new one. */
  tool?: Tool
  kinds: Kind[]
  accounts: Account[]
  onClose(): void
}

export function ToolDialog({ tool, kinds, accounts, onClose }: ToolDialogProps) {
  const choices = toSetUp(kinds)
  const [kind, setKind] = useState(() => choices.find((one) => one.kind === tool?.kind) ?? choices[0]!)
  const [name, setName] = useState(tool?.name ?? '')
  const [description, setDescription] = useState(tool?.description ?? '')
  const [accountId, setAccount] = useState(tool?.accountId ?? '')
  const [rate, setRate] = useState(String(tool?.ratePerMinute ?? ''))
  const [draft, setDraft] = useState<Draft>(() => toDraft(kind.settings as ObjectSchema, tool?.settings))
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [{ fetching, error }, save] = useMutation(SaveToolDocument)
  const fault = error && describeError(error)
  const schema = kind.settings as ObjectSchema
  const fields = Object.keys(schema.properties ?? {})
  const faults = Object.fromEntries(fields.map((field) => [field, typed[field] ?? faultOf(fault, `settings.${field}`)]))

  const choose = (chosen: Kind) => {
    setKind(chosen)
    setDraft(toDraft(chosen.settings as ObjectSchema, {}))
    setAccount('')
    setTyped({})
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const parsed = fromDraft(schema, draft)
    setTyped(parsed.faults)
    if (Object.keys(parsed.faults).length > 0) return
    const own = { id: tool?.id ?? null, enabled: tool?.enabled ?? true, accountId: accountId || null }
    const ratePerMinute = rate.trim() === '' ? null : Number.parseInt(rate, 10)
    const input = { ...own, name: toToolName(name), description, kind: kind.kind, settings: parsed.value, ratePerMinute }
    const { data } = await save({ input })
    if (data) onClose()
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby="tool-title" fullWidth maxWidth="sm">
      <DialogTitle id="tool-title">{tool ? `Change ${tool.name}` : 'Add a tool'}</DialogTitle>
      <form onSubmit={(event: SubmitEvent) => void submit(event)} autoComplete="off" noValidate>
        <DialogContent sx={{ display: 'grid', gap: 2, pt: 1 }}>
          <TextField
            label="What kind of tool"
            select
            disabled={tool !== undefined}
            value={kind.kind}
            onChange={(event) => choose(choices.find((one) => one.kind === event.target.value)!)}
            helperText={kind.description}
          >
            {choices.map((one) => (
              <MenuItem key={one.kind} value={one.kind}>
                {one.title}
              </MenuItem>
            ))}
          </TextField>
          <Field
            label="Name"
            autoFocus
            required
            value={name}
            onChange={setName}
            fault={faultOf(fault, 'input.name')}
            help={name.trim() === '' ? 'For example: Create ticket' : `Automations call it ${toToolName(name)}.`}
          />
          <Field
            label="What it does"
            required
            multiline
            value={description}
            onChange={setDescription}
            fault={faultOf(fault, 'input.description')}
            help="One sentence. The model goes by it when it chooses a tool."
          />
          <SettingsForm key={kind.kind} schema={schema} draft={draft} faults={faults} onChange={setDraft} />
          <AccountChoice
            kind={kind}
            accounts={accounts}
            value={accountId}
            fault={faultOf(fault, 'input.accountId')}
            onChange={setAccount}
          />
          <Field
            label="Most times a minute (optional)"
            value={rate}
            onChange={setRate}
            fault={faultOf(fault, 'input.ratePerMinute')}
            help={`${kind.ratePerMinute} unless you say otherwise. Calls beyond it wait.`}
          />
          {fault && <Alert severity="error">{fault.detail}</Alert>}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" loading={fetching}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

interface SettingsFormProps {
  schema: ObjectSchema
  draft: Draft
  faults: Record<string, string | undefined>
  onChange(draft: Draft): void
}

/** What is seldom needed is folded away, unless it was filled in or is wrong. */
function SettingsForm({ schema, draft, faults, onChange }: SettingsFormProps) {
  const entries = Object.entries(schema.properties ?? {})
  const part = (advanced: boolean): ObjectSchema => ({
    ...schema,
    properties: Object.fromEntries(entries.filter(([, field]) => (field.advanced ?? false) === advanced)),
  })
  const folded = part(true)
  const names = Object.keys(folded.properties!)
  const [isOpen, setOpen] = useState(() => names.some((name) => draft[name] !== '' && draft[name] !== false))
  const isNeeded = isOpen || names.some((name) => faults[name] !== undefined)
  return (
    <>
      <SchemaForm schema={part(false)} draft={draft} onChange={onChange} faults={faults} />
      {names.length > 0 && !isNeeded && (
        <Button onClick={() => setOpen(true)} sx={{ justifySelf: 'start' }}>
          More settings
        </Button>
      )}
      {isNeeded && <SchemaForm schema={folded} draft={draft} onChange={onChange} faults={faults} />}
    </>
  )
}

interface AccountChoiceProps {
  kind: Kind
  accounts: Account[]
  value: string
  fault: string | undefined
  onChange(id: string): void
}

function AccountChoice({ kind, accounts, value, fault, onChange }: AccountChoiceProps) {
  if (kind.accounts.length === 0) return null
  return (
    <TextField
      label="Account"
      select
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={fault !== undefined}
      helperText={fault ?? 'Whose key or permission it uses. Accounts are added above, under Accounts.'}
    >
      <MenuItem value="">None</MenuItem>
      {accounts
        .filter((account) => kind.accounts.includes(account.kind))
        .map(({ id, name, host }) => (
          <MenuItem key={id} value={id}>
            {name} ({host})
          </MenuItem>
        ))}
    </TextField>
  )
}

interface FieldProps {
  label: string
  value: string
  help: string
  fault: string | undefined
  required?: boolean
  multiline?: boolean
  autoFocus?: boolean
  onChange(value: string): void
}

const Field = ({ help, fault, onChange, ...rest }: FieldProps) => (
  <TextField
    {...rest}
    onChange={(event) => onChange(event.target.value)}
    error={fault !== undefined}
    helperText={fault ?? help}
  />
)
