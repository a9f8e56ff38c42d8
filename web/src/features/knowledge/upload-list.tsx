import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import Box from '@mui/material/Box'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import { intakeWords, type IntakeResult } from './knowledge-words.ts'
import type { Upload } from './use-uploads.ts'

const SHOWN = 5

/** What became of each file. */
export function UploadList({ uploads }: { uploads: Upload[] }) {
  return (
    <Box component="ul" aria-label="Files" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.25 }}>
      {uploads.map((upload) => (
        <Box component="li" key={upload.id} sx={{ display: 'grid', gridTemplateColumns: '24px minmax(0, 1fr)', gap: 1 }}>
          <Mark upload={upload} />
          <Box>
            <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{upload.name}</Typography>
            <State upload={upload} />
          </Box>
        </Box>
      ))}
    </Box>
  )
}

function Mark({ upload: { result, refusal } }: { upload: Upload }) {
  if (refusal) return <ErrorOutlined aria-label="Not taken" color="error" fontSize="small" sx={{ mt: 0.25 }} />
  if (result) return <CheckCircleOutlined aria-label="Done" color="success" fontSize="small" sx={{ mt: 0.25 }} />
  return <span />
}

function State({ upload: { name, share, result, refusal } }: { upload: Upload }) {
  if (refusal)
    return (
      <Typography variant="body2" role="alert" sx={{ color: 'error.main' }}>
        {refusal}
      </Typography>
    )
  if (result) return <IntakeSummary result={result} />
  const sent = share >= 1
  return (
    <>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {sent ? 'Being read …' : share === 0 ? 'Waiting …' : `Being sent, ${Math.floor(share * 100)} %`}
      </Typography>
      <LinearProgress
        variant={sent ? 'indeterminate' : 'determinate'}
        value={share * 100}
        aria-label={`Progress of ${name}`}
        sx={{ mt: 0.5, borderRadius: 1 }}
      />
    </>
  )
}

export function IntakeSummary({ result }: { result: IntakeResult }) {
  const more = result.faults.length - SHOWN
  return (
    <>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {intakeWords(result)}.
      </Typography>
      {result.faults.slice(0, SHOWN).map(({ line, message }) => (
        <Typography key={line} variant="body2" sx={{ color: 'warning.main' }}>
          Line {line}: {message}.
        </Typography>
      ))}
      {more > 0 && (
        <Typography variant="body2" sx={{ color: 'warning.main' }}>
          And {more.toLocaleString('en')} more rows.
        </Typography>
      )}
    </>
  )
}
