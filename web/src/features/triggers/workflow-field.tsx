import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { WorkflowChoice } from './use-workflows.ts'

export interface WorkflowFieldProps {
  label: string
  workflows: WorkflowChoice[]
  value: string
  onChange(slug: string): void
}

export function WorkflowField({ label, workflows, value, onChange }: WorkflowFieldProps) {
  return (
    <TextField select label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {workflows.map(({ slug, name }) => (
        <MenuItem key={slug} value={slug}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
