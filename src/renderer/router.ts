import { createRouter, createWebHashHistory } from 'vue-router'
import CompareView from './views/CompareView.vue'
import FiguresView from './views/FiguresView.vue'
import LiveMapView from './views/LiveMapView.vue'
import MachineView from './views/MachineView.vue'
import NewView from './views/NewView.vue'
import { papers } from '../shared/papers/papers.ts'
import PapersView from './views/PapersView.vue'
import PaperView from './views/PaperView.vue'
import RunView from './views/run/RunView.vue'
import RunsView from './views/RunsView.vue'
import SweepsView from './views/SweepsView.vue'
import SweepView from './views/SweepView.vue'

/**
 * Addresses live in the fragment, so that one page serves every host. A run's archive is the query `archive`.
 * All views come with the page: none can be missing once the host is gone.
 */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/papers' },
    { path: '/papers', name: 'papers', component: PapersView },
    { path: `/papers/:paper(${papers.map(({ id }) => id).join('|')})/:figure?`, name: 'paper', component: PaperView },
    // Addresses of the time when there was one paper.
    {
      path: '/paper/:figure?',
      redirect: ({ params: { figure } }) => ({ name: 'paper', params: { paper: 'musat2025', figure } }),
    },
    { path: '/new', name: 'new', component: NewView },
    { path: '/runs', name: 'runs', component: RunsView },
    { path: '/runs/:runId/:tab?', name: 'run', component: RunView },
    { path: '/sweeps', name: 'sweeps', component: SweepsView },
    { path: '/sweeps/live', name: 'liveMap', component: LiveMapView },
    { path: '/sweeps/:sweep', name: 'sweep', component: SweepView },
    { path: '/compare', name: 'compare', component: CompareView },
    { path: '/figures', name: 'figures', component: FiguresView },
    { path: '/machine', name: 'machine', component: MachineView },
    { path: '/:rest(.*)*', redirect: '/papers' },
  ],
})
