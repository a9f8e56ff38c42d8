import AddOutlined from '@mui/icons-material/AddOutlined'
import DeleteOutlined from '@mui/icons-material/DeleteOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import IconButton from '@mui/material/IconButton'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableContainer from '@mui/material/TableContainer'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { humanize } from '../words.ts'
import { draftRows, fieldKind, type FieldSchema } from './schema.ts'

export interface RowsFieldProps {
  label: string
  field: FieldSchema
  /** The rows, as JSON. */
  value: string
  fault: string | undefined
  onChange(value: string): void
}

/** A list of alike things, such as the lines of an invoice, as a table that can be written in. */
export function RowsField({ label, field, value, fault, onChange }: RowsFieldProps) {
  const columns = Object.entries(field.items?.properties ?? {})
  const rows = draftRows(value)
  const change = (next: Record<string, unknown>[]) => onChange(JSON.stringify(next))
  const write = (index: number, name: string, cell: unknown) => change(rows.with(index, { ...rows[index], [name]: cell }))
  return (
    <Box role="group" aria-label={label}>
      <Typography variant="body2" sx={{ color: fault ? 'error.main' : 'text.secondary' }}>
        {label}
      </Typography>
      <TableContainer>
        <Table size="small">
          <TableHead>
            <TableRow>
              {columns.map(([name, column]) => (
                <TableCell key={name} sx={{ px: 0.5 }}>
                  {column.title ?? humanize(name)}
                </TableCell>
              ))}
              <TableCell />
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map((row, index) => (
              <TableRow key={index}>
                {columns.map(([name, column]) => (
                  <TableCell key={name} sx={{ px: 0.5, minWidth: 90, border: 0 }}>
                    <Cell
                      label={`${column.title ?? humanize(name)}, row ${index + 1}`}
                      isBoolean={fieldKind(name, column) === 'boolean'}
                      value={row[name]}
                      onChange={(cell) => write(index, name, cell)}
                    />
                  </TableCell>
                ))}
                <TableCell sx={{ px: 0, border: 0, width: 40 }}>
                  <IconButton
                    size="small"
                    aria-label={`Remove row ${index + 1}`}
                    onClick={() => change(rows.toSpliced(index, 1))}
                  >
                    <DeleteOutlined fontSize="small" />
                  </IconButton>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      <Button size="small" startIcon={<AddOutlined />} onClick={() => change([...rows, {}])}>
        Add a row
      </Button>
      {fault && (
        <Typography role="alert" variant="body2" sx={{ color: 'error.main' }}>
          {fault}
        </Typography>
      )}
    </Box>
  )
}

interface CellProps {
  label: string
  isBoolean: boolean
  value: unknown
  onChange(value: unknown): void
}

function Cell({ label, isBoolean, value, onChange }: CellProps) {
  if (isBoolean) {
    return (
      <Checkbox
        size="small"
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
        slotProps={{ input: { 'aria-label': label } }}
      />
    )
  }
  return (
    <TextField
      size="small"
      fullWidth
      value={typeof value === 'string' || typeof value === 'number' ? value : ''}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ htmlInput: { 'aria-label': label } }}
    />
  )
}
