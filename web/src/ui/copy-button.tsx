import CheckOutlined from '@mui/icons-material/CheckOutlined'
import ContentCopyOutlined from '@mui/icons-material/ContentCopyOutlined'
import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import { useEffect, useState } from 'react'

export interface CopyButtonProps {
  text: string
  /** What is copied: `the secret`. */
  what: string
}

const WORDS_MS = 2_500

/** Copies a text and says whether that worked. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null)
  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), WORDS_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = () =>
    // Browsers give the clipboard to pages over https, and of this machine itself, only.
    (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  const words = { copied: 'Copied', failed: 'Could not copy: select the text and copy it yourself' }
  return (
    <Tooltip title={outcome === null ? `Copy ${what}` : words[outcome]} open={outcome === null ? undefined : true}>
      <IconButton aria-label={outcome === 'copied' ? `Copied ${what}` : `Copy ${what}`} onClick={() => void copy()}>
        {outcome === 'copied' ? <CheckOutlined fontSize="small" /> : <ContentCopyOutlined fontSize="small" />}
      </IconButton>
    </Tooltip>
  )
}
