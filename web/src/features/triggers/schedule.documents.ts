import { graphql } from '../../gql/gql.ts'

export const ScheduleCardFragment = graphql(`
  fragment ScheduleCard on Schedule {
    id
    name
    cron
    timeZone
    words
    nextRuns(count: 3)
    waitingCount
    input
    mapping {
      input
    }
    catchUp
    overlap
    pausedAt
    lastScheduledAt
    lastOutcome
    lastFault {
      message
      fields {
        path
        message
      }
    }
    lastRun {
      id
      status
      queuedAt
    }
    workflow {
      id
      slug
      name
    }
  }
`)

export const PreviewScheduleDocument = graphql(`
  query PreviewSchedule($cron: String!, $timeZone: String!) {
    previewSchedule(cron: $cron, timeZone: $timeZone, count: 3) {
      words
      nextRuns
    }
  }
`)

export const CreateScheduleDocument = graphql(`
  mutation CreateSchedule($input: CreateScheduleInput!) {
    createSchedule(input: $input) {
      schedule {
        id
      }
    }
  }
`)

export const UpdateScheduleDocument = graphql(`
  mutation UpdateSchedule($input: UpdateScheduleInput!) {
    updateSchedule(input: $input) {
      schedule {
        id
      }
    }
  }
`)

export const DeleteScheduleDocument = graphql(`
  mutation DeleteSchedule($input: DeleteScheduleInput!) {
    deleteSchedule(input: $input) {
      schedule {
        id
      }
    }
  }
`)

export const RunScheduleNowDocument = graphql(`
  mutation RunScheduleNow($input: RunScheduleNowInput!) {
    runScheduleNow(input: $input) {
      schedule {
        id
      }
      run {
        id
      }
    }
  }
`)
