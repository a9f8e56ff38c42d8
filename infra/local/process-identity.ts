import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Names one process for ever: a pid alone is given out again. */
export interface ProcessIdentity {
  pid: number
  /** When it started, in the system's own words; equal only for the same process. */
  startedAt: string
}

/** What identifies the live process of this pid, or nothing when there is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : psStart(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

export const isRunning = (known: ProcessIdentity): boolean => identify(known.pid)?.startedAt === known.startedAt

/** Boot id and start time in ticks since boot: field 22 of /proc/<pid>/stat (proc(5)); a zombie counts as gone. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

function psStart(pid: number): string | undefined {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    )
  } catch {
    return undefined
  }
}
