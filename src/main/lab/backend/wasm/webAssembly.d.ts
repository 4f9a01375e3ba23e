/* The part of the WebAssembly interface that the lab uses; TypeScript declares it only together with the DOM. */
declare namespace WebAssembly {
  class Module {
    private readonly module: never
  }
  interface Instance {
    readonly exports: Record<string, unknown>
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean })
    readonly buffer: ArrayBufferLike
    /** Throws a RangeError where the pages cannot be had; returns the former number of pages. */
    grow(pages: number): number
  }
  function compile(bytes: Uint8Array): Promise<Module>
  function instantiate(module: Module, imports: Record<string, Record<string, unknown>>): Promise<Instance>
}
