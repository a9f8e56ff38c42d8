import { describe, expect, it } from '@jest/globals'
import { extractOffline } from '../../reasoning/offline-extraction.ts'
import { faultsOf as inputFaults } from '../../runs/input-check.ts'
import { checkDefinition } from '../check-definition.ts'
import { shippedWorkflows } from '../shipped-workflows.ts'
import { invoiceIntake } from './invoice-intake.ts'
import { invoiceExamples } from './invoice-examples.ts'

describe('workflows that come with the product', () => {
  it.each(shippedWorkflows.map((workflow) => [workflow.slug, workflow] as const))(
    '%s has no fault and takes its examples',
    (_slug, { definition }) => {
      expect(checkDefinition(definition)).not.toHaveProperty('faults')
      const examples = (definition.input['examples'] ?? []) as unknown[]
      expect(examples.flatMap((example) => inputFaults(definition.input, example, 'input'))).toEqual([])
    },
  )

  it('read invoices by their patterns alone', () => {
    const extract = invoiceIntake.definition.nodes.find((node) => node.kind === 'decide')
    const rows = invoiceExamples
      .flatMap(({ documents }) => documents)
      .map(({ text }) => Object.values(extractOffline(text, extract!.fields!).values))
    expect(rows).toEqual([
      ['Harbour Office Supplies Ltd', 'HOS-2026-0417', '2026-03-12', 838.08, 'EUR', 'DE89 3704 0044 0532 0130 00'],
      ['Nordlicht Elektro GmbH', '2026-1182', '2026-03-09', 1999.2, 'EUR', 'DE02 1203 0000 0000 2020 51'],
      ['Atlas Freight SARL', 'AF/88231', '2026-03-10', 412.5, 'EUR', 'FR14 2004 1010 0505 0001 3M02 606'],
      ['Keel Machine Works AG', 'KMW-77120', '2026-03-11', 18450, 'EUR', 'CH93 0076 2011 6238 5295 7'],
      ['Marlow & Sons', null, null, null, null, null],
    ])
  })
})
