import { graphql } from '../../gql/gql.ts'

export const KpiFields = graphql(`
  fragment KpiFields on Kpi {
    value
    unit
    n
    coverage
    change
    low
    high
    note
    formulaVersion
    baseline {
      median
      p90
      n
      source
      window
      version
    }
    parts {
      name
      value
      unit
      note
    }
  }
`)

export const KpisDocument = graphql(`
  query Kpis($range: TimeRange!) {
    kpis(range: $range) {
      timeToBenefit {
        ...KpiFields
      }
      turnaround {
        ...KpiFields
      }
      effectiveness {
        ...KpiFields
      }
      staffRelief {
        ...KpiFields
      }
      customerExperience {
        ...KpiFields
      }
    }
  }
`)

export const KpisChangedDocument = graphql(`
  subscription KpisChanged($range: TimeRange!) {
    kpisChanged(range: $range) {
      turnaround {
        n
      }
    }
  }
`)

export const TrendDocument = graphql(`
  query Trend($a: TimeRange!, $b: TimeRange!, $c: TimeRange!, $d: TimeRange!, $e: TimeRange!, $f: TimeRange!) {
    a: kpis(range: $a) {
      turnaround {
        value
        n
      }
    }
    b: kpis(range: $b) {
      turnaround {
        value
        n
      }
    }
    c: kpis(range: $c) {
      turnaround {
        value
        n
      }
    }
    d: kpis(range: $d) {
      turnaround {
        value
        n
      }
    }
    e: kpis(range: $e) {
      turnaround {
        value
        n
      }
    }
    f: kpis(range: $f) {
      turnaround {
        value
        n
      }
    }
  }
`)
