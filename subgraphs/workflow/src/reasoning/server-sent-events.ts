export interface ServerSentEvent {
  /** `message` unless the server names it. */
  event: string
  data: string
}

/**
 * Reads a stream of events piece by piece (HTML standard, 9.2.6): any of the three line ends, wherever the pieces are cut, several lines of
 * data in one event. Ids and comments are left out; what is not ended by an empty line is no event.
 */
export class EventReader {
  readonly #decoder = new TextDecoder()
  #rest = ''
  #event = ''
  #data: string[] = []

  constructor(private readonly onEvent: (event: ServerSentEvent) => void) {}

  push(part: Buffer): void {
    const text = this.#rest + this.#decoder.decode(part, { stream: true })
    // A carriage return at the end may be half of a line end.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text
    const lines = whole.split(/\r\n|\r|\n/)
    this.#rest = lines.pop()! + text.slice(whole.length)
    for (const line of lines) this.#take(line)
  }

  #take(line: string): void {
    if (line === '') {
      const event = { event: this.#event || 'message', data: this.#data.join('\n') }
      const isEmpty = this.#data.length === 0
      this.#event = ''
      this.#data = []
      if (!isEmpty) this.onEvent(event)
      return
    }
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!
    if (name === 'event') this.#event = value ?? ''
    if (name === 'data') this.#data.push(value ?? '')
  }
}
