import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { describeError, faultOf } from '../../ui/errors.ts'
import { useViewer } from '../../ui/session/viewer.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { UpdateOrganizationDocument } from './settings.documents.ts'
import { TimeZoneField } from '../../ui/time-zone-field.tsx'

export function OrganizationForm() {
  const { organization } = useViewer()
  const [name, setName] = useState(organization.name)
  const [timeZone, setTimeZone] = useState(organization.timeZone)
  const [{ fetching, error, data }, update] = useMutation(UpdateOrganizationDocument)
  const fault = error && describeError(error)
  const isChanged = name.trim() !== organization.name || timeZone !== organization.timeZone
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void update({ input: { name: name.trim(), timeZone } })
  }
  return (
    <Panel title="Name and time">
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 2, maxWidth: 460 }}>
        <TextField
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={faultOf(fault, 'name') !== undefined}
          helperText={faultOf(fault, 'name') ?? 'As members and invited people see it.'}
        />
        <TimeZoneField value={timeZone} onChange={setTimeZone} fault={faultOf(fault, 'timeZone')} />
        {fault && <Alert severity="error">{fault.detail}</Alert>}
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
          <Button type="submit" variant="contained" loading={fetching} disabled={!isChanged || name.trim() === ''}>
            Save
          </Button>
          <Typography role="status" sx={{ color: 'success.main', fontWeight: 600 }}>
            {data && !isChanged && 'Saved.'}
          </Typography>
        </Box>
      </Box>
    </Panel>
  )
}
