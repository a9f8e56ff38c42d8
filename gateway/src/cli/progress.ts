/** Where progress is written to: standard error, so that results can be piped. */
export interface Screen {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

const REDRAW_MS = 100
const LINE_MS = 3_000
const BAR_WIDTH = 24

/** One bar that redraws itself on a terminal; elsewhere a plain line every few seconds. Without a total it tells the time. */
export class Progress {
  #done = 0
  #note = ''
  #drawnAt = 0
  readonly #startedAt: number

  constructor(
    private readonly screen: Screen,
    private readonly label: string,
    private readonly total: number | null,
    private readonly now: () => number = Date.now,
  ) {
    this.#startedAt = this.#drawnAt = now()
    if (screen.isTTY) this.#draw()
  }

  set(done: number, note = '') {
    this.#done = done
    this.#note = note
    if (this.now() - this.#drawnAt >= (this.screen.isTTY ? REDRAW_MS : LINE_MS)) this.#draw()
  }

  add(count: number) {
    this.set(this.#done + count, this.#note)
  }

  /** Leaves the last state on the screen. */
  end() {
    this.#draw()
    if (this.screen.isTTY) this.screen.write('\n')
  }

  #draw() {
    this.#drawnAt = this.now()
    const text = this.#describe((this.now() - this.#startedAt) / 1000)
    if (!this.screen.isTTY) return void this.screen.write(`${this.label}: ${text}\n`)
    this.screen.write(`\r\x1b[2K${`${this.label} ${this.#bar()}${text}`.slice(0, (this.screen.columns ?? 80) - 1)}`)
  }

  #describe(seconds: number): string {
    if (this.total === null) return `${Math.round(seconds)} s`
    const rate = seconds > 0.5 && this.#done > 0 ? ` · ${(this.#done / seconds).toFixed(1)}/s` : ''
    return `${this.#done}/${this.total}${rate}${this.#note ? ` · ${this.#note}` : ''}`
  }

  #bar(): string {
    if (this.total === null) return ''
    const share = this.total === 0 ? 1 : Math.min(this.#done / this.total, 1)
    const filled = Math.round(share * BAR_WIDTH)
    return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${Math.floor(share * 100)} % · `
  }
}

/** The rows that were left out, the first ones by line and the rest by number. */
export function reportFaults(screen: Screen, file: string, faults: { line: number; message: string }[]) {
  const shown = faults.slice(0, 20)
  for (const { line, message } of shown) screen.write(`${file}, line ${line}: ${message}\n`)
  if (faults.length > shown.length) screen.write(`${file}: ${faults.length - shown.length} more rows were left out\n`)
}
