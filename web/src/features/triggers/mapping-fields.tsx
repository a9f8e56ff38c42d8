import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { faultOf, type Fault } from '../../ui/errors.ts'
import type { ObjectSchema } from '../../ui/schema-form/schema.ts'
import { humanize } from '../../ui/words.ts'

export interface MappingFieldsProps {
  schema: ObjectSchema
  /** By field of the input: where it is taken from. */
  value: Record<string, string>
  onChange(value: Record<string, string>): void
  fault: Fault | undefined
  /** For a field that nothing was said about: `body.text`. */
  exampleOf(field: string): string
  help: ReactNode
}

/** For each field of a workflow's input, where its value is taken from. */
export function MappingFields({ schema, value, onChange, fault, exampleOf, help }: MappingFieldsProps) {
  return (
    <Box component="fieldset" sx={{ m: 0, p: 0, border: 0, display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Typography component="legend" variant="h3" sx={{ p: 0, mb: 1 }}>
        What the run is given
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {help}
      </Typography>
      {Object.entries(schema.properties ?? {}).map(([name, field]) => {
        const message = faultOf(fault, `input.${name}`)
        return (
          <TextField
            key={name}
            label={field.title ?? humanize(name)}
            required={schema.required?.includes(name) ?? false}
            value={value[name] ?? ''}
            placeholder={exampleOf(name)}
            onChange={(event) => onChange({ ...value, [name]: event.target.value })}
            error={message !== undefined}
            helperText={message}
            slotProps={{ htmlInput: { spellCheck: false, style: { fontFamily: 'ui-monospace, Menlo, Consolas, monospace' } } }}
          />
        )
      })}
    </Box>
  )
}

/** The expressions of the fields that are filled in. */
export const filled = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, expression]) => expression.trim() !== ''))

/** What a new form begins with: the fields that must be given. */
export const needed = ({ required = [] }: ObjectSchema, exampleOf: (field: string) => string): Record<string, string> =>
  Object.fromEntries(required.map((name) => [name, exampleOf(name)]))

/** Of a saved mapping, its fields; null where one expression makes the whole input. */
export const fieldsOf = (input: unknown): Record<string, string> | null =>
  typeof input === 'object' && input !== null ? (input as Record<string, string>) : null
