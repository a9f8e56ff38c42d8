import type { NodeKind } from '../../workflows/definition.ts'
import { act } from './act.ts'
import { decide } from './decide.ts'
import type { Step } from './node.ts'
import { plan } from './plan.ts'
import { reflect } from './reflect.ts'
import { retrieve } from './retrieve.ts'
import { review } from './review.ts'

/** What each kind of step does. */
export const steps: Record<NodeKind, Step> = { plan, retrieve, decide, review, act, reflect }
