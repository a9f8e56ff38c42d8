/**
 * Changes one part of the system under test and resolves when it is done.
 * @param action `kill` ends it without warning; whoever keeps it running starts it again
 */
export async function change(action: 'stop' | 'start' | 'kill', part: string): Promise<void> {
  const control = process.env['SIGNALBOX_CONTROL_URL']
  if (control === undefined) throw new Error('SIGNALBOX_CONTROL_URL is not set: run whole-system tests through "npm test"')
  const response = await fetch(`${control}/${action}/${part}`, { method: 'POST' })
  if (!response.ok) throw new Error(`${action} ${part}: ${await response.text()}`)
}
