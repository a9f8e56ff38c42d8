import type { OtpChannel } from './challenge.types.ts'

/** Brings codes to people in one way. */
export interface CodeCarrier {
  /** @throws {UnavailableError} when it cannot take anything at the moment, whoever it is for */
  verify(): Promise<void>
  /** @throws {UndeliverableError} when no later try can help; {DeferredError} or anything else: it is tried again */
  deliver(to: string, code: string): Promise<void>
  /** Costs about what delivering costs and brings nothing to anybody; never fails. */
  pretend(to: string, code: string): Promise<void>
}

/** The ways that are configured. */
export type CodeCarriers = { [OtpChannel.EMAIL]: CodeCarrier } & { [Channel in OtpChannel]?: CodeCarrier | undefined }
