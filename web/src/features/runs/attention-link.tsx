import Badge from '@mui/material/Badge'
import Button from '@mui/material/Button'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { DeadLettersDocument } from './attention.documents.ts'

/** Leads to the failures that nobody has dealt with; says how many runs they are. */
export function AttentionLink() {
  const [{ data }] = useQuery({ query: DeadLettersDocument, requestPolicy: 'cache-and-network' })
  const count = data?.deadLetters.reduce((sum, group) => sum + group.count, 0) ?? 0
  return (
    <Badge badgeContent={count} color="error" max={999}>
      <Button component={Link} to="/runs/attention" variant="outlined">
        Needs attention
      </Button>
    </Badge>
  )
}
