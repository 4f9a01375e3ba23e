import type { HostEventName, HostEvents, RequestInput, RequestName, Responses } from './contract.ts'
import type { Result } from './errors.ts'

/** How a renderer reaches its host: what the preload exposes as `window.grokscope`, and what a socket offers. */
export interface Transport {
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Result<Responses[Name]>>
  /** Returns the function that ends the listening. */
  on<Name extends HostEventName>(event: Name, listener: (data: HostEvents[Name]) => void): () => void
}
