import { GraphQLError, type GraphQLErrorExtensions } from 'graphql'

/** An expected failure with a code that clients rely on. Anything else is masked as INTERNAL. */
export class AppError extends GraphQLError {
  constructor(
    readonly code: string,
    message: string,
    extensions: GraphQLErrorExtensions = {},
  ) {
    super(message, { extensions: { ...extensions, code } })
  }
}

export class UnauthenticatedError extends AppError {
  constructor(message = 'Sign in to do this.') {
    super('UNAUTHENTICATED', message, { http: { status: 401 } })
  }
}

export class ForbiddenError extends AppError {
  constructor(message = 'You do not have the right to do this.') {
    super('FORBIDDEN', message)
  }
}

/** Alike for what does not exist and for what belongs to somebody else. */
export class NotFoundError extends AppError {
  constructor(what: string) {
    super('NOT_FOUND', `There is no such ${what}.`)
  }
}

export interface FieldFault {
  /** Dotted path into the input: `input.text`. */
  path: string
  message: string
}

export class BadUserInputError extends AppError {
  constructor(message: string, fields: FieldFault[]) {
    super('BAD_USER_INPUT', message, { fields })
  }
}

/** Somebody was first; `current` is what stands. */
export class ConflictError extends AppError {
  constructor(message: string, current: unknown) {
    super('CONFLICT', message, { current })
  }
}

/** The caller looked at an older state than the one that stands. */
export class PreconditionFailedError extends AppError {
  constructor(message: string, current: unknown) {
    super('PRECONDITION_FAILED', message, { current })
  }
}

export class RateLimitedError extends AppError {
  constructor(retryAfterSeconds: number) {
    super('RATE_LIMITED', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
      retryAfterSeconds,
      http: { status: 429 },
    })
  }
}

export class UnavailableError extends AppError {
  constructor(service: string) {
    super('UNAVAILABLE', `The ${service} service cannot be reached at the moment. Nothing was changed.`, { service })
  }
}
