import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { describeError, faultOf } from '../../ui/errors.ts'
import { PreviewScheduleDocument } from './schedule.documents.ts'

const TYPING_MS = 250

/** What a cron means, as it is typed. */
export function usePreview(cron: string, timeZone: string) {
  const [asked, setAsked] = useState({ cron, timeZone })
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ cron, timeZone }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [cron, timeZone])
  const [{ data, error, fetching }] = useQuery({ query: PreviewScheduleDocument, variables: asked })
  const isCurrent = !fetching && asked.cron === cron && asked.timeZone === timeZone
  const fault = error && describeError(error)
  return {
    preview: isCurrent && !error ? data?.previewSchedule : undefined,
    cronFault: isCurrent ? (faultOf(fault, 'cron') ?? (faultOf(fault, 'timeZone') ? undefined : fault?.detail)) : undefined,
    zoneFault: isCurrent ? faultOf(fault, 'timeZone') : undefined,
  }
}
