import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Typography from '@mui/material/Typography'

export interface PlacedFault {
  /** Empty: the whole. */
  path: string
  message: string
  line: number
}

export interface FaultListProps {
  id: string
  faults: PlacedFault[]
  /** Whether the check of what was typed last is still on its way. */
  checking: boolean
  onGoTo(line: number): void
}

/** What is wrong, in the order of the text; each entry leads to its line. */
export function FaultList({ id, faults, checking, onGoTo }: FaultListProps) {
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Box
        role="status"
        id={id}
        sx={{ display: 'flex', alignItems: 'center', gap: 1, color: faults.length > 0 ? 'error.main' : 'success.main' }}
      >
        {faults.length > 0 ? <ErrorOutlined aria-hidden /> : <CheckCircleOutlined aria-hidden />}
        <Typography sx={{ fontWeight: 650 }}>{checking ? 'Checking …' : summary(faults.length)}</Typography>
      </Box>
      {faults.length > 0 && (
        <Box
          component="ul"
          aria-label="Faults"
          sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.5, maxHeight: 300, overflow: 'auto' }}
        >
          {faults.map(({ path, message, line }, at) => (
            <Box component="li" key={`${path} ${at}`}>
              <ButtonBase
                onClick={() => onGoTo(line)}
                sx={{
                  width: '100%',
                  justifyContent: 'flex-start',
                  textAlign: 'left',
                  borderRadius: 1.5,
                  px: 1,
                  py: 0.75,
                  '&:hover': { bgcolor: 'action.hover' },
                }}
              >
                <Typography variant="body2" component="span" sx={{ overflowWrap: 'anywhere' }}>
                  <Box component="span" sx={{ color: 'text.secondary' }}>
                    Line {line} ·{' '}
                  </Box>
                  {path !== '' && (
                    <Box component="code" sx={{ fontWeight: 650, fontSize: '0.8125rem' }}>
                      {path}
                    </Box>
                  )}{' '}
                  {message}
                </Typography>
              </ButtonBase>
            </Box>
          ))}
        </Box>
      )}
    </Box>
  )
}

const summary = (count: number) =>
  count === 0 ? 'Nothing is wrong: this can be published.' : count === 1 ? 'One thing to mend' : `${count} things to mend`
