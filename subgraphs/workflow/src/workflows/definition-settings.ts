import { z } from 'zod'

export const expression = z.string().trim().min(1).max(4_000).meta({ description: 'An expression in CEL.' })
export const names = z.array(z.string().min(1).max(200)).max(50)
export const hours = z
  .number()
  .positive()
  .max(24 * 365)

/** What holds for a definition as a whole: when people decide, and what a run may use. */
export const reviewPolicy = z.strictObject({
  actions: names.default([]).meta({ description: 'Actions that always need a person.' }),
  tools: names.default([]).meta({ description: 'Tools that are called only after a person approved.' }),
  amounts: z
    .array(z.strictObject({ above: z.number().min(0), quorum: z.int().min(1).max(10).default(1) }))
    .default([])
    .meta({ description: 'From which amount how many people must agree.' }),
  confidence: z
    .strictObject({
      target: z.number().min(0).max(1).default(0.95).meta({ description: 'Share of automatic decisions that must be right.' }),
      threshold: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .default(null)
        .meta({ description: 'Null: from the knowledge base’s calibration.' }),
    })
    .optional()
    .meta({ description: 'How sure the machine must be to go on alone.' }),
  sampleRate: z.number().min(0).max(1).default(0).meta({ description: 'Share of the rest that a person sees all the same.' }),
})

export const budgets = z.strictObject({
  tokens: z.int().positive().optional(),
  costUsd: z.number().positive().optional(),
  wallHours: hours.default(24 * 30).meta({ description: 'From queued to finished, waiting included.' }),
  visits: z.int().min(1).max(1_000).default(25).meta({ description: 'Of one step: the end of every loop.' }),
  steps: z.int().min(1).max(10_000).default(500),
})

export const retention = z.strictObject({
  checkpointDays: z.number().positive().max(3_650).default(30).meta({ description: 'Saved states of finished runs.' }),
  runDays: z
    .number()
    .positive()
    .max(3_650)
    .optional()
    .meta({ description: 'Finished runs with all they left; for ever unless given.' }),
})

export const limits = z.strictObject({
  concurrency: z.int().min(1).max(10_000).optional().meta({ description: 'Runs of this workflow at the same time.' }),
  perMinute: z.int().min(1).max(100_000).optional(),
  key: expression.optional().meta({ description: 'Limits hold for each value of this over `input`.' }),
  queueHours: hours.optional().meta({ description: 'A run that waits longer for a worker expires.' }),
})
