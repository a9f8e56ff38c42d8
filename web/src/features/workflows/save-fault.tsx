import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import type { DraftState } from './use-draft.ts'

/** Why the draft was not stored; where somebody else was faster, both ways out. */
export function SaveFault({ draft: { fault, save }, onReload }: { draft: DraftState; onReload(): void }) {
  if (!fault) return null
  if (fault.code !== 'CONFLICT')
    return (
      <Alert severity="error" sx={{ mb: 2 }}>
        {fault.detail}
      </Alert>
    )
  const { revision = 0 } = (fault.current ?? {}) as { revision?: number }
  return (
    <Alert
      severity="warning"
      sx={{ mb: 2 }}
      action={
        <>
          <Button color="inherit" size="small" onClick={onReload}>
            Show theirs
          </Button>
          <Button color="inherit" size="small" onClick={() => void save(revision)}>
            Keep mine
          </Button>
        </>
      }
    >
      Somebody else {revision === 0 ? 'published or discarded' : 'saved'} this draft meanwhile. Yours is not stored yet.
    </Alert>
  )
}
