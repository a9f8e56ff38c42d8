import Box from '@mui/material/Box'
import { useImperativeHandle, useMemo, useRef, type Ref } from 'react'

export interface CodeEditorHandle {
  /** Puts the cursor at the beginning of a line, from 1, and shows it. */
  goTo(line: number): void
}

export interface CodeEditorProps {
  label: string
  value: string
  onChange(text: string): void
  /** Lines, from 1, at which something is wrong. */
  faultLines: ReadonlySet<number>
  readOnly?: boolean
  /** The id of the text that says what is wrong. */
  describedBy: string
  handle: Ref<CodeEditorHandle>
}

const LINE = 20
const type = {
  fontFamily: 'ui-monospace, Menlo, Consolas, monospace',
  fontSize: '13px',
  lineHeight: `${LINE}px`,
  tabSize: 2,
} as const

/** A text area with line numbers, which marks the lines that are wrong. Tab leaves it, as it leaves any other field. */
export function CodeEditor({ label, value, onChange, faultLines, readOnly = false, describedBy, handle }: CodeEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const count = useMemo(() => value.split('\n').length, [value])
  useImperativeHandle(handle, () => ({
    goTo(line) {
      const field = area.current
      if (!field) return
      const before = field.value.split('\n').slice(0, line - 1)
      const start = before.join('\n').length + (line > 1 ? 1 : 0)
      field.focus()
      field.setSelectionRange(start, start)
      field.scrollTop = Math.max(0, (line - 4) * LINE)
    },
  }))
  const follow = () => {
    if (gutter.current && area.current) gutter.current.style.transform = `translateY(${-area.current.scrollTop}px)`
  }
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: 'auto minmax(0, 1fr)',
        border: 1,
        borderColor: faultLines.size > 0 ? 'error.main' : 'divider',
        borderRadius: '10px',
        overflow: 'hidden',
        height: { xs: 420, md: 'calc(100vh - 330px)' },
        minHeight: 360,
        '&:focus-within': { outline: '2px solid', outlineColor: 'primary.main' },
      }}
    >
      <Box aria-hidden sx={{ overflow: 'hidden', bgcolor: 'action.hover', borderRight: 1, borderColor: 'divider' }}>
        <Box ref={gutter} sx={{ ...type, py: 1, textAlign: 'right', color: 'text.secondary', userSelect: 'none' }}>
          {Array.from({ length: count }, (_, at) => (
            <Box
              key={at}
              data-fault={faultLines.has(at + 1) || undefined}
              sx={{
                px: 1,
                minWidth: 40,
                height: LINE,
                ...(faultLines.has(at + 1) && { bgcolor: 'error.main', color: 'error.contrastText', fontWeight: 700 }),
              }}
            >
              {at + 1}
            </Box>
          ))}
        </Box>
      </Box>
      <Box
        component="textarea"
        ref={area}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={faultLines.size > 0}
        value={value}
        readOnly={readOnly}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
        onScroll={follow}
        sx={{
          ...type,
          border: 0,
          m: 0,
          p: 1,
          resize: 'none',
          outline: 'none !important',
          bgcolor: 'background.paper',
          color: 'text.primary',
          overflow: 'auto',
          whiteSpace: 'pre',
        }}
      />
    </Box>
  )
}
