import type { Transport } from '../shared/transport.ts'

declare global {
  interface Window {
    /** Put there by the preload; absent in a browser. */
    grokscope?: Transport
  }
}
