import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import { expect, it, vi } from 'vitest'
import { createGate } from '../../../src/main/web/gate.ts'

vi.mock('node:os', async (original) => ({ ...(await original<typeof import('node:os')>()), hostname: vi.fn() }))

it('lets a browser in to the hosts of several ports and, through tunnels, of several machines at once', () => {
  const gates = ['here', 'there'].flatMap((machine) => {
    vi.mocked(hostname).mockReturnValue(machine)
    return [4747, 4748].map(createGate)
  })
  const jar = new Map(gates.map((gate) => gate.cookie.split('=') as [string, string]))
  const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
  expect(gates.map((gate) => gate.hasCookie({ headers: { cookie } } as IncomingMessage))).toEqual(gates.map(() => true))
})
