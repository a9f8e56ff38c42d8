import { expect, it } from '@jest/globals'
import { pathAfterSwitch } from './path-after-switch.ts'

it.each([
  ['/runs/0190', '/runs'],
  ['/reviews/0190', '/reviews'],
  ['/runs', '/runs'],
  ['/value/technical', '/value/technical'],
  ['/settings/members', '/settings/members'],
])('after a change of organisation, %s goes on at %s', (from, to) => expect(pathAfterSwitch(from)).toBe(to))
