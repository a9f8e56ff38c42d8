import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState, type SubmitEvent } from 'react'
import { useMutation } from 'urql'
import { describeError } from '../../ui/errors.ts'
import { AddPageDocument } from './knowledge.documents.ts'
import { IntakeSummary } from './upload-list.tsx'

export function PageForm({ baseId, onTaken }: { baseId: string; onTaken(): void }) {
  const [url, setUrl] = useState('')
  const [{ data, error, fetching }, add] = useMutation(AddPageDocument)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const answer = await add({ input: { knowledgeBase: baseId, url } })
    if (!answer.data) return
    setUrl('')
    onTaken()
  }
  return (
    <Box component="form" onSubmit={(event: SubmitEvent) => void submit(event)} sx={{ display: 'grid', gap: 1 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <TextField
          type="url"
          required
          label="Address of a page or file"
          placeholder="https://"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          sx={{ flex: '1 1 220px' }}
        />
        <Button type="submit" variant="outlined" loading={fetching} sx={{ minHeight: 40 }}>
          Add page
        </Button>
      </Box>
      <Box role="status">
        {data && !fetching && !error && <IntakeSummary result={data.ingestUrl} />}
        {error && !fetching && <Alert severity="error">{describeError(error).detail}</Alert>}
      </Box>
    </Box>
  )
}
