import type { FastifyInstance } from 'fastify'
import type { AlertChange } from './raise-alerts.ts'
import { RULES } from './rules.ts'

/** Counts since this process started, for Prometheus: by rule and outcome, never by tenant. */
export class Metrics {
  readonly #raised = new Map<string, number>(RULES.map(({ name }) => [name, 0]))
  #events = 0

  applied(events: number, alerts: AlertChange[]): void {
    this.#events += events
    for (const { rule, raised } of alerts) if (raised) this.#raised.set(rule, this.#raised.get(rule)! + 1)
  }

  /** Prometheus text format 0.0.4. */
  toString(): string {
    return [
      '# HELP signalbox_alerts_raised_total Alerts that this process raised, by rule.',
      '# TYPE signalbox_alerts_raised_total counter',
      ...[...this.#raised].map(([rule, count]) => `signalbox_alerts_raised_total{rule="${rule}"} ${count}`),
      '# HELP signalbox_events_applied_total Events of the event log that this process applied.',
      '# TYPE signalbox_events_applied_total counter',
      `signalbox_events_applied_total ${this.#events}`,
      '',
    ].join('\n')
  }
}

/** `GET /metrics`, open like `/health`: the port is private. */
export const metricsRoute = (metrics: Metrics) => (app: FastifyInstance) =>
  void app.get('/metrics', (_request, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(String(metrics)),
  )
