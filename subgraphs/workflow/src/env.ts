import { z } from 'zod'
import { isOriginList } from '@signalbox/shared/egress/policy'
import { commonEnv, readEnv } from '@signalbox/shared/env'
import { revocationsEnv } from '@signalbox/shared/revocation-feed'

/** What the API and the worker share. */
const engineEnv = {
  NODE_ENV: commonEnv.NODE_ENV,
  LOG_LEVEL: commonEnv.LOG_LEVEL,
  DATABASE_URL: commonEnv.DATABASE_URL,
  /** The knowledge index's database; the workflow's own unless given. */
  KNOWLEDGE_DATABASE_URL: z.url().optional(),
  S3_ENDPOINT: z.url(),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z.string().default('signalbox'),
  S3_ACCESS_KEY: z.string().min(1),
  S3_SECRET_KEY: z.string().min(1),
  /** The key file of envelope encryption (`shared/src/encryption/key-file.ts`); as `_FILE` a rotation needs no restart. */
  ENCRYPTION_KEYS: z.string().min(1),
  ENCRYPTION_KEYS_FILE: z.string().optional(),
  /** Origins that connections of organisations may lead to beside the public internet: `https://n8n.internal, http://10.0.0.8:5678`. */
  EGRESS_ALLOW: z.string().default('').refine(isOriginList, 'a comma-separated list of origins such as https://n8n.example.com'),
  OPENAI_BASE_URL: z.url().optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_MODEL: z.string().optional(),
  ANTHROPIC_BASE_URL: z.url().optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_MODEL: z.string().optional(),
}

const workerOnly = {
  /** Where the gateway is reached: the address that others answer to later begins with it. */
  PUBLIC_URL: commonEnv.PUBLIC_URL,
  N8N_WEBHOOK_URL: z.url().optional(),
  /** Runs whose steps are executed at the same time. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(8),
  /** Milliseconds that a lease holds without a heartbeat; a killed worker's runs are taken over after it. */
  LEASE_MS: z.coerce.number().int().min(200).default(10_000),
  /** Milliseconds between looks for queued and abandoned runs, behind the notifications. */
  WORKER_POLL_MS: z.coerce.number().int().min(50).default(1_000),
  /** Milliseconds that a stop waits for runs to end before it stops them at their next step. */
  DRAIN_MS: z.coerce.number().int().min(0).default(5_000),
}

export type EngineEnv = z.infer<z.ZodObject<typeof engineEnv>>
export type ApiEnv = z.infer<z.ZodObject<typeof commonEnv & typeof revocationsEnv & typeof engineEnv>>
export type WorkerEnv = z.infer<z.ZodObject<typeof engineEnv & typeof workerOnly>>

/** @throws {EnvError} naming every variable that is wrong */
export const readApiEnv = (source?: Record<string, string | undefined>): ApiEnv =>
  readEnv({ ...commonEnv, ...revocationsEnv, ...engineEnv }, source)

/** @throws {EnvError} naming every variable that is wrong */
export const readWorkerEnv = (source?: Record<string, string | undefined>): WorkerEnv =>
  readEnv({ ...engineEnv, ...workerOnly }, source)
