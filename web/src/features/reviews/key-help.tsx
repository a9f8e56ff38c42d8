import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'

const keys = [
  ['j', 'Next review'],
  ['k', 'Previous review'],
  ['a', 'To the approve button; Enter approves'],
  ['e', 'Edit the proposal'],
  ['w', 'Write an answer of your own'],
  ['r', 'Reject'],
  ['x', 'Choose the review, to decide several at once'],
  ['Ctrl Enter', 'Send what you wrote'],
  ['Esc', 'Leave the form'],
  ['?', 'This help'],
] as const

export function KeyHelp({ open, onClose }: { open: boolean; onClose(): void }) {
  return (
    <Dialog open={open} onClose={onClose} maxWidth="xs" aria-labelledby="keys-title">
      <DialogTitle id="keys-title">Keys</DialogTitle>
      <DialogContent>
        <Box component="dl" sx={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: 1.25, m: 0, alignItems: 'center' }}>
          {keys.map(([key, words]) => (
            <Box key={key} sx={{ display: 'contents' }}>
              <Box component="dt">
                <Key name={key} />
              </Box>
              <Box component="dd" sx={{ m: 0 }}>
                {words}
              </Box>
            </Box>
          ))}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

export function Key({ name }: { name: string }) {
  return (
    <Box
      component="kbd"
      sx={{
        border: 1,
        borderBottomWidth: 2,
        borderColor: 'currentColor',
        borderRadius: 1,
        px: 0.75,
        fontSize: '0.75rem',
        fontFamily: 'inherit',
        fontWeight: 600,
        opacity: 0.8,
      }}
    >
      {name}
    </Box>
  )
}
