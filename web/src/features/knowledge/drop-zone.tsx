import UploadFileOutlined from '@mui/icons-material/UploadFileOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useRef, useState, type DragEvent } from 'react'

const ACCEPTED = '.csv,.md,.markdown,.html,.htm,.pdf,.txt'

export function DropZone({ onFiles }: { onFiles(files: File[]): void }) {
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  return (
    <Box
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        border: '1.5px dashed',
        borderColor: over ? 'primary.main' : 'divider',
        bgcolor: over ? 'action.hover' : 'transparent',
        borderRadius: 3,
        px: 2,
        py: 3,
        display: 'grid',
        justifyItems: 'center',
        textAlign: 'center',
        gap: 1,
      }}
    >
      <UploadFileOutlined aria-hidden sx={{ fontSize: 34, color: 'primary.main' }} />
      <Typography sx={{ fontWeight: 600 }}>Drop files here</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', maxWidth: '52ch' }}>
        PDF, web page, Markdown, text, or a table (CSV) with the columns text, category, title and key. A file of the same name
        replaces the former one.
      </Typography>
      <Button variant="outlined" onClick={() => input.current?.click()}>
        Choose files
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPTED}
        aria-label="Files to add"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          // The same file again is a change, too.
          event.target.value = ''
        }}
      />
    </Box>
  )
}
