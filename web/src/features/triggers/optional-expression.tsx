import TextField from '@mui/material/TextField'
import { faultOf, type Fault } from '../../ui/errors.ts'

export interface OptionalExpressionProps {
  label: string
  /** The input's field, to find its fault by. */
  field: string
  value: string
  onChange(value: string): void
  fault: Fault | undefined
  example: string
  help: string
}

export function OptionalExpression({ label, field, value, onChange, fault, example, help }: OptionalExpressionProps) {
  const message = faultOf(fault, field)
  return (
    <TextField
      label={label}
      value={value}
      placeholder={example}
      onChange={(event) => onChange(event.target.value)}
      error={message !== undefined}
      helperText={message ?? help}
      slotProps={{ htmlInput: { spellCheck: false } }}
    />
  )
}
