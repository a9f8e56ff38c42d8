import FactCheckOutlined from '@mui/icons-material/FactCheckOutlined'
import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import Skeleton from '@mui/material/Skeleton'
import useMediaQuery from '@mui/material/useMediaQuery'
import type { Theme } from '@mui/material/styles'
import { useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { useCan } from '../../ui/session/viewer.ts'
import { BulkBar } from './bulk-bar.tsx'
import { KeyHelp } from './key-help.tsx'
import { ReviewDetail } from './review-detail.tsx'
import { nextAfter } from './review-list.ts'
import { ReviewQueue } from './review-queue.tsx'
import { ReviewsHeader } from './reviews-header.tsx'
import { empty, filters, isShown } from './shown.ts'
import { useSelection } from './use-selection.ts'
import { useReviewQueue } from './use-review-queue.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** The queue on the left, the review on the right; on narrow screens one after the other. */
export function Component() {
  const { reviewId } = useParams()
  const [search] = useSearchParams()
  const given = search.get('show') ?? 'open'
  const shown = isShown(given) ? given : 'open'
  const decided = shown === 'decided'
  const { list, error, refresh } = useReviewQueue(filters[shown])
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'))
  const navigate = useNavigate()
  const [help, setHelp] = useState(false)
  const reviews = list?.reviews ?? []
  const mayDecide = useCan('hitl:decide')
  const selection = useSelection(reviews)
  const selected = reviewId ?? (narrow ? undefined : reviews[0]?.id)

  const show = (id: string | undefined) =>
    void navigate({ pathname: id ? `/reviews/${id}` : '/reviews', search: search.toString() })
  const step = (by: number) => {
    const index = reviews.findIndex(({ id }) => id === selected)
    show(reviews[Math.min(reviews.length - 1, Math.max(0, index + by))]?.id)
  }
  const choose = !decided && mayDecide && selected ? () => selection.toggle(selected) : undefined
  useShortcuts({ j: () => step(1), k: () => step(-1), x: choose, '?': () => setHelp(true) })

  const queue = (
    <Card component="section" aria-label="Queue" sx={{ overflow: 'hidden' }}>
      {error && !list && <ErrorState error={error} onRetry={refresh} />}
      {!list && !error && <Skeleton variant="rectangular" height={320} />}
      {list && reviews.length === 0 && (
        <EmptyState icon={<FactCheckOutlined />} title={empty[shown].title}>
          {empty[shown].words}
        </EmptyState>
      )}
      {!decided && mayDecide && <BulkBar selection={selection} shown={reviews.length > 1} />}
      {list && reviews.length > 0 && (
        <ReviewQueue
          list={list}
          selected={selected}
          decided={decided}
          search={search.toString()}
          selection={decided || !mayDecide ? undefined : selection}
        />
      )}
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
      {!(narrow && reviewId) && <ReviewsHeader shown={shown} total={list?.totalCount} onHelp={() => setHelp(true)} />}
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
