import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { WorkflowTestbed } from '../testing/testkit.ts'
import { ArtifactService } from './artifact.service.ts'
import { removeLooseObjects } from './loose-objects.ts'
import { ObjectStore } from './object-store-testkit.ts'

describe('the contents of artifacts', () => {
  let bed: WorkflowTestbed
  let objects: ObjectStore

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    objects = await ObjectStore.start()
  })
  afterAll(async () => {
    await objects[Symbol.asyncDispose]()
    await bed[Symbol.asyncDispose]()
  })

  const service = () => new ArtifactService(bed.as().tenant, objects.store())
  const put = (runId: string, text: string, mediaType = 'text/plain') =>
    service().put(bed.organizationId, runId, { name: 'a', mediaType, body: Buffer.from(text) })
  const textOf = async (artifact: Awaited<ReturnType<typeof put>>) => {
    let text = ''
    for await (const part of await service().open(artifact)) text += String(part)
    return text
  }

  it('are kept once for two runs, and removed when the last run that names them goes', async () => {
    const [one, two] = [await bed.start('one'), await bed.start('two')]
    const [first, second] = [await put(one, 'the same'), await put(two, 'the same')]
    expect(first.objectKey).toBe(second.objectKey)
    await bed.superuser.query('delete from workflow.runs where id = $1', [one])
    expect(await removeLooseObjects(bed.orm, objects.store(), 0)).toBe(0)
    expect(await textOf(second)).toBe('the same')
    await bed.superuser.query('delete from workflow.runs where id = $1', [two])
    expect(await removeLooseObjects(bed.orm, objects.store(), 3_600)).toBe(0)
    expect(await removeLooseObjects(bed.orm, objects.store(), 0)).toBe(1)
    await expect(service().open(second)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await textOf(await put(await bed.start('three'), 'the same'))).toBe('the same')
  })

  it('of an upload that no row followed are removed', async () => {
    await expect(put('0190a000-0000-7000-8000-00000000dead', 'left over')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await removeLooseObjects(bed.orm, objects.store(), 0)).toBe(1)
  })

  it('break off before their end when they were damaged', async () => {
    const artifact = await put(await bed.start('damaged'), 'as it was')
    await objects.store().put(artifact.objectKey, () => Buffer.from('as it is now'), 12, 'text/plain')
    await expect(textOf(artifact)).rejects.toThrow(/damaged/)
  })

  it('have a preview when they are text, cut between characters', async () => {
    const runId = await bed.start('previewed')
    expect(await service().preview(await put(runId, '{"a":1}', 'application/json'))).toBe('{"a":1}')
    const long = await service().preview(await put(runId, 'é'.repeat(10_000) + 'x'.repeat(9_000)))
    expect(long).toMatch(/^é+$/)
    expect(long!.length).toBe(8_192)
    expect(await service().preview(await put(runId, 'GIF89a', 'image/gif'))).toBeNull()
  })
})
