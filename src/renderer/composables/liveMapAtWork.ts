import { shallowRef } from 'vue'

/** Whether the host computes a live map of this page. */
export const liveMapAtWork = shallowRef(false)
