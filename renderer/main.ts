import '@fontsource-variable/inter'
import './theme/fonts.css'
import './theme/tokens.css'
import './theme/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { config as configureZod } from 'zod'
import App from './App.vue'

// The window's Content-Security-Policy forbids compiling validators from strings.
configureZod({ jitless: true })

createApp(App).use(createPinia()).mount('#lab')
