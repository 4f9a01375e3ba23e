import { createRouter, createWebHashHistory } from 'vue-router'

/** Addresses live in the fragment, so that one page serves every host. A run's archive is the query `archive`. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/paper' },
    { path: '/paper/:figure?', name: 'paper', component: () => import('./views/PaperView.vue') },
    { path: '/new', name: 'new', component: () => import('./views/NewView.vue') },
    { path: '/runs', name: 'runs', component: () => import('./views/RunsView.vue') },
    { path: '/runs/:runId/:tab?', name: 'run', component: () => import('./views/run/RunView.vue') },
    { path: '/compare', name: 'compare', component: () => import('./views/CompareView.vue') },
    { path: '/figures', name: 'figures', component: () => import('./views/FiguresView.vue') },
    { path: '/machine', name: 'machine', component: () => import('./views/MachineView.vue') },
    { path: '/:rest(.*)*', redirect: '/paper' },
  ],
})
