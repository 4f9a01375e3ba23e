import { WebSocket } from 'ws'
import type { RequestName, Responses } from '../../src/shared/contract.ts'
import type { Result } from '../../src/shared/errors.ts'
import { decodeServerMessage, encodeClientMessage, socketPath, type ClientMessage } from '../../src/shared/wire.ts'
import { addressLine } from '../support/browserHost.ts'
import { startProgram, untilProgram, type RunningProgram } from './program.ts'

/** `grokscope serve` with a browser's connection to it. */
export interface Host {
  readonly program: RunningProgram
  /** Sends bytes as they are, and waits until the host has come to what was sent after them, or has closed on them. */
  send(bytes: Uint8Array): Promise<void>
  /** Everything that was answered since the last call. */
  answers(): Result<unknown>[]
  /** The answer to a well-meant request on a connection of its own; `undefined` where none comes in time. */
  ask<Name extends RequestName>(name: Name, input: unknown): Promise<Result<Responses[Name]> | undefined>
  kill(signal?: NodeJS.Signals): Promise<void>
}

const answerSeconds = 15
/** Of the request that follows each message; no message has this number of its own. */
const followerId = 2 ** 40

export async function startHost(home: string, archive: string, ...options: string[]): Promise<Host> {
  const program = startProgram(home, 'serve', '--archive', archive, ...options)
  const address = () => addressLine.exec(program.stdout())?.[0]
  await untilProgram(program, () => address() !== undefined)
  const found = address()
  if (found === undefined) throw new Error(`the host did not start: ${program.stderr()}`)
  const page = await fetch(found, { redirect: 'manual' })
  const { host, origin } = new URL(found)
  const cookie = page.headers.get('set-cookie')!.split(';', 1)[0]!
  const connect = () => openSocket(`ws://${host}${socketPath}`, { cookie, origin })

  let answered: Result<unknown>[] = []
  let socket: WebSocket | undefined
  let whenFollowed = () => {}

  async function openConnection(): Promise<WebSocket> {
    if (socket?.readyState === WebSocket.OPEN) return socket
    const opened = await connect()
    opened.on('message', (bytes: Buffer) => {
      const message = decodeServerMessage(bytes) as { id?: number; result?: Result<unknown> }
      if (message.id === followerId) whenFollowed()
      else if (message.result) answered.push(message.result)
    })
    opened.send(encodeClientMessage({ resumeFrom: null }))
    return (socket = opened)
  }

  return {
    program,
    async send(bytes) {
      const connection = await openConnection()
      const { promise, resolve } = Promise.withResolvers<void>()
      const impatience = setTimeout(resolve, 1000 * answerSeconds)
      connection.once('close', () => resolve())
      whenFollowed = resolve
      connection.send(bytes)
      connection.send(encodeClientMessage({ id: followerId, name: 'archive.list', input: {} }))
      await promise
      clearTimeout(impatience)
    },
    answers() {
      const all = answered
      answered = []
      return all
    },
    async ask(name, input) {
      const own = await connect().catch(() => undefined)
      if (!own) return undefined
      const { promise, resolve } = Promise.withResolvers<Result<never> | undefined>()
      const impatience = setTimeout(() => resolve(undefined), 1000 * answerSeconds)
      own.on('message', (bytes: Buffer) => {
        const message = decodeServerMessage(bytes) as { result?: Result<never> }
        if (message.result) resolve(message.result)
      })
      own.on('close', () => resolve(undefined))
      own.send(encodeClientMessage({ id: 1, name, input } as ClientMessage))
      const result = await promise
      clearTimeout(impatience)
      own.terminate()
      return result
    },
    async kill(signal = 'SIGKILL') {
      socket?.terminate()
      program.child.kill(signal)
      await program.outcome
    },
  }
}

function openSocket(url: string, headers: Record<string, string>): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, handshakeTimeout: 1000 * answerSeconds })
  socket.binaryType = 'nodebuffer'
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('open', () => resolve(socket))
  })
}
