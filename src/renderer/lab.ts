import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { HostEventName, HostEvents, RequestInput, RequestName, Responses } from '../shared/contract.ts'
import { LabError } from '../shared/errors.ts'
import type { Transport } from '../shared/transport.ts'
import { requireAcceptable } from '../shared/wire.ts'
import { WebSocketTransport, type Connection } from './transport/webSocketTransport.ts'
import { createWatchedRuns } from './watchedRuns.ts'

export const connection: ShallowRef<Connection> = shallowRef({ state: 'connected' })

/**
 * Grows when events may have been missed: whatever was built from events is to be read anew. No shallow ref: a watch of several
 * sources with one among them calls whenever any of them was computed anew, though all are as they were.
 */
export const generation: Ref<number> = ref(0)

/** Of what a run measures in a twentieth of a second, so many rows show everything that a chart can. */
const rowsAtOnce = 128

const transport: Transport = window.grokscope ?? connectToHost()

/** The runs that the page shows: of others the host tells nothing but that they were touched. */
export const watched = createWatchedRuns((runIds) => void transport.request('run.watch', { runIds, rows: rowsAtOnce }))

/** Asks the host; throws the `LabError` that the host answers with. */
export async function request<Name extends RequestName>(
  name: Name,
  input: RequestInput<Name>,
): Promise<Responses[Name]> {
  // Neither transport can send what is nested too deep, and the host would not say why it closed.
  requireAcceptable(name, input)
  // What is watched is told first, so that nothing is missed between an answer and the events after it.
  watched.send()
  const result = await transport.request(name, input)
  if (!result.ok) throw LabError.fromRecord(result.error)
  return result.data
}

/** Listens to what the host tells; returns the function that ends the listening. */
export function on<Name extends HostEventName>(event: Name, listener: (data: HostEvents[Name]) => void): () => void {
  return transport.on(event, listener)
}

function connectToHost(): Transport {
  const host = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`
  return new WebSocketTransport(host, {
    connection: (state) => (connection.value = state),
    eventsLost: () => generation.value++,
  })
}
