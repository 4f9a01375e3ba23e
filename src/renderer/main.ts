import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/controls.css'
import './styles/overlays.css'
import './styles/charts.css'
import { createApp } from 'vue'
import App from './App.vue'
import { startTheme } from './composables/useTheme.ts'
import { router } from './router.ts'
import { untilOpen } from './views/opening/untilOpen.ts'

startTheme()
await untilOpen('#app')
createApp(App).use(router).mount('#app')
