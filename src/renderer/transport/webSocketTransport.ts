import type { HostEventName, HostEvents, RequestInput, RequestName, Responses } from '../../shared/contract.ts'
import { toErrorRecord, type ErrorRecord, type Result } from '../../shared/errors.ts'
import type { Transport } from '../../shared/transport.ts'
import {
  decodeServerMessage,
  encodeClientMessage,
  encodeRequest,
  refusingCodes,
  socketPath,
  type LastEvent,
  type ServerMessage,
} from '../../shared/wire.ts'

/** `lost`: requests wait until the host is there again. `refused`: the host is another, or this page was not invited. */
export type Connection = { state: 'connected' } | { state: 'lost'; attempt: number } | { state: 'refused' }

interface Waiting {
  message: Uint8Array<ArrayBuffer>
  sent: boolean
  repeatable: boolean
  settle: (result: Result<never>) => void
}

interface Watcher {
  connection: (connection: Connection) => void
  eventsLost: () => void
}

const shortestDelay = 250
const longestDelay = 10_000
/** Requests that only ask, or whose repetition does nothing: they may come again where the answer was lost. */
export const repeatable =
  /\.(describe|benchmark|estimate|list|openings|table|ids|values|show|newer|curves|snapshots|matrix|compute|explore|export|exportFormats|pdf|outlined|script|plan|planRound|cell|map|runs|runIds|differing)$|^computation\.|^liveMap\.(begin|hold|end)$|^figure\.(write|remove)$/

/**
 * Requests and events over one socket. When the socket drops it is opened anew with growing delays; events missed in
 * between are asked for by number, questions are asked again, commands that may have been carried out are not, and
 * neither is what the host did not take, which it would refuse each time.
 */
export class WebSocketTransport implements Transport {
  private readonly host: string
  private readonly watcher: Watcher
  private readonly waiting = new Map<number, Waiting>()
  private readonly listeners = new Map<HostEventName, Set<(data: never) => void>>()
  private socket: WebSocket | null = null
  private welcomed = false
  private nextId = 1
  private lastEvent: LastEvent | null = null
  /** What is wanted of which runs, which each new connection has to be told. */
  private watched: RequestInput<'run.watch'> = { runIds: [] }
  private attempt = 0

  constructor(host: string, watcher: Watcher) {
    this.host = host
    this.watcher = watcher
    this.open()
  }

  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Result<Responses[Name]>> {
    if (name === 'run.watch') this.watched = input as RequestInput<'run.watch'>
    return new Promise((settle) => {
      const id = this.nextId++
      try {
        const message = encodeRequest(id, name, input)
        this.waiting.set(id, { message, sent: false, repeatable: repeatable.test(name), settle })
      } catch (error) {
        return settle({ ok: false, error: toErrorRecord(error) })
      }
      if (this.welcomed) this.sendWaiting()
    })
  }

  on<Name extends HostEventName>(event: Name, listener: (data: HostEvents[Name]) => void): () => void {
    const listeners = this.listeners.get(event) ?? new Set()
    this.listeners.set(event, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  private open() {
    const socket = new WebSocket(this.host + socketPath)
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      const { runIds: watch, ...watched } = this.watched
      socket.send(encodeClientMessage({ resumeFrom: this.lastEvent, watch, ...watched }))
    }
    socket.onmessage = ({ data }) =>
      this.receive(decodeServerMessage(new Uint8Array(data as ArrayBuffer)) as ServerMessage)
    socket.onclose = ({ code }) => void this.closed(refusingCodes.includes(code))
    this.socket = socket
  }

  private receive(message: ServerMessage) {
    if ('id' in message) {
      this.settle(message.id, message.result)
    } else if ('event' in message) {
      if (this.lastEvent) this.lastEvent.sequence = message.sequence
      this.listeners.get(message.event)?.forEach((listener) => listener(message.data as never))
    } else {
      this.lastEvent = { host: message.host, sequence: message.sequence }
      this.welcomed = true
      this.attempt = 0
      this.sendWaiting()
      this.watcher.connection({ state: 'connected' })
      if (!message.complete) this.watcher.eventsLost()
    }
  }

  private sendWaiting() {
    for (const waiting of this.waiting.values()) {
      if (!waiting.sent) this.socket!.send(waiting.message)
      waiting.sent = true
    }
  }

  private async closed(isRefusal: boolean) {
    this.welcomed = false
    for (const [id, waiting] of this.waiting) {
      if (waiting.sent && (isRefusal || !waiting.repeatable)) {
        const what = isRefusal ? 'did not take a message, this one or one sent beside it' : 'went away'
        this.fail(id, `the host ${what}; whether it carried this out is not known`)
      }
      waiting.sent = false
    }
    if (await isRefused()) {
      const message = 'this page was not opened by the address that the laboratory printed'
      for (const id of this.waiting.keys()) this.fail(id, message, 'UNAUTHORIZED')
      return this.watcher.connection({ state: 'refused' })
    }
    const delay = Math.min(longestDelay, shortestDelay * 2 ** this.attempt++)
    this.watcher.connection({ state: 'lost', attempt: this.attempt })
    setTimeout(() => this.open(), delay)
  }

  private fail(id: number, message: string, code: ErrorRecord['code'] = 'INTERNAL') {
    this.settle(id, { ok: false, error: { code, message } })
  }

  private settle(id: number, result: Result<unknown>) {
    this.waiting.get(id)?.settle(result as Result<never>)
    this.waiting.delete(id)
  }
}

/** A socket that is turned away does not say why; a page does. */
async function isRefused(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).status === 401
  } catch {
    return false
  }
}
