import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useQuery } from 'urql'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { ArtifactPreviewDocument } from './run.documents.ts'

/** The beginning of a text, as it is. */
export function ArtifactPreview({ id, isWhole }: { id: string; isWhole: boolean }) {
  const [{ data, error }, again] = useQuery({ query: ArtifactPreviewDocument, variables: { id } })
  if (error) return <ErrorState error={error} onRetry={() => again({ requestPolicy: 'network-only' })} />
  if (data === undefined) return <Skeleton variant="rounded" height={120} />
  return (
    <Box sx={{ mb: 1.5 }}>
      <Box
        component="pre"
        tabIndex={0}
        sx={{
          m: 0,
          p: 1.5,
          maxHeight: 320,
          overflow: 'auto',
          borderRadius: 1,
          bgcolor: 'action.hover',
          fontSize: 13,
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
        }}
      >
        {data.artifact?.preview ?? 'There is nothing to show.'}
      </Box>
      {!isWhole && (
        <Typography variant="caption" color="text.secondary">
          The first 16 KB; open the file for all of it.
        </Typography>
      )}
    </Box>
  )
}
