/** Entry point of the page: connects to the host and mounts the app. */
import './lab/jitless'
import '@fontsource-variable/inter/wght.css'
import './theme/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createWords } from './i18n/words'
import { hostKey } from './lab/client'
import { connect } from './lab/connect'

const app = createApp(App)
app.provide(hostKey, connect())
app.use(createPinia())
app.use(createWords())
app.mount('#app')
