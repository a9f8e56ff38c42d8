import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useId } from 'react'
import { humanize } from '../words.ts'
import { RowsField } from './rows-field.tsx'
import { fieldKind, type Draft, type FieldSchema, type ObjectSchema } from './schema.ts'

export interface SchemaFormProps {
  schema: ObjectSchema
  draft: Draft
  onChange(draft: Draft): void
  /** By field: what is wrong with it. */
  faults?: Record<string, string | undefined>
  autoFocus?: boolean
  /** By field: values that are likely, offered while typing. */
  suggestions?: Record<string, string[]>
}

/** The fields of a JSON Schema object. */
export function SchemaForm({ schema, draft, onChange, faults = {}, autoFocus = false, suggestions = {} }: SchemaFormProps) {
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      {Object.entries(schema.properties ?? {}).map(([name, field], index) => (
        <SchemaField
          key={name}
          name={name}
          field={field}
          required={schema.required?.includes(name) ?? false}
          value={draft[name] ?? ''}
          fault={faults[name]}
          suggestions={suggestions[name]}
          autoFocus={autoFocus && index === 0}
          onChange={(value) => onChange({ ...draft, [name]: value })}
        />
      ))}
    </Box>
  )
}

interface SchemaFieldProps {
  name: string
  field: FieldSchema
  required: boolean
  value: string | boolean
  fault: string | undefined
  suggestions: string[] | undefined
  autoFocus: boolean
  onChange(value: string | boolean): void
}

function SchemaField({ name, field, required, value, fault, suggestions, autoFocus, onChange }: SchemaFieldProps) {
  const list = useId()
  const kind = fieldKind(name, field)
  const label = field.title ?? humanize(name)
  if (kind === 'boolean') {
    return (
      <FormControlLabel
        label={label}
        control={<Checkbox checked={value === true} onChange={(_e, checked) => onChange(checked)} />}
      />
    )
  }
  if (kind === 'rows') return <RowsField label={label} field={field} value={String(value)} fault={fault} onChange={onChange} />
  return (
    <>
      <TextField
        label={label}
        name={name}
        required={required}
        autoFocus={autoFocus}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={fault !== undefined}
        helperText={fault ?? field.description}
        select={kind === 'choice'}
        multiline={kind === 'paragraph' || kind === 'json'}
        minRows={kind === 'paragraph' ? 4 : undefined}
        maxRows={14}
        slotProps={{ htmlInput: { ...(kind === 'number' && { inputMode: 'decimal' }), ...(suggestions && { list }) } }}
      >
        {kind === 'choice' &&
          field.enum?.map((option) => (
            <MenuItem key={String(option)} value={String(option)}>
              {humanize(String(option))}
            </MenuItem>
          ))}
      </TextField>
      {suggestions && (
        <datalist id={list}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion}>
              {humanize(suggestion)}
            </option>
          ))}
        </datalist>
      )}
    </>
  )
}
