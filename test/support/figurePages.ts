import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'
import { createFigureHandlers } from '../../src/main/services/figureHandlers.ts'
import { listFigures } from '../../src/main/services/listFigures.ts'
import { requestOf } from '../../src/main/services/requestOf.ts'
import { openArchive, type Archive } from '../../src/main/store/archive.ts'
import type { HostEventName, HostRequest, RequestName } from '../../src/shared/contract.ts'
import type { Composition } from '../../src/shared/figures/composition.ts'
import { fakeStorage } from './fakeStorage.ts'
import { temporaryFolder } from './folders.ts'

const renderer = join(import.meta.dirname, '../../src/renderer')

/** Pages of one browser, and their host so far as it keeps figures; each test has an archive of its own. */
export function figurePages() {
  const listeners = new Set<(name: HostEventName, data: unknown) => void>()
  let host: HostRequest
  const pages = {
    archive: undefined as unknown as Archive,
    kept: () => listFigures(pages.archive.figures).figures,
    /** Of all pages, in order. */
    asked: [] as RequestName[],
    /** What befalls a request before the host has it. */
    onTheWay: (_: RequestName): Promise<void> | void => undefined,
    ask: undefined as unknown as HostRequest,
    open,
    serve,
    /** As the host tells all pages. */
    tell: (name: HostEventName, data: unknown) => listeners.forEach((listener) => listener(name, data)),
    /** No page is told anything any more. */
    endAll: () => listeners.clear(),
  }

  beforeEach(() => {
    serve()
    pages.ask = async (name, input) => {
      pages.asked.push(name)
      await pages.onTheWay(name)
      return host(name, input)
    }
    pages.asked.length = 0
    pages.onTheWay = () => undefined
    vi.stubGlobal('localStorage', fakeStorage())
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    listeners.clear()
    pages.archive.close()
  })

  /** Another archive, or one again, from now on; answers with its path. */
  function serve(path = join(temporaryFolder(), 'own.grokscope')): string {
    ;(pages.archive as Archive | undefined)?.close()
    pages.archive = openArchive(path)
    host = requestOf(
      createFigureHandlers({
        archive: pages.archive,
        broadcast: pages.tell,
        request: () => Promise.reject(new Error('no picture is asked for')),
      }),
    )
    return path
  }

  /** One that has read the figures; modules of it that are imported then are its own. */
  async function open({ readOnly = false } = {}) {
    vi.resetModules()
    let leave: () => void = () => undefined
    vi.stubGlobal('addEventListener', (_: string, act: () => void) => (leave = act))
    const { ref } = await import('vue')
    const { LabError } = await import('../../src/shared/errors.ts')
    const request = (name: RequestName, input: never) =>
      pages.ask(name, input).catch((error: InstanceType<typeof LabError>) => {
        throw LabError.fromRecord(error)
      })
    const generation = ref(0)
    vi.doMock(join(renderer, 'lab.ts'), () => ({
      generation,
      request,
      on(event: HostEventName, listen: (data: never) => void) {
        const listener = (name: HostEventName, data: unknown) => void (name === event && listen(data as never))
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }))
    const { isOwnReadOnly } = await import('../../src/renderer/composables/isOffered.ts')
    const { useToasts } = await import('../../src/renderer/composables/useToasts.ts')
    const page = await import('../../src/renderer/pictures/keptFigures.ts')
    const { toasts } = useToasts(() => true)
    isOwnReadOnly.value = readOnly
    page.followFigures()
    await page.figuresRead
    return {
      ...page,
      leave,
      reconnect: () => generation.value++,
      toasts: () => toasts.value.map(({ text }) => text),
      names: () => page.readFigures().map(({ name }: Composition) => name),
    }
  }
  return pages
}

/** All that pages do by themselves, which may take them several turns. */
export const passTime = () => vi.advanceTimersByTimeAsync(60_000)
