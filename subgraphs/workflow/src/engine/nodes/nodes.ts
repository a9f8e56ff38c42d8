import type { NodeKind } from '../../workflows/definition.ts'
import { act } from './act.ts'
import { branch } from './branch.ts'
import { decide } from './decide.ts'
import { map } from './map.ts'
import type { Step } from './node.ts'
import { plan } from './plan.ts'
import { reflect } from './reflect.ts'
import { retrieve } from './retrieve.ts'
import { review } from './review.ts'
import { subworkflow } from './subworkflow.ts'
import { transform } from './transform.ts'
import { wait } from './wait.ts'

/** What each kind of step does. */
export const steps: { [K in NodeKind]: Step<K> } = {
  plan,
  retrieve,
  decide,
  act,
  reflect,
  review,
  branch,
  map,
  subworkflow,
  wait,
  transform,
}
