/** What a test wants to know about one stage of a Dockerfile, with what it inherits from the stages before it. */
export interface Stage {
  user: string | undefined
  hasHealthcheck: boolean
  command: string[] | undefined
  /** Sources of `COPY --from=build`. */
  copiedFromBuild: string[]
  /** Sources of `COPY` from the build context. */
  copiedFromContext: string[]
}

/** The named stages of a Dockerfile whose instructions each stand on one line. */
export function stagesOf(dockerfile: string): Map<string, Stage> {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const line of dockerfile.split('\n')) {
    const [, instruction, rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (instruction === 'FROM') {
      const [, base, name] = /^(\S+) AS (\S+)$/.exec(rest) ?? []
      if (base === undefined || name === undefined) throw new Error(`a stage without a name: ${line}`)
      const inherited = stages.get(base)
      stage = {
        user: inherited?.user,
        hasHealthcheck: inherited?.hasHealthcheck ?? false,
        command: inherited?.command,
        copiedFromBuild: [],
        copiedFromContext: [],
      }
      stages.set(name, stage)
    }
    if (stage && instruction !== undefined) apply(stage, instruction, rest)
  }
  return stages
}

function apply(stage: Stage, instruction: string, rest: string) {
  if (instruction === 'USER') stage.user = rest
  if (instruction === 'HEALTHCHECK') stage.hasHealthcheck = !rest.startsWith('NONE')
  if (instruction === 'CMD') stage.command = JSON.parse(rest) as string[]
  if (instruction !== 'COPY') return
  const words = rest.split(' ')
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1)
  if (words.includes('--from=build')) stage.copiedFromBuild.push(...sources)
  else if (!words.some((word) => word.startsWith('--from='))) stage.copiedFromContext.push(...sources)
}
