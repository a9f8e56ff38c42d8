import TextField from '@mui/material/TextField'
import type { Ref } from 'react'
import { digitsOf } from './code.ts'

export interface CodeFieldProps {
  value: string
  /** Gets the digits of what was typed or pasted, six at most. */
  onChange(digits: string): void
  error: boolean
  /** The id of the text that says how long the code works. */
  describedBy?: string
  inputRef?: Ref<HTMLInputElement>
}

/** Where a one-time code is typed, pasted or filled in by the browser. */
export function CodeField({ value, onChange, error, describedBy, inputRef }: CodeFieldProps) {
  return (
    <TextField
      label="Six-digit code"
      name="code"
      size="medium"
      autoFocus
      inputRef={inputRef}
      value={value}
      onChange={(event) => onChange(digitsOf(event.target.value))}
      error={error}
      slotProps={{
        htmlInput: {
          inputMode: 'numeric',
          autoComplete: 'one-time-code',
          'aria-describedby': describedBy,
          style: { fontSize: '1.6rem', letterSpacing: '0.4em', fontVariantNumeric: 'tabular-nums', textAlign: 'center' },
        },
      }}
    />
  )
}
