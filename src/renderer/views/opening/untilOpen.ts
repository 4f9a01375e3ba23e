import { createApp, h, shallowRef, watch } from 'vue'
import type { ArchiveOpening } from '../../../shared/contract/archives.ts'
import { connection, generation, on, request } from '../../lab.ts'
import OpeningPage from './OpeningPage.vue'

/**
 * Shows at `place` what is done to one's own archive before it is open, and resolves once it is. Without an answer there is nothing
 * to wait for: the laboratory's page says that there is none.
 */
export async function untilOpen(place: string): Promise<void> {
  const opening = shallowRef<ArchiveOpening>()
  const opened = Promise.withResolvers<void>()
  const show = (openings: readonly ArchiveOpening[]) => {
    opening.value = openings.find(({ id }) => id === null)
    if (!opening.value) opened.resolve()
  }
  const ask = () =>
    request('archive.openings', {}).then(show, () => {
      if (!opening.value) opened.resolve()
    })
  const stopListening = on('archive.openings', show)
  const stopAsking = watch(generation, ask)
  const stopWaiting = watch(connection, () => {
    if (!opening.value && connection.value.state !== 'connected') opened.resolve()
  })
  await Promise.race([ask(), opened.promise])
  if (opening.value) {
    const page = createApp(() => opening.value && h(OpeningPage, { opening: opening.value }))
    page.mount(place)
    await opened.promise
    page.unmount()
  }
  ;[stopListening, stopAsking, stopWaiting].forEach((stop) => stop())
}
