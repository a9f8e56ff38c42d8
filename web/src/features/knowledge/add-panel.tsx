import Button from '@mui/material/Button'
import Box from '@mui/material/Box'
import { Panel } from '../../ui/states/panel.tsx'
import { DropZone } from './drop-zone.tsx'
import { PageForm } from './page-form.tsx'
import { UploadList } from './upload-list.tsx'
import { useUploads } from './use-uploads.ts'

export function AddPanel({ baseId, onTaken }: { baseId: string; onTaken(): void }) {
  const { uploads, add, clear } = useUploads(baseId, onTaken)
  const someDone = uploads.some(({ result, refusal }) => result ?? refusal)
  return (
    <Panel
      title="Add knowledge"
      aside={
        someDone && (
          <Button size="small" onClick={clear}>
            Clear the list
          </Button>
        )
      }
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        <DropZone onFiles={add} />
        {uploads.length > 0 && <UploadList uploads={uploads} />}
        <PageForm baseId={baseId} onTaken={onTaken} />
      </Box>
    </Panel>
  )
}
