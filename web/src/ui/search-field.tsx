import SearchOutlined from '@mui/icons-material/SearchOutlined'
import InputAdornment from '@mui/material/InputAdornment'
import TextField from '@mui/material/TextField'
import { useEffect, useEffectEvent, useState } from 'react'

const TYPING_PAUSE_MS = 300

interface SearchFieldProps {
  value: string
  /** What one may look for. */
  placeholder: string
  /** Pixels that it wants in a row of filters. */
  width: number
  onSearch(words: string): void
}

/** Searches as one types, after a short pause; follows the address when that changes by itself. */
export function SearchField({ value, placeholder, width, onSearch }: SearchFieldProps) {
  const [words, setWords] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setWords(value)
  }
  const search = useEffectEvent(() => words !== value && onSearch(words))
  useEffect(() => {
    const timer = setTimeout(() => search(), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [words])
  return (
    <TextField
      type="search"
      label="Search"
      placeholder={placeholder}
      value={words}
      onChange={(event) => setWords(event.target.value)}
      sx={{ flex: `1 1 ${width}px` }}
      slotProps={{
        inputLabel: { shrink: true },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchOutlined fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
    />
  )
}
