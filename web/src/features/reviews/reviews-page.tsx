import FactCheckOutlined from '@mui/icons-material/FactCheckOutlined'
import KeyboardOutlined from '@mui/icons-material/KeyboardOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Skeleton from '@mui/material/Skeleton'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import useMediaQuery from '@mui/material/useMediaQuery'
import type { Theme } from '@mui/material/styles'
import { useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { PageHeader } from '../../ui/states/page-header.tsx'
import { KeyHelp } from './key-help.tsx'
import { ReviewDetail } from './review-detail.tsx'
import { nextAfter } from './review-list.ts'
import { ReviewQueue } from './review-queue.tsx'
import { useReviewQueue } from './use-review-queue.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** The queue on the left, the review on the right; on narrow screens one after the other. */
export function Component() {
  const { reviewId } = useParams()
  const [search, setSearch] = useSearchParams()
  const decided = search.get('show') === 'decided'
  const { list, error, refresh } = useReviewQueue(decided ? ['DECIDED', 'EXPIRED', 'WITHDRAWN'] : ['OPEN'])
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'))
  const navigate = useNavigate()
  const [help, setHelp] = useState(false)
  const reviews = list?.reviews ?? []
  const selected = reviewId ?? (narrow ? undefined : reviews[0]?.id)

  const show = (id: string | undefined) =>
    void navigate({ pathname: id ? `/reviews/${id}` : '/reviews', search: search.toString() })
  const step = (by: number) => {
    const index = reviews.findIndex(({ id }) => id === selected)
    show(reviews[Math.min(reviews.length - 1, Math.max(0, index + by))]?.id)
  }
  useShortcuts({ j: () => step(1), k: () => step(-1), '?': () => setHelp(true) })

  const queue = (
    <Card component="section" aria-label="Queue" sx={{ overflow: 'hidden' }}>
      {error && !list && <ErrorState error={error} onRetry={refresh} />}
      {!list && !error && <Skeleton variant="rectangular" height={320} />}
      {list && reviews.length === 0 && (
        <EmptyState icon={<FactCheckOutlined />} title={decided ? 'Nothing decided yet' : 'The line is clear'}>
          {decided ? 'Decisions appear here.' : 'No decision waits for you. New ones appear here by themselves.'}
        </EmptyState>
      )}
      {list && reviews.length > 0 && <ReviewQueue list={list} selected={selected} decided={decided} search={search.toString()} />}
    </Card>
  )
  const detail = selected && (
    <ReviewDetail
      key={selected}
      id={selected}
      onBack={narrow ? () => show(undefined) : undefined}
      onNext={() => show(nextAfter(reviews, selected))}
    />
  )
  return (
    <>
      {!(narrow && reviewId) && (
        <PageHeader
          title="Reviews"
          lead="What the machine must not decide alone."
          actions={
            <>
              <ToggleButtonGroup
                exclusive
                size="small"
                aria-label="Which reviews"
                value={decided ? 'decided' : 'open'}
                onChange={(_event, next: string | null) => {
                  if (next === null) return
                  void navigate({ pathname: '/reviews', search: next === 'decided' ? 'show=decided' : '' })
                  setSearch(next === 'decided' ? { show: 'decided' } : {})
                }}
              >
                <ToggleButton value="open" sx={{ px: 1.5, minHeight: 40, textTransform: 'none' }}>
                  Open{!decided && list ? ` (${list.totalCount})` : ''}
                </ToggleButton>
                <ToggleButton value="decided" sx={{ px: 1.5, minHeight: 40, textTransform: 'none' }}>
                  Decided
                </ToggleButton>
              </ToggleButtonGroup>
              <Button
                startIcon={<KeyboardOutlined />}
                onClick={() => setHelp(true)}
                sx={{ display: { xs: 'none', md: 'inline-flex' } }}
              >
                Keys
              </Button>
            </>
          }
        />
      )}
      {narrow ? (
        detail || queue
      ) : (
        <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(280px, 360px) minmax(0, 1fr)', gap: 2, alignItems: 'start' }}>
          {queue}
          {detail}
        </Box>
      )}
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </>
  )
}
